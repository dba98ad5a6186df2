package import Chat

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
    /// Texts that end this model's answers, beside those of the tasks.
    package var stops: [String] = []
    /// What one sample of a task may use before it is tried again no more.
    package var budget = AttemptBudget()

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
        var result = TaskResult(task: task.id, sample: sample, passed: false, promptTokens: 0, domain: task.domain)
        var request = task.request
        for attempt in 1...max(1, task.attempts) {
            let answer: Answer
            do { answer = try await self.answer(to: request, of: task, sample: sample) } catch let error
                as any RequestFault
                where error.exceedsContext
            {
                (result.completion, result.reason) = ("", "the prompt is longer than the model's context")
                break
            }
            result.completion = answer.text
            result.seconds += answer.seconds
            result.tokens += answer.tokens
            result.promptTokens? += answer.promptTokens
            let verdict = try await task.grade(answer.text)
            (result.passed, result.reason) = (verdict.passed, verdict.reason)
            guard !verdict.passed, attempt < task.attempts, case .chat(let messages, false) = request else { break }
            if let spent = budget.spent(by: result) {
                result.reason = "out of \(spent): \(verdict.reason ?? "did not pass")"
                break
            }
            let feedback = verdict.feedback ?? verdict.reason ?? "It does not pass the tests."
            result.earlier = (result.earlier ?? []) + [.init(completion: answer.text, feedback: feedback)]
            request = .chat(
                messages + [Message(.assistant, answer.text), Message(.user, feedback)], continuesAnswer: false)
        }
        return result
    }

    private struct Answer {
        var text = ""
        var tokens = 0
        var promptTokens = 0
        var seconds = 0.0
    }

    private func answer(to request: SuiteTask.Request, of task: SuiteTask, sample: Int) async throws -> Answer {
        var options = ResponseOptions()
        options.temperature = temperature
        options.seed = UInt64(sample)
        options.maxTokens = task.maxTokens
        options.stops = task.stops + stops
        options.priority = .batch
        let events: AsyncThrowingStream<ChatEvent, any Error>
        switch request {
        case .chat(let messages, let continuesAnswer):
            options.continuesAnswer = continuesAnswer
            events = model.respond(to: messages, options: options)
        case .infill(let prompt):
            guard let model = model as? any TextModel else { throw SuiteRunError.cannotInfill }
            events = model.complete(prompt, options: options)
        }
        var answer = Answer()
        for try await event in events {
            switch event {
            case .text(let text): answer.text += text
            case .finished(let summary):
                answer.tokens = summary.generatedTokens
                answer.promptTokens = summary.promptTokens
                answer.seconds = summary.promptSeconds + summary.generationSeconds
            default: break
            }
        }
        return answer
    }
}

/// Why a run cannot go on.
package enum SuiteRunError: Error, Hashable, CustomStringConvertible {
    case cannotInfill

    package var description: String {
        "this suite has models fill in the middle of a text; take a model of this machine that can (Qwen2.5-Coder)."
    }
}
