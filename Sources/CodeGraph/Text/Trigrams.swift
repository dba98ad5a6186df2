package import SQLite

/// The groups of three bytes in a text, each once. A string stands only in files that have all of its groups.
///
/// Groups with a zero byte are left out: SQLite's full-text index takes it for the end of a token, and gets damaged.
struct Trigrams: Sendable {
    /// In no certain order; the first byte of each is its highest.
    private(set) var values: [UInt32] = []

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var seen = Seen(limit: text.count)
        var group: UInt32 = 0
        // Bytes since the last zero.
        var length = 0
        for index in text.indices {
            let byte = unsafe text[index]
            group = (group << 8 | UInt32(byte)) & 0xFF_FFFF
            length = byte == 0 ? 0 : length + 1
            if length >= 3, seen.insert(group) { values.append(group) }
        }
    }

    init(_ text: [UInt8]) { self = unsafe text.withUnsafeBufferPointer { unsafe Trigrams($0) } }

    /// Those that `other` does not have.
    func subtracting(_ other: Trigrams) -> [UInt32] {
        var seen = Seen(limit: other.values.count)
        for value in other.values { _ = seen.insert(value) }
        return values.filter { !seen.contains($0) }
    }

    /// A set of numbers below 2^32 - 1, made for being made often.
    private struct Seen {
        private static let free = UInt32.max
        private var slots: [UInt32]
        private let shift: UInt32

        /// - Parameter limit: numbers at most.
        init(limit: Int) {
            // There are 2^24 groups, of which no text has more than a few thousand for long.
            let bits = max(6, Int.bitWidth - min(limit, 1 << 24).leadingZeroBitCount + 1)
            slots = [UInt32](repeating: Self.free, count: 1 << bits)
            shift = UInt32(32 - bits)
        }

        private func slot(of value: UInt32) -> Int {
            var slot = Int((value &* 0x9E37_79B1) >> shift)
            while slots[slot] != value, slots[slot] != Self.free { slot = (slot + 1) & (slots.count - 1) }
            return slot
        }

        func contains(_ value: UInt32) -> Bool { slots[slot(of: value)] == value }

        mutating func insert(_ value: UInt32) -> Bool {
            let slot = slot(of: value)
            guard slots[slot] == Self.free else { return false }
            slots[slot] = value
            return true
        }
    }
}

extension FullTextTokenizer {
    /// Each three bytes of a text are a token. In queries, six hexadecimal digits stand for them: these are text, whatever
    /// the bytes are.
    package static let trigrams = unsafe FullTextTokenizer(name: "trigrams") { text, isQuery, emit in
        let length = isQuery ? 6 : 3
        var start = 0
        while start + length <= text.count {
            let part = unsafe UnsafeBufferPointer(rebasing: text[start..<start + length])
            let range = start..<start + length
            start += length
            guard isQuery else {
                guard unsafe emit(part, range, false) else { return }
                continue
            }
            guard let value = unsafe UInt32(String(decoding: part, as: UTF8.self), radix: 16) else { return }
            let token = Trigrams.bytes([value])
            guard unsafe token.withUnsafeBufferPointer({ unsafe emit($0, range, false) }) else { return }
        }
    }
}

extension Trigrams {
    /// What the tokenizer takes for these groups.
    static func bytes(_ values: [UInt32]) -> [UInt8] {
        values.flatMap { [UInt8(truncatingIfNeeded: $0 >> 16), UInt8(truncatingIfNeeded: $0 >> 8), UInt8($0 & 0xFF)] }
    }

    /// The full-text query for files that have all of some groups.
    static func query(_ values: [UInt32]) -> String {
        values.map { value in
            let digits = String(value, radix: 16)
            return "\"" + String(repeating: "0", count: 6 - digits.count) + digits + "\""
        }.joined(separator: " AND ")
    }
}
