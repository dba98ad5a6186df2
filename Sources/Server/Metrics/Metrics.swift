import Synchronization

/// Counts what a server does since it began.
final class Metrics: Sendable {
    struct Outcome: Hashable, Sendable {
        var route: String
        var status: Int
    }
    struct Counts: Sendable {
        var requests: [Outcome: Int] = [:]
        /// Requests whose client left before the end of the answer.
        var abandoned = 0
        var promptTokens = 0
        var reusedTokens = 0
        var answerTokens = 0
        var requestSeconds = Histogram(bounds: [0.005, 0.02, 0.1, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300, 600])
        var firstTokenSeconds = Histogram(bounds: [0.02, 0.05, 0.1, 0.25, 0.5, 1, 2, 4, 8, 15, 30, 60, 120, 300])
        var interTokenSeconds = Histogram(
            bounds: [0.002, 0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1, 2.5])
        var queueSeconds = Histogram(bounds: [0.005, 0.02, 0.1, 0.5, 1, 2, 5, 10, 30, 60, 120, 300])

        var answered: Int { requests.values.reduce(0, +) }
    }

    private let state = Mutex(Counts())

    var counts: Counts { state.withLock { $0 } }

    func note(_ record: RequestRecord) {
        state.withLock { counts in
            if let status = record.status {
                counts.requests[Outcome(route: record.route ?? "none", status: status), default: 0] += 1
            }
            if !record.isComplete { counts.abandoned += 1 }
            counts.promptTokens += record.promptTokens ?? 0
            counts.reusedTokens += record.reusedTokens ?? 0
            counts.answerTokens += record.generatedTokens ?? 0
            counts.requestSeconds.observe(record.seconds)
        }
    }

    func noteFirstToken(seconds: Double) {
        state.withLock { $0.firstTokenSeconds.observe(seconds) }
    }

    func notePause(seconds: Double) {
        state.withLock { $0.interTokenSeconds.observe(seconds) }
    }

    func noteQueue(seconds: Double) {
        state.withLock { $0.queueSeconds.observe(max(0, seconds)) }
    }
}
