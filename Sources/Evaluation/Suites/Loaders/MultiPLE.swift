/// HumanEval and MBPP in other languages.
/// - SeeAlso: Cassano et al. 2022, "MultiPL-E", arXiv:2208.08227.
package struct MultiPLE: Sendable {
    /// A function to be written.
    package struct Problem: Hashable, Sendable {
        /// `HumanEval_0_has_close_elements`
        package var id: String
        package var language: String
        /// Documentation and head of the function, and what stands before it.
        package var prompt: String
        /// What follows the function.
        package var tests: String
        /// Texts that end the function.
        package var stops: [String]
    }

    /// In the order of the data set.
    package let problems: [Problem]

    /// - Parameters:
    ///   - lines: the data set as JSON Lines or one JSON array.
    ///   - language: as MultiPL-E calls it; tasks of another are an error.
    package init(lines: [UInt8], language: String) throws(SuiteError) {
        var problems: [Problem] = []
        for row in try SuiteLines(lines).rows {
            let found = try row.text("language")
            // Go's tests call themselves so.
            guard found == language || found == "\(language)_test.go" else {
                throw .otherLanguage(found, expected: language, line: row.number)
            }
            problems.append(
                Problem(
                    id: try row.text("name"), language: language, prompt: try row.text("prompt"),
                    tests: try row.text("tests"), stops: row.texts("stop_tokens")))
        }
        self.problems = problems
    }
}

extension MultiPLE.Problem {
    /// The program that is checked when a model has answered, without its tests.
    /// - Parameter answer: the rest of the function, or all of it.
    package func code(_ answer: String, isRest: Bool) -> String {
        let lines = prompt.split(separator: "\n")
        guard !isRest, let head = lines.last.map(String.init),
            answer.contains(String(head.prefix { $0 != "(" }) + "(")
        else { return prompt + answer }
        // The function as a whole; what the prompt imports, it may leave out.
        let imports = lines.filter { line in
            ["import ", "use ", "#include", "package ", "using ", "<?php", "const assert", "require"].contains {
                line.hasPrefix($0)
            } && !answer.contains(line)
        }
        var whole = imports.joined(separator: "\n") + "\n" + answer
        // The tests begin with what closes the function where a model is stopped before it.
        if stops.contains("\n}"), tests.drop(while: \.isWhitespace).hasPrefix("}"),
            let close = whole.lastIndex(of: "}")
        {
            whole.removeSubrange(close...)
        }
        return whole
    }
}

extension MultiPLE {
    /// What models are asked.
    package static let prompt = SuitePrompt(file: PackageResources.multipl_e_prompt_json)

    /// All problems as tasks, in their order.
    package func tasks(_ grader: ProgramGrader, prefilled: Bool = true) -> [SuiteTask] {
        problems.map { problem in
            SuiteTask(
                id: problem.id, domain: ProgramLanguage.named(problem.language)?.title ?? problem.language,
                request: Self.prompt.request(problem.prompt, prefilled: prefilled),
                stops: prefilled ? Self.prompt.stops + problem.stops : [],
                grade: { answer in
                    let code = AnswerCode.code(in: answer, continued: prefilled)
                    return try await grader.verdict(problem.code(code, isRest: prefilled), tests: problem.tests)
                })
        }
    }
}
