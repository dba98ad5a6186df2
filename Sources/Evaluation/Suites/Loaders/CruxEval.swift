/// 800 Python functions of which a model says what they return, or what they were given.
/// - SeeAlso: Gu et al. 2024, "CRUXEval", arXiv:2401.03065.
package struct CruxEval: Sendable {
    /// What a model has to say.
    package enum Side: String, Hashable, Sendable {
        case input, output
    }

    /// A function, called once.
    package struct Problem: Hashable, Sendable {
        /// `sample_0`
        package var id: String
        /// Defines `f`.
        package var code: String
        /// The arguments, as between the parentheses of a call.
        package var input: String
        /// A literal.
        package var output: String
    }

    /// In the order of the data set.
    package let problems: [Problem]

    /// - Parameter lines: the data set's JSON Lines.
    package init(lines: [UInt8]) throws(SuiteError) {
        var problems: [Problem] = []
        for row in try SuiteLines(lines).rows {
            problems.append(
                Problem(
                    id: try row.text("id"), code: try row.text("code"), input: try row.text("input"),
                    output: try row.text("output")))
        }
        self.problems = problems
    }
}

extension CruxEval.Problem {
    /// What is checked when a model has answered. What it says is evaluated where `f` is not, so that nobody passes by
    /// calling it.
    /// - Parameter answer: a literal, or a call of `f` or its arguments; or an assertion that has it.
    package func check(_ answer: String, _ side: CruxEval.Side) -> FunctionGrader.Check {
        var answer = answer.split(separator: "\n").first { $0.contains { !$0.isWhitespace } }.map { $0[...] } ?? ""
        let isAssertion = answer.hasPrefix("assert ")
        if isAssertion { answer = answer.dropFirst("assert ".count) }
        switch side {
        case .output:
            if isAssertion, answer.hasPrefix(call) { answer = answer.dropFirst(call.count) }
            let value = answer.drop { $0 == " " }
            if isAssertion, value.hasPrefix("==") { answer = value.dropFirst(2) }
            return FunctionGrader.Check(
                code: "def answer():\n    return (\(answer))\n", entry: "answer",
                test: "def check(candidate):\n    assert candidate() == \(output)\n")
        case .input:
            if isAssertion, let end = answer.ranges(of: ") ==").first { answer = answer[..<end.lowerBound] + ")" }
            let call = answer.drop { $0 == " " }.hasPrefix("f(") ? String(answer) : "f(\(answer))"
            return FunctionGrader.Check(
                code: "def answer():\n    f = lambda *a, **k: (a, k)\n    return \(call)\n", entry: "answer",
                setup: code,
                test: """
                    def check(candidate):
                        arguments, names = candidate()
                        assert f(*arguments, **names) == \(output)
                    """)
        }
    }

    fileprivate var call: String { "f(\(input))" }

    /// What a model is shown.
    fileprivate func question(_ side: CruxEval.Side) -> String {
        let assertion =
            switch side {
            case .output: "assert \(call) == …"
            case .input: "assert f(??) == \(output)"
            }
        return "```python\n\(code)\n\n\(assertion)\n```"
    }
}

extension CruxEval {
    /// What models are asked.
    package static func prompt(_ side: Side) -> SuitePrompt {
        switch side {
        case .input: SuitePrompt(file: PackageResources.cruxeval_input_prompt_json)
        case .output: SuitePrompt(file: PackageResources.cruxeval_output_prompt_json)
        }
    }

    /// All problems as tasks, in their order.
    package func tasks(_ side: Side, _ grader: FunctionGrader, prefilled: Bool = true) -> [SuiteTask] {
        let prompt = Self.prompt(side)
        return problems.map { problem in
            SuiteTask(
                id: "\(problem.id)/\(side.rawValue)", domain: "Python \(side.rawValue)s",
                request: prompt.request(problem.question(side), call: problem.call, prefilled: prefilled),
                stops: prefilled ? prompt.stops : [], maxTokens: 256,
                grade: { answer in
                    var code = AnswerCode.code(in: answer, continued: prefilled)
                    // A call needs its name back, unless the model began once more.
                    if side == .input, prefilled, !code.contains("assert ") { code = "assert f" + code }
                    return try await grader.verdict(problem.check(code, side))
                })
        }
    }
}
