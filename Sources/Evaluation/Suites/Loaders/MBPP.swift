internal import JSON

/// Short Python functions to be written from a sentence and an example: 974 of them, in MBPP+ 378 with more tests.
/// - SeeAlso: Austin et al. 2021, "Program synthesis with large language models", arXiv:2108.07732.
package struct MBPP: Sendable {
    /// A function to be written.
    package struct Problem: Hashable, Sendable {
        /// `MBPP/2`
        package var id: String
        /// What the function does.
        package var text: String
        package var entry: String
        /// Code that the data set has as right.
        package var solution: String
        /// Assertions; the first is shown.
        package var assertions: [String]
        package var setup: String
        /// All of MBPP+'s tests; nil in the data set that has the assertions only.
        package var test: String?
    }

    /// In the order of the data set.
    package let problems: [Problem]

    /// - Parameters:
    ///   - lines: the data set's JSON Lines, of either form.
    ///   - plus: takes the tests of MBPP+.
    package init(lines: [UInt8], plus: Bool) throws(SuiteError) {
        var problems: [Problem] = []
        for row in try SuiteLines(lines).rows {
            let assertions = row.texts("test_list")
            guard let first = assertions.first, let entry = Self.entry(of: first) else {
                throw .missing(field: "test_list", line: row.number)
            }
            let imports = row.texts("test_imports") + [row.object["test_setup_code"]?.string ?? ""]
            problems.append(
                Problem(
                    id: "MBPP/\(try row.identifier("task_id"))", text: try row.text(["text", "prompt"]), entry: entry,
                    solution: try row.text("code"), assertions: assertions, setup: imports.joined(separator: "\n"),
                    test: plus ? try row.text("test") : nil))
        }
        self.problems = problems
    }

    /// Of `assert set(f(1)) == g(2)` the `f`: the first name that is called and is no builtin.
    static func entry(of assertion: String) -> String? {
        let builtins: Set = [
            "abs", "all", "any", "bool", "dict", "float", "int", "isclose", "len", "list", "max", "min", "not", "round",
            "set", "sorted", "str", "sum", "tuple", "type", "assert",
        ]
        var name = ""
        for character in assertion {
            if character.isLetter || character.isNumber || character == "_" {
                name.append(character)
            } else {
                if character == "(", !name.isEmpty, !builtins.contains(name) { return name }
                name = ""
            }
        }
        return nil
    }
}

extension MBPP.Problem {
    /// What is checked when a model has answered with code.
    package func check(_ code: String) -> FunctionGrader.Check {
        // The tests call the function by its name.
        let tests = JSONValue.string(test ?? assertions.joined(separator: "\n")).text
        let run = """
            def check(candidate):
                scope = {"__name__": "test", "\(entry)": candidate}
                exec(\(JSONValue.string(setup).text), scope)
                exec(\(tests), scope)
            """
        return FunctionGrader.Check(code: setup + "\n" + code + "\n", entry: entry, test: run)
    }
}

extension MBPP {
    /// What models are asked.
    package static let prompt = SuitePrompt(file: PackageResources.mbpp_prompt_json)

    /// All problems as tasks, in their order.
    package func tasks(_ grader: FunctionGrader, prefilled: Bool = true) -> [SuiteTask] {
        problems.map { problem in
            SuiteTask(
                id: problem.id, domain: "Python functions",
                request: Self.prompt.request(
                    "\(problem.text)\nIt has to pass this test:\n\(problem.assertions[0])", prefilled: prefilled),
                stops: prefilled ? Self.prompt.stops : [],
                grade: { answer in
                    try await grader.verdict(problem.check(AnswerCode.code(in: answer, continued: prefilled)))
                })
        }
    }
}
