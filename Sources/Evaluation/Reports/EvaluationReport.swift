package import Statistics

/// What runs of models in suites say together: a page, Markdown and JSON.
package struct EvaluationReport: Sendable, Encodable {
    package var title: String
    /// In the order in which runs of them came.
    package var suites: [SuiteReport]
    package var domains: DomainRates

    /// - Parameter prices: by names of models.
    package init(
        _ runs: [EvaluationRun], title: String = "Evaluation report", prices: [String: TokenPrice] = [:],
        bootstrap: Bootstrap = Bootstrap()
    ) {
        self.title = title
        var names: [String] = []
        for run in runs where !names.contains(run.description.suite) { names.append(run.description.suite) }
        suites = names.map { name in
            SuiteReport(
                name, runs.filter { $0.description.suite == name }, prices: prices, bootstrap: bootstrap)
        }
        domains = DomainRates(suites)
    }

    /// What stands for runs in all suites, in the order in which they came; a run has its color by its place here.
    var labels: [String] {
        var labels: [String] = []
        for run in suites.flatMap(\.runs) where !labels.contains(run.figures.label) { labels.append(run.figures.label) }
        return labels
    }

    /// In one line.
    package var json: String { JSONLine.text(self) }
}
