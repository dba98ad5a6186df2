package import Statistics

/// Two runs of a suite, task by task: over the tasks that both have.
package struct RunComparison: Hashable, Sendable, Codable {
    package var suite: String
    /// That both runs have.
    package var tasks: Int
    /// That one alone has; they count for nothing here.
    package var tasksOnlyInFirst: Int
    package var tasksOnlyInSecond: Int
    /// Whether the runs were of different files of the data set, so that a task may not be the same in both.
    package var dataDiffers: Bool
    /// In the shared tasks.
    package var first: RunFigures
    package var second: RunFigures
    /// The rate of the second less that of the first, and where that lies in 95 of 100 cases: tasks are drawn again.
    package var difference: Double
    package var interval: Interval
    /// Tasks whose first sample passed in one run alone.
    package var passedOnlyFirst: [String]
    package var passedOnlySecond: [String]
    /// Of tasks as unevenly divided, were both alike: McNemar's exact test.
    package var probability: Double

    enum CodingKeys: String, CodingKey {
        case suite, tasks, first, second, difference, interval
        case tasksOnlyInFirst = "tasks_only_in_first"
        case tasksOnlyInSecond = "tasks_only_in_second"
        case dataDiffers = "data_differs"
        case passedOnlyFirst = "passed_only_first"
        case passedOnlySecond = "passed_only_second"
        case probability = "mcnemar_p"
    }

    /// - Parameter prices: by names of models.
    package init(
        _ first: EvaluationRun, _ second: EvaluationRun, prices: [String: TokenPrice] = [:],
        bootstrap: Bootstrap = Bootstrap()
    ) throws(ComparisonError) {
        let labels = RunLabels.labels(of: [first.description, second.description])
        try self.init(
            (first.description, RunTasks(first), labels[0]), (second.description, RunTasks(second), labels[1]),
            prices: prices, bootstrap: bootstrap)
    }

    typealias Side = (run: RunDescription, tasks: RunTasks, label: String)

    init(
        _ first: Side, _ second: Side, prices: [String: TokenPrice], bootstrap: Bootstrap
    ) throws(ComparisonError) {
        let shared = try Self.sharedTasks(first, second)
        suite = first.run.suite
        tasks = shared.count
        tasksOnlyInFirst = first.tasks.order.count - shared.count
        tasksOnlyInSecond = second.tasks.order.count - shared.count
        dataDiffers =
            first.run.dataHash != nil && second.run.dataHash != nil && first.run.dataHash != second.run.dataHash
        func figures(_ side: Side) -> RunFigures {
            RunFigures(
                side.run, side.tasks.results(of: shared), label: side.label, price: prices[side.run.model])
        }
        (self.first, self.second) = (figures(first), figures(second))
        let estimate = bootstrap.mean(
            of: shared.map { (second.tasks.rate(of: $0) ?? 0) - (first.tasks.rate(of: $0) ?? 0) })
        (difference, interval) = (estimate.value, estimate.interval)
        passedOnlyFirst = shared.filter { first.tasks.hasPassed($0) && !second.tasks.hasPassed($0) }
        passedOnlySecond = shared.filter { second.tasks.hasPassed($0) && !first.tasks.hasPassed($0) }
        probability = McNemarTest.exact(onlyFirst: passedOnlyFirst.count, onlySecond: passedOnlySecond.count)
    }

    /// The tasks that can be compared, in the order of the first run.
    static func sharedTasks(_ first: Side, _ second: Side) throws(ComparisonError) -> [String] {
        guard first.run.suite == second.run.suite else { throw .differentSuites(first.run.suite, second.run.suite) }
        // Other words make another suite: they matter more than most of what is compared.
        guard first.run.prompt == second.run.prompt else {
            throw .differentPrompts(
                suite: first.run.suite, models: [first.run.model, second.run.model],
                versions: [first.run.prompt?.version, second.run.prompt?.version])
        }
        let shared = first.tasks.order.filter(second.tasks.has)
        guard !shared.isEmpty else {
            throw .noSharedTask(suite: first.run.suite, models: [first.run.model, second.run.model])
        }
        return shared
    }
}
