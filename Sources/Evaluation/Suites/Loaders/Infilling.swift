internal import Chat

/// HumanEval's solutions with a hole: one line, several lines, or a span of characters.
/// - SeeAlso: Bavarian et al. 2022, "Efficient training of language models to fill in the middle", arXiv:2207.14255.
package struct Infilling: Sendable {
    /// A hole.
    package struct Problem: Hashable, Sendable {
        /// `SingleLineInfilling/HumanEval/0/L0`
        package var id: String
        package var prefix: String
        package var suffix: String
        package var entry: String
        /// What was there.
        package var solution: String
        package var test: String
    }

    /// In the order of the data set.
    package let problems: [Problem]

    /// - Parameter lines: the data set's JSON Lines.
    package init(lines: [UInt8]) throws(SuiteError) {
        var problems: [Problem] = []
        for row in try SuiteLines(lines).rows {
            problems.append(
                Problem(
                    id: try row.text("task_id"), prefix: try row.text("prompt"), suffix: try row.text("suffix"),
                    entry: try row.text("entry_point"), solution: try row.text("canonical_solution"),
                    test: try row.text("test")))
        }
        self.problems = problems
    }
}

extension Infilling.Problem {
    /// What is checked when a model has filled the hole.
    package func check(_ middle: String) -> FunctionGrader.Check {
        // The line's own end is what stopped the model.
        let end = isSingleLine && !suffix.hasPrefix("\n") ? "\n" : ""
        return FunctionGrader.Check(
            code: prefix + middle + end + suffix + "\n", entry: entry, setup: prefix + solution + suffix, test: test)
    }

    /// `SingleLineInfilling`
    var kind: String { String(id.prefix { $0 != "/" }) }

    private var isSingleLine: Bool { kind == "SingleLineInfilling" }

    /// Where one line is missing, the first line end is the end of it.
    var stops: [String] { isSingleLine ? ["\n"] : [] }
}

extension Infilling {
    /// All problems as tasks, in their order.
    package func tasks(_ grader: FunctionGrader) -> [SuiteTask] {
        problems.map { problem in
            SuiteTask(
                id: problem.id, domain: problem.kind,
                request: .infill(TextPrompt(problem.prefix, suffix: problem.suffix)), stops: problem.stops,
                maxTokens: 256, grade: { answer in try await grader.verdict(problem.check(answer)) })
        }
    }
}
