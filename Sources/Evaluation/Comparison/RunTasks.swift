/// The results of a run, task by task.
struct RunTasks {
    /// In the order in which they came.
    private(set) var order: [String] = []
    private let results: [String: [TaskResult]]

    init(_ run: EvaluationRun) {
        results = Dictionary(grouping: run.results, by: \.task)
        var seen: Set<String> = []
        for result in run.results where seen.insert(result.task).inserted { order.append(result.task) }
    }

    func has(_ task: String) -> Bool { results[task] != nil }

    /// In the order of the samples.
    func results(of task: String) -> [TaskResult] { (results[task] ?? []).sorted { $0.sample < $1.sample } }

    /// Of several tasks.
    func results(of tasks: [String]) -> [TaskResult] { tasks.flatMap { results(of: $0) } }

    /// The share of the samples that passed; nil without one.
    func rate(of task: String) -> Double? {
        guard let found = results[task] else { return nil }
        return Double(found.count { $0.passed }) / Double(found.count)
    }

    /// Whether the first sample passed, which is what single tries are compared by.
    func hasPassed(_ task: String) -> Bool { results(of: task).first?.passed ?? false }
}
