import Synchronization

/// Gives one turn at a time, in the order of asking; who is cancelled while waiting leaves the queue at once.
package final class TurnQueue: Sendable {
    private struct State {
        var isTaken = false
        var lastTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }
    private enum Admission {
        case granted
        case waits
        case cancelled
    }

    private let state = Mutex(State())

    package init() {}

    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for its turn, and has it for as long as `body` runs.
    package func withTurn<T: Sendable>(_ body: @Sendable () async throws -> T) async throws -> T {
        try await take()
        defer { pass() }
        return try await body()
    }

    private func take() async throws {
        let ticket = state.withLock { state in
            state.lastTicket += 1
            return state.lastTicket
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let admission: Admission = state.withLock { state in
                    // A cancellation before this is seen here; one after it finds the ticket in the queue.
                    if Task.isCancelled { return .cancelled }
                    guard state.isTaken else {
                        state.isTaken = true
                        return .granted
                    }
                    state.waiting.append((ticket, continuation))
                    return .waits
                }
                switch admission {
                case .granted: continuation.resume()
                case .waits: break
                case .cancelled: continuation.resume(throwing: CancellationError())
                }
            }
        } onCancel: {
            let waiting = state.withLock { state in
                state.waiting.firstIndex { $0.ticket == ticket }.map { state.waiting.remove(at: $0).continuation }
            }
            waiting?.resume(throwing: CancellationError())
        }
    }

    /// Ends a turn; the longest waiting has the next.
    private func pass() {
        let next = state.withLock { state in
            let next = state.waiting.isEmpty ? nil : state.waiting.removeFirst().continuation
            state.isTaken = next != nil
            return next
        }
        next?.resume()
    }
}
