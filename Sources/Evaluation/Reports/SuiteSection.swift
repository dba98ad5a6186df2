/// The part of a page that one suite has.
struct SuiteSection {
    private let suite: SuiteReport
    private let number: Int
    private let series: [String: Int]

    /// - Parameter labels: of runs in all suites; a run has its color by its place.
    init(_ suite: SuiteReport, _ number: Int, _ labels: [String]) {
        self.suite = suite
        self.number = number
        series = Dictionary(labels.enumerated().map { ($1, $0) }, uniquingKeysWith: { first, _ in first })
    }

    static func anchor(_ number: Int) -> String { "suite-\(number + 1)" }

    var markup: Markup {
        .tag(
            "section", ["id": Self.anchor(number)], .tag("h2", [:], Markup(suite.suite)),
            .tag("div", ["class": "plots"], plots), comparison, tasks, prompts)
    }

    private var plots: [Markup] {
        func points(_ cost: (RunReport) -> Double?) -> [ScatterPlot.Point] {
            suite.runs.compactMap { run in
                cost(run).map {
                    ScatterPlot.Point(
                        label: run.figures.label, series: series[run.figures.label] ?? 0, cost: $0,
                        value: run.figures.rate, interval: run.figures.interval)
                }
            }
        }
        var plots = [
            Self.figure(
                "pass@1",
                IntervalPlot(
                    suite: suite.suite,
                    rows: suite.runs.map { run in
                        IntervalPlot.Row(
                            label: run.figures.label, series: series[run.figures.label] ?? 0, value: run.figures.rate,
                            interval: run.figures.interval)
                    }
                ).svg, "Samples of tasks that passed; the line is where the rate lies in 95 of 100 cases.")
        ]
        let frontier = "Nothing beats what is on the line in both respects."
        let timed = points(\.secondsPerTask)
        if timed.contains(where: { $0.cost > 0 }) {
            plots.append(
                Self.figure(
                    "Capability and speed",
                    ScatterPlot(suite: suite.suite, cost: "seconds per task", points: timed).svg, frontier))
        }
        // A thousand: prices of single tasks are numbers with many zeros.
        let priced = points { run in run.costPerTask.map { $0 * 1000 } }
        if !priced.isEmpty {
            plots.append(
                Self.figure(
                    "Capability and cost",
                    ScatterPlot(suite: suite.suite, cost: "cost per 1000 tasks", points: priced).svg, frontier))
        }
        return plots
    }

    private static func figure(_ heading: String, _ svg: Markup, _ caption: String) -> Markup {
        .tag("figure", [:], .tag("h3", [:], Markup(heading)), svg, .tag("figcaption", [:], Markup(caption)))
    }

    private var comparison: Markup {
        if let refusal = suite.refusal {
            return .tag("p", ["class": "note"], Markup("Not compared: \(refusal)"))
        }
        guard let ranking = suite.ranking else { return .nothing }
        return .joined([
            .tag("h3", [:], "Ranking"), ReportTables.table(ranking.standings, "Ranking of \(suite.suite)"),
            .tag(
                "p", ["class": "note"],
                """
                Strengths are logits of mean 0 by Bradley and Terry's model, from tasks that one run did and another \
                did not; tasks are drawn again for the intervals. \(ranking.sharedTasks) of \
                \(Figure.count(ranking.tasks, "task")) are in all runs.
                """),
            .tag("h3", [:], "Pairs"), ReportTables.table(ranking.pairTable, "Pairs of runs of \(suite.suite)"),
            .tag(
                "p", ["class": "note"],
                """
                Points that the second has more than the first, in tasks that both have; tasks that only one of them \
                passed; p by McNemar's exact test, alone and corrected for the number of pairs (Holm).
                """),
        ])
    }

    private var tasks: Markup {
        .joined(
            [.tag("h3", [:], "Tasks")]
                + suite.tasksByOutcome.map { heading, rows in
                    .tag(
                        "details", ["class": "group"],
                        .tag("summary", [:], Markup("\(heading): \(Figure.count(rows.count, "task"))")),
                        .joined(rows.map { TaskDetails($0, suite.runs, series).markup }))
                })
    }

    private var prompts: Markup {
        .joined([.tag("h3", [:], "What was asked")] + PromptSection.of(suite.runs).map(\.markup))
    }
}
