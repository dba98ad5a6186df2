extension EvaluationReport {
    /// For a terminal: the results alone.
    package var plainText: String { ReportTables.resultTable(self).plain }

    /// All but plots and answers.
    package var markdown: String {
        var parts = ["# \(ForeignText.markdown(title))\n", ReportTables.resultTable(self).markdown]
        if !domains.rows.isEmpty {
            parts += ["## Domains\n", ReportTables.domainTable(domains, labels).markdown]
        }
        for suite in suites { parts += Self.markdown(suite) }
        return parts.joined(separator: "\n")
    }

    private static func markdown(_ suite: SuiteReport) -> [String] {
        var parts: [String] = []
        if let ranking = suite.ranking {
            parts.append(ranking.markdown)
        } else {
            parts.append("## \(ForeignText.markdown(suite.suite))\n")
            if let refusal = suite.refusal { parts.append("Not compared: \(ForeignText.markdown(refusal))\n") }
        }
        var table = TextTable(["task"] + suite.runs.map(\.figures.label))
        for row in suite.tasks {
            table.rows.append(
                [row.task]
                    + suite.runs.map { run in row.rates[run.figures.label].map { TaskDetails.sign($0).sign } ?? "–" })
        }
        parts += ["### Tasks\n", table.markdown, "### What was asked\n"]
        for prompt in PromptSection.of(suite.runs) {
            parts.append(
                prompt.facts.map { "- \($0.name): \(ForeignText.markdown($0.value))\n" }.joined())
            parts += prompt.words.map { "\($0.heading):\n\n\(ForeignText.fenced($0.text))\n" }
        }
        return parts
    }
}
