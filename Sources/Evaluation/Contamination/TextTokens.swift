/// The tokens of any text: words and numbers as runs of letters and digits, and every other mark alone. White space is
/// none, and the case of letters does not count.
struct TextTokens: IteratorProtocol {
    struct Token {
        /// The same for the same text, whatever the case of its letters.
        var hash: UInt64
        var range: Range<Int>
        /// Counted from 1.
        var line: Int
    }

    private let bytes: [UInt8]
    private var place = 0
    private var line = 1

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    mutating func next() -> Token? {
        while place < bytes.count, bytes[place] <= UInt8(ascii: " ") {
            if bytes[place] == UInt8(ascii: "\n") { line += 1 }
            place += 1
        }
        guard place < bytes.count else { return nil }
        let start = place
        var hash = Mixing.start
        repeat {
            let byte = bytes[place]
            Mixing.add(UInt8(ascii: "A") <= byte && byte <= UInt8(ascii: "Z") ? byte | 0x20 : byte, to: &hash)
            place += 1
        } while place < bytes.count && bytes[start].isPartOfWord && bytes[place].isPartOfWord
        return Token(hash: Mixing.finished(hash), range: start..<place, line: line)
    }
}

extension UInt8 {
    /// Letters, digits, `_`, and whatever is not ASCII.
    var isPartOfWord: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), 0x80...0xff: true
        case UInt8(ascii: "_"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: false
        }
    }

    var isDigit: Bool { UInt8(ascii: "0") <= self && self <= UInt8(ascii: "9") }
}

/// 64-bit hashes that are the same in every process: FNV-1a, whose bits are then spread as SplitMix64 does.
enum Mixing {
    static let start: UInt64 = 0xcbf2_9ce4_8422_2325

    static func add(_ byte: UInt8, to hash: inout UInt64) { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }

    static func finished(_ hash: UInt64) -> UInt64 {
        var z = hash
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        return z ^ (z >> 31)
    }

    static func hash(_ text: some Sequence<UInt8>) -> UInt64 {
        var hash = start
        for byte in text { add(byte, to: &hash) }
        return finished(hash)
    }
}
