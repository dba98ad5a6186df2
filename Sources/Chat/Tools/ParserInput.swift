/// The bytes of an answer that are not judged yet.
struct ParserInput: Sendable {
    private(set) var bytes: [UInt8] = []
    /// Of the first byte that is not judged.
    var position = 0
    /// Nothing follows.
    var isFinal = false

    var isEmpty: Bool { position == bytes.count }

    mutating func append(_ more: some Sequence<UInt8>) {
        if position > 4096, position > bytes.count / 2 {
            bytes.removeFirst(position)
            position = 0
        }
        bytes.append(contentsOf: more)
    }

    /// A cursor at the first byte that is not judged.
    var lookahead: Lookahead { Lookahead(bytes: bytes, offset: position, isFinal: isFinal) }
}

/// What follows decides, and is not there yet.
struct NeedsMore: Error {}

/// A cursor over what is there, for decisions that need to see more than one byte. Every `take` either moves behind what
/// it was asked for, says that something else is there, or throws when that is still open.
struct Lookahead {
    let bytes: [UInt8]
    var offset: Int
    let isFinal: Bool

    /// More white space than this is content, not layout.
    private static let spaceLimit = 256
    static let nameLimit = 128

    /// The byte at the cursor; nil at the end of the answer.
    func peek() throws(NeedsMore) -> UInt8? {
        if offset < bytes.count { return bytes[offset] }
        if isFinal { return nil }
        throw NeedsMore()
    }

    mutating func take(_ literal: String) throws(NeedsMore) -> Bool {
        var index = offset
        for byte in literal.utf8 {
            guard index < bytes.count else {
                if isFinal { return false }
                throw NeedsMore()
            }
            guard bytes[index] == byte else { return false }
            index += 1
        }
        offset = index
        return true
    }

    /// The first of the literals that is there.
    mutating func take(anyOf literals: [String]) throws(NeedsMore) -> Bool {
        for literal in literals where try take(literal) { return true }
        return false
    }

    /// Spaces and line ends, none included.
    mutating func takeSpace() throws(NeedsMore) {
        let end = offset + Self.spaceLimit
        while offset < end, let byte = try peek(), byte.isJSONSpace { offset += 1 }
    }

    /// A name as tools have them: no spaces, quotes or brackets. Empty when none is there.
    mutating func takeName() throws(NeedsMore) -> String {
        let start = offset
        while offset - start < Self.nameLimit, let byte = try peek(), byte.isNameByte { offset += 1 }
        return String(decoding: bytes[start..<offset], as: UTF8.self)
    }

    /// What comes before `end`, which is taken too; nil when a line end, a bracket of markup or too much comes first.
    mutating func takeKey(before end: String) throws(NeedsMore) -> String? {
        let start = offset
        while offset - start <= Self.nameLimit {
            let keyEnd = offset
            if try take(end) { return String(decoding: bytes[start..<keyEnd], as: UTF8.self) }
            guard let byte = try peek(), byte >= 0x20, byte != UInt8(ascii: "<"), byte != UInt8(ascii: ">") else {
                return nil
            }
            offset += 1
        }
        return nil
    }

    /// Whether the answer ends here, but for white space.
    mutating func takeEnd() throws(NeedsMore) -> Bool {
        try takeSpace()
        return try peek() == nil
    }
}

extension UInt8 {
    var isJSONSpace: Bool { self == 0x20 || self == 0x0A || self == 0x0D || self == 0x09 }

    fileprivate var isNameByte: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x80...: true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: ":"), UInt8(ascii: "/"): true
        default: false
        }
    }
}
