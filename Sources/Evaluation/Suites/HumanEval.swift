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

/// What is wrong with a data set.
package enum SuiteError: Error, Hashable, CustomStringConvertible {
    case notJSON(line: Int)
    case missing(field: String, line: Int)
    case empty

    package var description: String {
        switch self {
        case .notJSON(let line):
            "line \(line) of the data set is no JSON object. Is it a file of JSON Lines, decompressed?"
        case .missing(let field, let line):
            "line \(line) of the data set has no text '\(field)'. Is it the data set of another suite?"
        case .empty: "the data set has no tasks."
        }
    }
}
