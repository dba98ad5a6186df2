/// Finds where the end of a text occurred before, as compressors find matches: hash chains of n-grams.
///
/// Places where the last eight tokens occurred are looked at first, then those of the last two, the latest first and a
/// bounded number of them. Appending takes constant time, and a lookup too.
/// - SeeAlso: Ziv and Lempel 1977 (matches); Saxena 2023, "Prompt lookup decoding".
package struct SuffixIndex: Sendable {
    /// Places where the longest match goes on.
    package struct Matches: Hashable, Sendable {
        /// Tokens in front of each place that are also the last of the text, at most `longestMatch`.
        package var length: Int
        /// Indices of the tokens that follow, the latest first; never empty.
        package var places: [Int]

        package init(length: Int, places: [Int]) { (self.length, self.places) = (length, places) }
    }

    /// Matches are told apart up to this length.
    package static let longestMatch = 32
    /// Tokens of an n-gram, the longer first.
    package static let orders = [8, 2]
    /// Places of an n-gram that are looked at.
    package static let mostPlaces = 32

    package private(set) var tokens: [Int32] = []
    private var chains = Self.orders.map(NGramChains.init)
    private let capacity: Int

    /// - Parameter capacity: tokens that it may hold; the older half is forgotten when they are more.
    package init(capacity: Int = .max) {
        precondition(capacity >= 2)
        self.capacity = capacity
    }

    /// Bytes that an index of so many tokens takes at most.
    package static func byteCount(tokens: Int) -> Int { tokens * (4 + orders.count * 3 * 4) }

    package mutating func append(_ token: Int32) {
        if tokens.count == capacity { forget(capacity / 2) }
        tokens.append(token)
        for index in chains.indices { chains[index].append(endOf: tokens) }
    }

    package mutating func append(contentsOf new: some Sequence<Int32>) { for token in new { append(token) } }

    /// Forgets all tokens from `count` on.
    package mutating func truncate(to count: Int) {
        guard count < tokens.count else { return }
        tokens.removeSubrange(count...)
        for index in chains.indices { chains[index].rebuild(for: tokens) }
    }

    private mutating func forget(_ count: Int) {
        tokens.removeFirst(count)
        for index in chains.indices { chains[index].rebuild(for: tokens) }
    }

    /// Where the end of `text` occurred here. Of its own text, the end itself does not count.
    package func matches(endOf text: [Int32], isOwn: Bool = false) -> Matches? {
        for chain in chains {
            var best = Matches(length: 0, places: [])
            chain.visit(endOf: text, most: Self.mostPlaces + (isOwn ? 1 : 0)) { place in
                if isOwn, place == tokens.count { return }
                guard place < tokens.count else { return }
                let length = commonLength(before: place, text)
                if length > best.length { best = Matches(length: length, places: []) }
                if length == best.length { best.places.append(place) }
            }
            // What shares a hash only has less in common.
            if best.length >= chain.order { return best }
        }
        return nil
    }

    /// Tokens that precede `place` and are also the last of `text`.
    private func commonLength(before place: Int, _ text: [Int32]) -> Int {
        let most = min(Self.longestMatch, place, text.count)
        return tokens.withUnsafeBufferPointer { tokens in
            text.withUnsafeBufferPointer { text in
                var length = 0
                while length < most, tokens[place - 1 - length] == text[text.count - 1 - length] { length += 1 }
                return length
            }
        }
    }
}

/// For every n-gram of a text, the places behind it, each with the one before.
private struct NGramChains: Sendable {
    let order: Int
    /// The latest place by hash; 0 for none.
    private var latest = [Int32](repeating: 0, count: 256)
    /// By place, the one before it of the same hash.
    private var earlier: [Int32] = [0]

    init(order: Int) { self.order = order }

    private func slot(_ text: [Int32], endingAt place: Int) -> Int {
        text.withUnsafeBufferPointer { text in
            var hash: UInt64 = 0
            for index in place - order..<place {
                hash = (hash ^ UInt64(UInt32(bitPattern: text[index]))) &* 0x9E37_79B9_7F4A_7C15
                hash ^= hash >> 29
            }
            return Int(hash & UInt64(latest.count - 1))
        }
    }

    /// Takes in the n-gram that ends with the last token.
    mutating func append(endOf text: [Int32]) {
        if text.count > latest.count {
            latest = [Int32](repeating: 0, count: 2 * latest.count)
            rebuild(for: text)
        } else {
            append(text, endingAt: text.count)
        }
    }

    private mutating func append(_ text: [Int32], endingAt place: Int) {
        guard place >= order else { return earlier.append(0) }
        let slot = slot(text, endingAt: place)
        earlier.append(latest[slot])
        latest[slot] = Int32(place)
    }

    mutating func rebuild(for text: [Int32]) {
        for slot in latest.indices { latest[slot] = 0 }
        earlier = [0]
        earlier.reserveCapacity(latest.count + 1)
        for place in 0..<text.count { append(text, endingAt: place + 1) }
    }

    func visit(endOf text: [Int32], most: Int, _ body: (Int) -> Void) {
        guard text.count >= order else { return }
        var place = Int(latest[slot(text, endingAt: text.count)])
        var left = most
        while place > 0, left > 0 {
            body(place)
            place = Int(earlier[place])
            left -= 1
        }
    }
}
