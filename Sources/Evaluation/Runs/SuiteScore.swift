package import Statistics

/// What results say together.
package struct SuiteScore: Hashable, Sendable {
    /// Tasks with a result.
    package var tasks: Int
    /// Samples, and those that passed.
    package var samples: Int
    package var passed: Int
    /// pass@1 and where it lies in 95 of 100 cases; nil without results.
    package var rate: Estimate?

    /// - Parameter results: of several samples of a task some or all; samples of one task are alike.
    package init(_ results: [TaskResult]) {
        let byTask = Dictionary(grouping: results, by: \.task)
        tasks = byTask.count
        samples = results.count
        passed = results.count { $0.passed }
        guard !results.isEmpty else { return }
        if samples == tasks {
            rate = Estimate(
                value: Double(passed) / Double(samples), interval: Proportion(passed, of: samples).interval())
        } else {
            let rates = byTask.sorted { $0.key < $1.key }.map { _, results in
                Double(results.count { $0.passed }) / Double(results.count)
            }
            rate = Bootstrap().mean(of: rates)
        }
    }
}
