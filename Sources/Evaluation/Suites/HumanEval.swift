internal import JSON

/// 164 Python functions to be written from their documentation.
/// - SeeAlso: Chen et al. 2021, "Evaluating large language models trained on code", arXiv:2107.03374.
package struct HumanEval: Sendable {
    /// A function to be written.
    package struct Problem: Hashable, Sendable {
        /// `HumanEval/0`
        package var id: String
        /// Imports, helpers, and the function's head and documentation.
        package var prompt: String
        package var entry: String
        /// The body that the data set has as right.
        package var solution: String
        package var test: String
    }

    /// In the order of the data set.
    package let problems: [Problem]

    /// - Parameter lines: the data set's JSON Lines.
    package init(lines: [UInt8]) throws(SuiteError) {
        var problems: [Problem] = []
        for (index, line) in lines.split(separator: UInt8(ascii: "\n")).enumerated() {
            guard let object = (try? JSONValue(parsing: Array(line)))?.object else {
                throw .notJSON(line: index + 1)
            }
            func field(_ name: String) throws(SuiteError) -> String {
                guard let text = object[name]?.string else { throw .missing(field: name, line: index + 1) }
                return text
            }
            problems.append(
                Problem(
                    id: try field("task_id"), prompt: try field("prompt"), entry: try field("entry_point"),
                    solution: try field("canonical_solution"), test: try field("test")))
        }
        guard !problems.isEmpty else { throw .empty }
        self.problems = problems
    }
}

extension HumanEval.Problem {
    /// What is checked when a model has answered.
    /// - Parameter completion: the function as a whole, or its body as the prompt goes on.
    package func check(_ completion: String) -> FunctionGrader.Check {
        // The prompt alone is a function without a body but its documentation, which a whole one then replaces.
        let definesEntry = completion.split(separator: "\n").contains { line in
            line.hasPrefix("def \(entry)(") || line.hasPrefix("async def \(entry)(")
        }
        let code = definesEntry ? prompt + "\n\n" + completion : prompt + completion
        return FunctionGrader.Check(code: code + "\n", entry: entry, setup: prompt + solution, test: test)
    }
}

extension HumanEval {
    /// What models are asked.
    package static let prompt = SuitePrompt(file: PackageResources.humaneval_prompt_json)

    /// All problems as tasks, in their order.
    package func tasks(_ grader: FunctionGrader) -> [SuiteTask] {
        problems.map { problem in
            SuiteTask(
                id: problem.id, domain: "Python functions",
                request: .chat(Self.prompt.messages(problem.prompt), continuesAnswer: !Self.prompt.answerBegins.isEmpty),
                stops: Self.prompt.stops,
                grade: { completion in
                    try await grader.verdict(problem.check(completion))
                })
        }
    }
}
