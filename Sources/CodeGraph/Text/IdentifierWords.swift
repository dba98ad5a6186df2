/// Cuts text into identifiers, and identifiers into their words: `parseHTTPRequest` is itself, and parse, http, request.
///
/// Bytes above ASCII count as letters. Only ASCII letters are folded to lower case.
package enum IdentifierWords {
    /// Identifiers that are longer are cut off: nobody asks for them, and data is full of them.
    static let longest = 64

    struct Identifier {
        var range: Range<Int>
        /// Whether nothing in it can begin another word; most are such, and need no second look.
        fileprivate var isPlain: Bool
    }

    /// Calls `body` with each identifier.
    static func scan(_ text: UnsafeBufferPointer<UInt8>, _ body: (Identifier) -> Bool) {
        unsafe kinds.withUnsafeBufferPointer { kinds in
            var place = 0
            while place < text.count {
                let first = unsafe kinds[Int(text[place])]
                let start = place
                place += 1
                guard first != [] else { continue }
                var others: Kinds = []
                while place < text.count {
                    let kind = unsafe kinds[Int(text[place])]
                    guard kind != [] else { break }
                    others.formUnion(kind)
                    place += 1
                }
                // Numbers beyond a few digits are data.
                guard first != .digit || place - start <= 4 else { continue }
                let isPlain = first != .joint && others.isDisjoint(with: [.upper, .joint])
                if !body(Identifier(range: start..<place, isPlain: isPlain)) { return }
            }
        }
    }

    /// Calls `body` with the range of each word of an identifier, if it has more than one.
    static func words(
        of text: UnsafeBufferPointer<UInt8>, in identifier: Identifier, _ body: (Range<Int>) -> Bool
    ) {
        guard !identifier.isPlain else { return }
        let range = identifier.range
        unsafe kinds.withUnsafeBufferPointer { kinds in
            var start = range.lowerBound
            while start < range.upperBound {
                while start < range.upperBound, unsafe kinds[Int(text[start])] == .joint { start += 1 }
                var end = start
                while end < range.upperBound,
                    unsafe !isBoundary(text, end, start: start, limit: range.upperBound, kinds)
                {
                    end += 1
                }
                if end > start, end - start < range.count, !body(start..<end) { return }
                start = max(end, start + 1)
            }
        }
    }

    /// Calls `body` with the range of each word of a text, those of identifiers by themselves.
    static func scanWords(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
        unsafe scan(text) { identifier in
            var (isWhole, goesOn) = (true, true)
            unsafe words(of: text, in: identifier) { word in
                isWhole = false
                goesOn = body(word)
                return goesOn
            }
            // One that is nothing but joints has no words either.
            guard isWhole, unsafe kinds[Int(text[identifier.range.lowerBound])] != .joint else { return goesOn }
            return body(identifier.range)
        }
    }

    /// What a byte is; several bytes may be several of these, and one that is none is no part of an identifier.
    private struct Kinds: OptionSet {
        let rawValue: UInt8
        static let lower = Kinds(rawValue: 1)
        static let upper = Kinds(rawValue: 2)
        static let digit = Kinds(rawValue: 4)
        static let joint = Kinds(rawValue: 8)
    }

    private static let kinds: [Kinds] = (0..<256).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), 128...255: .lower
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "_"), UInt8(ascii: "$"): .joint
        default: []
        }
    }

    /// Whether a word ends before `place`.
    private static func isBoundary(
        _ text: UnsafeBufferPointer<UInt8>, _ place: Int, start: Int, limit: Int, _ kinds: UnsafeBufferPointer<Kinds>
    ) -> Bool {
        let kind = unsafe kinds[Int(text[place])]
        if kind == .joint { return true }
        guard place > start, kind == .upper else { return false }
        // aB, 1B, and the last capital of ABc.
        let before = unsafe kinds[Int(text[place - 1])]
        guard before == .upper else { return true }
        return unsafe place + 1 < limit && kinds[Int(text[place + 1])] == .lower
    }
}
