import Chat
import Synchronization

/// What an engine is doing: written by its thread between passes, read by whoever asks, at any time.
final class StatusBoard: Sendable {
    private let state: Mutex<ModelStatus>

    init(slots: Int) {
        state = Mutex(ModelStatus(slots: Array(repeating: ModelStatus.Slot(), count: slots)))
    }

    var status: ModelStatus { state.withLock { $0 } }

    /// Counters stay where they are rather than go back, as where a slot that lost tokens reads them again.
    func publish(_ new: ModelStatus) {
        state.withLock { old in
            let (read, generated) = (old.readTokens, old.generatedTokens)
            old = new
            old.readTokens = max(read, new.readTokens)
            old.generatedTokens = max(generated, new.generatedTokens)
        }
    }

    func change(_ body: (inout ModelStatus) -> Void) { state.withLock { body(&$0) } }
}
