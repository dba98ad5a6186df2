package import Chat

/// Answers as an earlier run did, to check the same answers once more.
package struct RecordedModel: TextModel {
    package var contextLength: Int { .max }
    /// By question, then by sample.
    private var answers: [SuiteTask.Request: [Int: TaskResult]] = [:]

    /// - Parameters:
    ///   - results: of the earlier run.
    ///   - tasks: the suite, which has what was asked.
    package init(_ results: [TaskResult], tasks: [SuiteTask]) {
        let requests = Dictionary(tasks.map { ($0.id, $0.request) }) { first, _ in first }
        for result in results {
            guard let request = requests[result.task] else { continue }
            answers[request, default: [:]][result.sample] = result
        }
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        // Whoever tries again is asked the same, with an answer and what was said of it behind.
        var (first, attempt) = (messages, 0)
        while first.count > 2, answers[.chat(first, continuesAnswer: options.continuesAnswer)] == nil {
            first.removeLast(2)
            attempt += 1
        }
        return answer(.chat(first, continuesAnswer: options.continuesAnswer), attempt, options)
    }

    package func complete(
        _ prompt: TextPrompt, options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> { answer(.infill(prompt), 0, options) }

    private func answer(
        _ request: SuiteTask.Request, _ attempt: Int, _ options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            guard let result = answers[request]?[Int(options.seed ?? 0)] else {
                return continuation.finish(throwing: RecordedModelError.noAnswer)
            }
            let attempts = (result.earlier ?? []).map(\.completion) + [result.completion]
            continuation.yield(.text(attempts[min(attempt, attempts.count - 1)]))
            continuation.yield(
                .finished(
                    ResponseSummary(
                        reason: .stop, promptTokens: result.promptTokens ?? 0, reusedTokens: 0,
                        generatedTokens: result.tokens, promptSeconds: 0, generationSeconds: result.seconds)))
            continuation.finish()
        }
    }
}

/// Why a recorded model does not answer.
package enum RecordedModelError: Error, Hashable, CustomStringConvertible {
    case noAnswer

    package var description: String {
        """
        the recorded run has no answer to one of these tasks. Was it interrupted, or asked with other words? --limit takes \
        the first tasks only.
        """
    }
}
