internal import Architectures
internal import Synchronization
internal import Tensors

/// What prefixes left behind in memory, of all models together: one tree and one limit, so that what was used longest ago
/// gives way, whichever model it is of, and what a model left survives the model itself.
///
/// Each model has keys of its own; see `PrefixCache`. May be used from any thread. A match holds on to what it found:
/// others may make it give way meanwhile.
package final class PrefixMemory: Sendable {
    private let tree: Mutex<PageTree<AlignedMemory>>
    /// Bytes that all pages and states may take.
    package let byteLimit: Int

    package init(byteLimit: Int) {
        self.byteLimit = byteLimit
        tree = Mutex(PageTree(pageTokens: SequenceLayout.pageTokens, pageBytes: 0, byteLimit: byteLimit))
    }

    /// Pages that gave way to others.
    package var evictions: Int { tree.withLock { $0.evictions } }

    /// Bytes of all keys that begin with `prefix`.
    package func byteCount(keysWith prefix: String = "") -> Int { tree.withLock { $0.byteCount(keysWith: prefix) } }

    /// The longest beginning of some tokens that is here.
    struct Match {
        /// The last page may have more.
        var tokens: Int
        var pages: [AlignedMemory]
        /// In the order of their positions.
        var states: [(position: Int, memory: AlignedMemory)]

        /// The last state that stands for at most `limit` tokens.
        func state(atMost limit: Int) -> (position: Int, memory: AlignedMemory)? {
            states.last { $0.position <= limit }
        }
    }

    /// Finds without using.
    func match(_ tokens: [Int32], key: String) -> Match {
        tree.withLock { tree in
            let match = tree.match(tokens, key: key)
            return Match(
                tokens: match.tokens, pages: tree.pages(match),
                states: tree.states(match).map { (position: $0.position, memory: $0.payload) })
        }
    }

    /// Marks the beginning of some tokens as used now.
    func use(_ tokens: [Int32], key: String) {
        tree.withLock { $0.use($0.match(tokens, key: key)) }
    }

    /// Adds pages of a sequence; see `PageTree.insert`.
    func insert(_ tokens: [Int32], key: String, pageBytes: Int, makePage: (_ index: Int) -> AlignedMemory?) {
        _ = tree.withLock { $0.insert(tokens, key: key, pageBytes: pageBytes, makePage: makePage) }
    }

    /// Keeps the state after all of some tokens; see `PageTree.insertState`.
    func insertState(after tokens: [Int32], key: String, bytes: Int, makeState: () -> AlignedMemory?) {
        _ = tree.withLock { $0.insertState(after: tokens, key: key, bytes: bytes, makeState: makeState) }
    }
}
