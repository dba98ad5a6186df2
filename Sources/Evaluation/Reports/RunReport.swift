internal import Statistics

/// What one run of a suite says.
package struct RunReport: Sendable {
    package var run: RunDescription
    package var figures: RunFigures
    /// Of each task, where several were drawn, and there are as many of every task.
    package var samplesPerTask: Int?
    /// That of so many samples all pass, and that one does at least.
    package var allPass: Double?
    package var onePasses: Double?
    package var tokensPerSecond: Double?
    package var secondsPerTask: Double?
    package var costPerTask: Double?
    let tasks: RunTasks

    init(_ run: EvaluationRun, label: String, price: TokenPrice?) {
        self.run = run.description
        figures = RunFigures(run.description, run.results, label: label, price: price)
        tasks = RunTasks(run)
        (tokensPerSecond, secondsPerTask) = (figures.tokensPerSecond, figures.secondsPerTask)
        costPerTask = figures.costPerTask
        let counts = tasks.order.map { task in
            let results = tasks.results(of: task)
            return (passed: results.count { $0.passed }, samples: results.count)
        }
        // A run that was interrupted has fewer of some tasks; the least is what all of them have.
        guard let least = counts.map(\.samples).min(), least > 1 else { return }
        func mean(_ rate: (Int, Int) -> Double?) -> Double {
            counts.reduce(0) { $0 + (rate($1.passed, $1.samples) ?? 0) } / Double(counts.count)
        }
        samplesPerTask = least
        allPass = mean { PassRate.all(of: least, passed: $0, samples: $1) }
        onePasses = mean { PassRate.atLeastOne(of: least, passed: $0, samples: $1) }
    }
}
