package import Chat
package import Statistics

/// Asks a model the tasks of a suite that have no result yet.
package struct SuiteRun: Sendable {
    package var tasks: [SuiteTask]
    package var model: any ChatModel
    package var log: ResultLog
    /// Of each task.
    package var samples = 1
    /// Tasks at a time: while one is checked, another is answered.
    package var jobs = 2
    package var temperature = 0.0

    package init(_ tasks: [SuiteTask], _ model: any ChatModel, _ log: ResultLog) {
        self.tasks = tasks
        self.model = model
        self.log = log
    }

    /// - Parameter progress: called with each new result, by one task at a time.
    package func run(progress: (TaskResult) -> Void = { _ in }) async throws {
        let done = Set(await log.results.map(\.key))
        var left: [(task: SuiteTask, sample: Int)] = []
        for sample in 0..<samples {
            for task in tasks where !done.contains(TaskResult.Key(task: task.id, sample: sample)) {
                left.append((task, sample))
            }
        }
        var next = left.makeIterator()
        try await withThrowingTaskGroup(of: TaskResult.self) { group in
            func begin() {
                guard let (task, sample) = next.next() else { return }
                group.addTask { try await result(of: task, sample: sample) }
            }
            for _ in 0..<max(1, jobs) { begin() }
            for try await result in group {
                try await log.add(result)
                progress(result)
                begin()
            }
        }
    }

    private func result(of task: SuiteTask, sample: Int) async throws -> TaskResult {
        var options = ResponseOptions()
        options.temperature = temperature
        options.seed = UInt64(sample)
        options.maxTokens = task.maxTokens
        options.stops = task.stops
        options.continuesAnswer = task.continuesAnswer
        options.priority = .batch
        var completion = ""
        var (tokens, seconds) = (0, 0.0)
        for try await event in model.respond(to: task.messages, options: options) {
            switch event {
            case .text(let text): completion += text
            case .finished(let summary):
                tokens = summary.generatedTokens
                seconds = summary.promptSeconds + summary.generationSeconds
            default: break
            }
        }
        let verdict = try await task.grade(completion)
        return TaskResult(
            task: task.id, sample: sample, passed: verdict.passed, completion: completion, seconds: seconds,
            tokens: tokens, reason: verdict.reason)
    }
}

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
