import Chat

/// Measures one answer by its events, where they pass on their way to the client.
///
/// A model reports text as soon as it is certain, nearly always a token at a time: the pauses between pieces are those
/// between tokens.
struct AnswerMeter {
    private let metrics: Metrics
    private let clock = ContinuousClock()
    private let start: ContinuousClock.Instant
    private var first: ContinuousClock.Instant?
    private var last: ContinuousClock.Instant?

    init(_ metrics: Metrics) {
        self.metrics = metrics
        start = clock.now
    }

    mutating func accept(_ event: ChatEvent) {
        switch event {
        case .text, .thinking, .callBegan, .callArguments:
            let now = clock.now
            if let last {
                metrics.notePause(seconds: (now - last) / .seconds(1))
            } else {
                first = now
                metrics.noteFirstToken(seconds: (now - start) / .seconds(1))
            }
            last = now
        case .finished(let summary):
            // What the model did not spend on reading, the request spent waiting.
            if let first { metrics.noteQueue(seconds: (first - start) / .seconds(1) - summary.promptSeconds) }
        case .reading, .token, .callEnded: break
        }
    }
}
