import Synchronization

/// Adds up what several transfers receive and reports it about ten times a second.
package final class TransferMeter: Sendable {
    private struct State {
        var received = 0
        var total: Int?
        var lastReport: ContinuousClock.Instant
        /// Moments and totals of the last seconds, oldest first: what the rate is computed from.
        var samples: [(instant: ContinuousClock.Instant, received: Int)]
    }

    private let state: Mutex<State>
    private let report: @Sendable (TransferProgress) -> Void
    private let clock = ContinuousClock()

    package init(total: Int?, present: Int = 0, report: @escaping @Sendable (TransferProgress) -> Void) {
        let now = clock.now
        self.report = report
        state = Mutex(State(received: present, total: total, lastReport: now, samples: [(now, present)]))
    }

    package func add(_ count: Int) {
        let progress = state.withLock { state -> TransferProgress? in
            state.received += count
            let now = clock.now
            guard now - state.lastReport >= .milliseconds(100) else { return nil }
            state.lastReport = now
            return Self.progress(&state, now: now)
        }
        if let progress { report(progress) }
    }

    /// The expected total has become better known.
    package func setTotal(_ total: Int?) {
        state.withLock { $0.total = total }
    }

    /// Reports the last word.
    package func finish() {
        let progress = state.withLock { state in
            // The total may have been an estimate.
            state.total = state.received
            return Self.progress(&state, now: clock.now)
        }
        report(progress)
    }

    private static func progress(_ state: inout State, now: ContinuousClock.Instant) -> TransferProgress {
        state.samples.append((now, state.received))
        while state.samples.count > 2, now - state.samples[0].instant > .seconds(5) { state.samples.removeFirst() }
        let oldest = state.samples[0]
        let seconds = (now - oldest.instant) / .seconds(1)
        // A transfer that starts over receives fewer bytes than it had.
        let rate = seconds > 0 ? Double(max(0, state.received - oldest.received)) / seconds : 0
        return TransferProgress(received: state.received, total: state.total, bytesPerSecond: rate)
    }
}
