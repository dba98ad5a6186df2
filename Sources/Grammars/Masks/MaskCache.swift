import Synchronization

/// The masks of parts of a grammar, whatever stands around them; shared by all texts that follow the grammar.
final class MaskCache: Sendable {
    /// What a part of the grammar says about tokens.
    struct Entry: Sendable {
        var allowed: Allowed
        /// Places of the tree at which the part is over: what is below them depends on what follows the part. Nil if
        /// there are too many to be worth it.
        var exits: [Int32]?
    }

    /// Few tokens as a list, many as bits.
    enum Allowed: Sendable {
        case list([Int32])
        case mask(TokenMask)

        init(_ mask: TokenMask) {
            guard mask.cardinality < mask.words.count else {
                self = .mask(mask)
                return
            }
            var tokens: [Int32] = []
            mask.forEach { tokens.append($0) }
            self = .list(tokens)
        }

        func add(to mask: inout TokenMask) {
            switch self {
            case .list(let tokens): for token in tokens { mask.insert(token) }
            case .mask(let other): mask.formUnion(other)
            }
        }
    }

    /// At 19 KiB for 150,000 tokens: 20 MiB at most.
    static let entryLimit = 1_024

    private let entries = Mutex<[[Int32]: Entry]>([:])

    func entry(_ key: [Int32]) -> Entry? { entries.withLock { $0[key] } }

    func keep(_ entry: Entry, for key: [Int32]) {
        entries.withLock { entries in
            // Whatever is dropped is made anew when needed; which one matters little.
            if entries.count >= Self.entryLimit, let victim = entries.keys.randomElement() { entries[victim] = nil }
            entries[key] = entry
        }
    }
}
