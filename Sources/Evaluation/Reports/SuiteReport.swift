internal import Statistics

/// What the runs of one suite say.
package struct SuiteReport: Sendable, Encodable {
    /// How often a task passed.
    package struct TaskRow: Hashable, Sendable, Encodable {
        package var task: String
        package var domain: String?
        /// The share of samples that passed, by labels of runs; of those that have the task.
        package var rates: [String: Double]
    }

    package var suite: String
    package var runs: [RunReport]
    /// In the order in which the first run came to them, then the second.
    package var tasks: [TaskRow]
    /// Nil where there is nothing to compare.
    package var ranking: RunRanking?
    /// Why there is no ranking of several runs.
    package var refusal: String?

    init(_ name: String, _ found: [EvaluationRun], prices: [String: TokenPrice], bootstrap: Bootstrap) {
        suite = name
        runs = zip(found, RunLabels.labels(of: found.map(\.description))).map { run, label in
            RunReport(run, label: label, price: prices[run.description.model])
        }
        var seen: Set<String> = []
        let order = runs.flatMap(\.tasks.order).filter { seen.insert($0).inserted }
        let runs = runs
        tasks = order.map { task in
            var row = TaskRow(task: task, domain: nil, rates: [:])
            for run in runs {
                row.rates[run.figures.label] = run.tasks.rate(of: task)
                row.domain = row.domain ?? run.tasks.results(of: task).first?.domain
            }
            return row
        }
        guard found.count > 1 else { return }
        do throws(ComparisonError) {
            ranking = try RunRanking(found, prices: prices, bootstrap: bootstrap)
        } catch {
            refusal = error.description
        }
    }

    /// Tasks by what became of them, with a heading each; none that is empty.
    var tasksByOutcome: [(heading: String, tasks: [TaskRow])] {
        let several = runs.count > 1
        let groups: [(String, (TaskRow) -> Bool)] = [
            (several ? "Passed by some" : "Passed at times", { row in !Self.isAll(row, 1) && !Self.isAll(row, 0) }),
            (several ? "Passed by none" : "Not passed", { Self.isAll($0, 0) }),
            (several ? "Passed by all" : "Passed", { Self.isAll($0, 1) }),
        ]
        return groups.map { heading, belongs in (heading, tasks.filter(belongs)) }.filter { !$0.tasks.isEmpty }
    }

    private static func isAll(_ row: TaskRow, _ rate: Double) -> Bool { row.rates.values.allSatisfy { $0 == rate } }
}
