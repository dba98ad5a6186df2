/// The vectors of the words that a search met, each asked for once and kept as whole numbers: sums of them take half the
/// memory and time of floating point, and the error is far below what tells texts apart.
struct WordVectorTable {
    /// The first numbers of a vector that are used.
    let width: Int
    /// Numbers of a row: these and zeros, to whole lanes.
    let stride: Int
    /// Words of one sum at most: that many of the largest number do not overflow.
    static let mostWords = 128
    static let lanes = 8
    private static let largest: Float = 255

    private let vectors: any TextVectors
    private let scale: Float
    /// Open addressing: the upper bits of a word's hash and its row + 1 in the lower ones; 0 where a slot is free.
    private var slots = [UInt64](repeating: 0, count: 1 << 12)
    private static let rowMask: UInt64 = 1 << 24 - 1
    private var count = 0
    /// [count, stride]
    private var numbers: [Int16] = []
    /// The vector that is being made, [stride].
    private var one: [Float]

    /// - Parameter typical: the size of a typical number of a vector, which decides what is rounded off.
    init(_ vectors: any TextVectors, width: Int, typical: Float) {
        self.vectors = vectors
        self.width = width
        stride = (width + Self.lanes - 1) / Self.lanes * Self.lanes
        // Eight times the typical fits; a word has a few parts.
        scale = Self.largest / (8 * max(typical, .leastNormalMagnitude))
        one = [Float](repeating: 0, count: stride)
    }

    /// Adds the vector of a word to `sum`, [stride].
    mutating func add(_ word: UnsafeBufferPointer<UInt8>, to sum: UnsafeMutableBufferPointer<Int16>) {
        precondition(sum.count == stride)
        let start = unsafe row(of: word) * stride
        unsafe numbers.withUnsafeBufferPointer { numbers in
            // SAFETY: rows are whole, and a sum is as long as one.
            guard let row = numbers.baseAddress, let sum = sum.baseAddress else { return }
            for index in 0..<stride { unsafe sum[index] &+= row[start + index] }
        }
    }

    private mutating func row(of word: UnsafeBufferPointer<UInt8>) -> Int {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for index in word.indices { hash = unsafe (hash ^ UInt64(word[index])) &* 0x0000_0100_0000_01b3 }
        // Few bytes leave the upper bits to chance; this spreads them.
        hash = (hash ^ hash >> 32) &* 0x9E37_79B9_7F4A_7C15
        let tag = hash & ~Self.rowMask
        let mask = slots.count - 1
        var slot = Self.place(of: tag) & mask
        while slots[slot] != 0 {
            if slots[slot] & ~Self.rowMask == tag { return Int(slots[slot] & Self.rowMask) - 1 }
            slot = (slot + 1) & mask
        }
        // What so many words are in is no text: the rest of them are as the last.
        guard count < Self.rowMask else { return count - 1 }
        count += 1
        slots[slot] = tag | UInt64(count)
        unsafe append(word)
        if count * 2 > slots.count { grow() }
        return count - 1
    }

    private mutating func append(_ word: UnsafeBufferPointer<UInt8>) {
        let (vectors, width, scale) = (vectors, width, scale)
        unsafe one.withUnsafeMutableBufferPointer { one in
            unsafe one.update(repeating: 0)
            _ = unsafe vectors.add(word, to: UnsafeMutableBufferPointer(rebasing: one.prefix(width)))
            for index in one.indices {
                let scaled = unsafe max(-Self.largest, min(Self.largest, one[index] * scale))
                // What is no number is no direction either.
                numbers.append(scaled.isNaN ? 0 : Int16(scaled))
            }
        }
    }

    private static func place(of tag: UInt64) -> Int { Int(truncatingIfNeeded: tag >> 32) }

    private mutating func grow() {
        var larger = [UInt64](repeating: 0, count: slots.count * 2)
        for old in slots where old != 0 {
            var slot = Self.place(of: old) & (larger.count - 1)
            while larger[slot] != 0 { slot = (slot + 1) & (larger.count - 1) }
            larger[slot] = old
        }
        slots = larger
    }
}
