import Synchronization

/// Gives turns in the order of asking, one or a few at a time; who is cancelled while waiting leaves the queue at once.
package final class TurnQueue: Sendable {
    private struct State {
        var taken = 0
        var lastTicket = 0
        var waiting: [(ticket: Int, continuation: CheckedContinuation<Void, any Error>)] = []
    }
    private enum Admission {
        case granted
        case waits
        case cancelled
        case refused(waiting: Int)
    }

    private let state = Mutex(State())
    private let width: Int
    private let limit: Int

    /// - Parameters:
    ///   - width: turns at a time.
    ///   - limit: how many may wait.
    package init(width: Int = 1, limit: Int = .max) {
        self.width = width
        self.limit = limit
    }

    package var waitingCount: Int { state.withLock { $0.waiting.count } }

    /// Waits for its turn, and has it for as long as `body` runs.
    /// - Throws: `LocalChatError.busy` where too many wait already.
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
                    guard state.taken >= width else {
                        state.taken += 1
                        return .granted
                    }
                    guard state.waiting.count < limit else { return .refused(waiting: state.waiting.count) }
                    state.waiting.append((ticket, continuation))
                    return .waits
                }
                switch admission {
                case .granted: continuation.resume()
                case .waits: break
                case .cancelled: continuation.resume(throwing: CancellationError())
                case .refused(let waiting): continuation.resume(throwing: LocalChatError.busy(waiting: waiting))
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
        let next: CheckedContinuation<Void, any Error>? = state.withLock { state in
            guard state.waiting.isEmpty else { return state.waiting.removeFirst().continuation }
            state.taken -= 1
            return nil
        }
        next?.resume()
    }
}
