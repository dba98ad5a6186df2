internal import Statistics

extension RunComparison {
    /// In one line.
    package var json: String { JSONLine.text(self) }

    /// For a terminal.
    package var plainText: String {
        let flips = [(first, passedOnlyFirst), (second, passedOnlySecond)]
        return ForeignText.line(headline) + "\n\n" + figures.plain + "\n"
            + sentences.map { ForeignText.line($0) + "\n" }.joined()
            + flips.filter { !$0.1.isEmpty }.map { figures, tasks in
                "\nPassed by \(ForeignText.line(figures.label)) only:\n" + Self.wrapped(tasks)
            }.joined()
    }

    /// For a document.
    package var markdown: String {
        let flips = [(first, passedOnlyFirst), (second, passedOnlySecond)]
        return "## " + ForeignText.markdown(headline) + "\n\n" + figures.markdown + "\n"
            + sentences.map { ForeignText.markdown($0) + "\n" }.joined(separator: "\n")
            + flips.filter { !$0.1.isEmpty }.map { figures, tasks in
                """

                Passed by \(ForeignText.markdown(figures.label)) only: \
                \(tasks.map(ForeignText.markdown).joined(separator: ", "))

                """
            }.joined()
    }

    private var headline: String { "\(suite): \(first.label) and \(second.label) in \(Figure.count(tasks, "task"))" }

    private var figures: TextTable {
        var table = TextTable(
            ["model"],
            numbers: [
                "passed", "pass@1", "95 %", "seconds", "tokens", "s/solved", "tokens/solved", "cost", "cost/solved",
            ])
        table.rows = [first, second].map { run in
            [
                run.label, "\(run.passed)/\(run.samples)", Figure.percent(run.rate), Figure.percent(run.interval),
                Figure.short(run.seconds), String(run.tokens), Figure.short(run.secondsPerSolved),
                Figure.short(run.tokensPerSolved), Figure.short(run.cost), Figure.short(run.costPerSolved),
            ]
        }
        return table.withoutEmptyColumns()
    }

    private var sentences: [String] {
        var sentences = [
            """
            \(second.label) less \(first.label): \(Figure.points(difference)) points \
            (95 %: \(Figure.points(interval)), of tasks drawn again).
            """,
            """
            Of first samples, \(passedOnlyFirst.count) passed with \(first.label) only, \(passedOnlySecond.count) with \
            \(second.label) only; McNemar's exact p \(Self.relation(probability)).
            """,
        ]
        let left = [(first, tasksOnlyInFirst), (second, tasksOnlyInSecond)].filter { $0.1 > 0 }
        if !left.isEmpty {
            sentences.append(
                "Left out: "
                    + left.map { "\(Figure.count($0.1, "task")) that only \($0.0.label) has" }
                    .joined(separator: ", ") + ".")
        }
        if dataDiffers {
            sentences.append("The runs were of different files of the data set: a task may not be the same in both.")
        }
        return sentences
    }

    private static func relation(_ probability: Double) -> String {
        let text = Figure.probability(probability)
        return text.hasPrefix("<") ? text : "= " + text
    }

    /// In lines of at most 100 columns, where a name is not longer.
    private static func wrapped(_ names: [String]) -> String {
        var lines: [String] = []
        for name in names.map(ForeignText.line) {
            if let last = lines.last, last.count + 1 + name.count <= 100 {
                lines[lines.count - 1] = last + " " + name
            } else {
                lines.append("  " + name)
            }
        }
        return lines.map { $0 + "\n" }.joined()
    }
}
