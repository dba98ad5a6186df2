/// A set of token ids, one bit each.
package struct TokenMask: Hashable, Sendable {
    package let count: Int
    /// Bit `id % 64` of word `id / 64`.
    package private(set) var words: [UInt64]

    /// The empty set.
    /// - Parameter count: how many ids there are.
    package init(count: Int) {
        self.count = count
        words = [UInt64](repeating: 0, count: (count + 63) / 64)
    }

    package func contains(_ id: Int32) -> Bool {
        id >= 0 && id < count && words[Int(id) >> 6] >> UInt64(id & 63) & 1 == 1
    }

    package var isEmpty: Bool { words.allSatisfy { $0 == 0 } }

    /// How many ids are in the set.
    package var cardinality: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }

    package func forEach(_ body: (Int32) -> Void) {
        for (index, var word) in words.enumerated() {
            while word != 0 {
                body(Int32(index << 6 + word.trailingZeroBitCount))
                word &= word - 1
            }
        }
    }

    @inline(__always)
    mutating func insert(_ id: Int32) { words[Int(id) >> 6] |= 1 << UInt64(id & 63) }

    mutating func removeAll() {
        for index in words.indices { words[index] = 0 }
    }

    mutating func formUnion(_ other: TokenMask) {
        for index in words.indices { words[index] |= other.words[index] }
    }

    /// Sets the logits of all ids outside the set to minus infinity.
    /// - Parameter logits: `count` of them, at least.
    package func apply(to logits: inout [Float]) {
        for (index, word) in words.enumerated() where word != .max {
            let start = index << 6
            for offset in 0..<min(64, count - start) where word >> UInt64(offset) & 1 == 0 {
                logits[start + offset] = -.infinity
            }
        }
    }
}
