/// A set of bytes, for bracket expressions.
struct ByteSet: Hashable, Sendable {
    private var words: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)

    init() {}

    init(where isMember: (UInt8) -> Bool) {
        for byte in UInt8.min...UInt8.max where isMember(byte) { insert(byte) }
    }

    func contains(_ byte: UInt8) -> Bool {
        let word =
            switch byte >> 6 {
            case 0: words.0
            case 1: words.1
            case 2: words.2
            default: words.3
            }
        return word >> UInt64(byte & 63) & 1 == 1
    }

    mutating func insert(_ byte: UInt8) {
        let bit: UInt64 = 1 << UInt64(byte & 63)
        switch byte >> 6 {
        case 0: words.0 |= bit
        case 1: words.1 |= bit
        case 2: words.2 |= bit
        default: words.3 |= bit
        }
    }

    mutating func formUnion(_ other: ByteSet) {
        words.0 |= other.words.0
        words.1 |= other.words.1
        words.2 |= other.words.2
        words.3 |= other.words.3
    }

    var inverted: ByteSet {
        var set = ByteSet()
        set.words = (~words.0, ~words.1, ~words.2, ~words.3)
        return set
    }

    mutating func remove(_ byte: UInt8) {
        var other = ByteSet()
        other.insert(byte)
        self = inverted
        formUnion(other)
        self = inverted
    }

    static func == (a: ByteSet, b: ByteSet) -> Bool { a.words == b.words }

    func hash(into hasher: inout Hasher) {
        hasher.combine(words.0)
        hasher.combine(words.1)
        hasher.combine(words.2)
        hasher.combine(words.3)
    }
}

extension ByteSet {
    /// The members of a class such as `alpha` in `[[:alpha:]]`, of ASCII as git counts them; nil for other names.
    init?(className: some Sequence<UInt8>) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        let upper = UInt8(ascii: "A")...UInt8(ascii: "Z")
        let lower = UInt8(ascii: "a")...UInt8(ascii: "z")
        // git's isspace() has neither the vertical tab nor the form feed.
        let spaces: [UInt8] = [0x20, 0x09, 0x0A, 0x0D]
        func isAlphanumeric(_ byte: UInt8) -> Bool {
            digits.contains(byte) || upper.contains(byte) || lower.contains(byte)
        }
        switch String(decoding: Array(className), as: UTF8.self) {
        case "alnum": self.init(where: isAlphanumeric)
        case "alpha": self.init { upper.contains($0) || lower.contains($0) }
        case "blank": self.init { $0 == 0x20 || $0 == 0x09 }
        case "cntrl": self.init { $0 < 0x20 || $0 == 0x7F }
        case "digit": self.init(where: digits.contains)
        case "graph": self.init { (0x21...0x7E).contains($0) }
        case "lower": self.init(where: lower.contains)
        case "print": self.init { (0x20...0x7E).contains($0) }
        case "punct": self.init { (0x21...0x7E).contains($0) && !isAlphanumeric($0) }
        case "space": self.init(where: spaces.contains)
        case "upper": self.init(where: upper.contains)
        case "xdigit": self.init { digits.contains($0) || (0x41...0x46).contains($0) || (0x61...0x66).contains($0) }
        default: return nil
        }
    }
}
