/// One task with what each run made of it, opened on demand.
struct TaskDetails {
    private let row: SuiteReport.TaskRow
    private let runs: [RunReport]
    private let series: [String: Int]

    init(_ row: SuiteReport.TaskRow, _ runs: [RunReport], _ series: [String: Int]) {
        self.row = row
        self.runs = runs
        self.series = series
    }

    var markup: Markup {
        let marks = runs.compactMap { run in
            row.rates[run.figures.label].map { rate in
                let (sign, word) = Self.sign(rate)
                return Markup.tag(
                    "span", ["class": "mark \(word)", "title": "\(run.figures.label): \(word)"], Markup(sign))
            }
        }
        return .tag(
            "details", ["class": "task"],
            .tag(
                "summary", [:],
                [.tag("span", ["class": "name"], Markup(row.task))]
                    + (row.domain.map { [.tag("span", ["class": "domain"], Markup($0))] } ?? [])
                    + [.tag("span", ["class": "marks"], marks)]),
            .joined(runs.flatMap { run in run.tasks.results(of: row.task).map { answer($0, of: run) } }))
    }

    static func sign(_ rate: Double) -> (sign: String, word: String) {
        rate == 1 ? ("✓", "passed") : rate == 0 ? ("✗", "failed") : ("◐", "partly")
    }

    private func answer(_ result: TaskResult, of run: RunReport) -> Markup {
        let (sign, word) = Self.sign(result.passed ? 1 : 0)
        let sample = run.figures.samples > run.figures.tasks ? ", sample \(result.sample)" : ""
        let earlier = (result.earlier ?? []).enumerated().flatMap { number, attempt in
            [
                Markup.tag("h5", [:], "Attempt \(number + 1)"), .lines(attempt.completion),
                .tag("h5", [:], "What was said of it"), .lines(attempt.feedback),
            ]
        }
        let last = earlier.isEmpty ? [] : [Markup.tag("h5", [:], "Last attempt")]
        return .tag(
            "div", ["class": "answer"],
            [
                .tag(
                    "h4", [:], .tag("span", ["class": "mark \(word)"], Markup(sign)),
                    .tag("span", ["class": "key s\((series[run.figures.label] ?? 0) % 8)"]),
                    Markup(run.figures.label + sample),
                    .tag(
                        "span", ["class": "took"],
                        Markup("\(word), \(Figure.short(result.seconds)) s, \(Figure.count(result.tokens, "token"))")))
            ] + (result.reason.map { [.tag("p", ["class": "reason"], Markup($0))] } ?? []) + earlier + last
                + [.lines(result.completion)])
    }
}
