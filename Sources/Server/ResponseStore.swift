import Chat
import JSON
import Synchronization

/// Responses that conversations can go on from, in memory; the oldest make room for new ones.
final class ResponseStore: Sendable {
    struct Entry: Sendable {
        /// The conversation up to and with the answer.
        var messages: [Message]
        /// As it was sent.
        var body: [UInt8]
        /// Whose it is: others do not get it.
        var client: String
    }
    private struct State {
        var entries: [String: Entry] = [:]
        /// From the oldest on.
        var order: [(id: String, byteCount: Int)] = []
        var byteCount = 0
    }

    private let state = Mutex(State())
    private let countLimit: Int
    /// Of texts and bodies; what conversations share counts for each.
    private let byteLimit: Int

    init(countLimit: Int = 1000, byteLimit: Int = 256 << 20) {
        self.countLimit = countLimit
        self.byteLimit = byteLimit
    }

    subscript(id: String, for client: String) -> Entry? {
        state.withLock { state in state.entries[id].flatMap { $0.client == client ? $0 : nil } }
    }

    func save(_ entry: Entry, id: String) {
        let size = entry.messages.reduce(entry.body.count) { $0 + Self.byteCount($1) }
        guard size <= byteLimit else { return }
        state.withLock { state in
            state.entries[id] = entry
            state.order.append((id, size))
            state.byteCount += size
            while state.order.count > countLimit || state.byteCount > byteLimit {
                let oldest = state.order.removeFirst()
                state.entries[oldest.id] = nil
                state.byteCount -= oldest.byteCount
            }
        }
    }

    /// Whether there was one.
    func remove(_ id: String, for client: String) -> Bool {
        state.withLock { state in
            guard state.entries[id]?.client == client else { return false }
            state.entries[id] = nil
            if let place = state.order.firstIndex(where: { $0.id == id }) {
                state.byteCount -= state.order.remove(at: place).byteCount
            }
            return true
        }
    }

    private static func byteCount(_ message: Message) -> Int {
        message.toolCalls.reduce(message.content.utf8.count + (message.thinking?.utf8.count ?? 0) + 64) {
            $0 + $1.arguments.utf8.count + 64
        }
    }
}
