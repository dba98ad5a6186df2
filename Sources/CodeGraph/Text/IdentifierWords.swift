/// Cuts text into identifiers, and identifiers into their words: `parseHTTPRequest` is itself, and parse, http, request.
///
/// Bytes above ASCII count as letters. Only ASCII letters are folded to lower case.
package enum IdentifierWords {
    /// Identifiers that are longer are cut off: nobody asks for them, and data is full of them.
    static let longest = 64

    /// Calls `body` with each identifier's range.
    static func scan(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
        let kinds = kinds
        var place = 0
        while place < text.count {
            guard unsafe kinds[Int(text[place])] != .other else {
                place += 1
                continue
            }
            let start = place
            while place < text.count, unsafe kinds[Int(text[place])] != .other { place += 1 }
            if unsafe isWorthKeeping(text, start..<place, kinds), !body(start..<place) { return }
        }
    }

    /// Calls `body` with the range of each word of an identifier, if it has more than one.
    static func words(
        of text: UnsafeBufferPointer<UInt8>, in range: Range<Int>, _ body: (Range<Int>) -> Bool
    ) {
        let kinds = kinds
        var start = range.lowerBound
        while start < range.upperBound {
            while start < range.upperBound, unsafe text[start] == UInt8(ascii: "_") || text[start] == UInt8(ascii: "$")
            {
                start += 1
            }
            var end = start
            while end < range.upperBound, unsafe !isBoundary(text, end, start: start, limit: range.upperBound, kinds) {
                end += 1
            }
            if end > start, end - start < range.count, !body(start..<end) { return }
            start = max(end, start + 1)
        }
    }

    /// Calls `body` with the range of each word of a text, those of identifiers by themselves.
    static func scanWords(_ text: UnsafeBufferPointer<UInt8>, _ body: (Range<Int>) -> Bool) {
        unsafe scan(text) { range in
            var (isWhole, goesOn) = (true, true)
            unsafe words(of: text, in: range) { word in
                isWhole = false
                goesOn = body(word)
                return goesOn
            }
            // One that is nothing but joints has no words either.
            guard isWhole, unsafe kinds[Int(text[range.lowerBound])] != .joint else { return goesOn }
            return body(range)
        }
    }

    private enum Kind: UInt8 { case other, lower, upper, digit, joint }

    private static let kinds: [Kind] = (0..<256).map { byte in
        switch UInt8(byte) {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), 128...255: .lower
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): .upper
        case UInt8(ascii: "0")...UInt8(ascii: "9"): .digit
        case UInt8(ascii: "_"), UInt8(ascii: "$"): .joint
        default: .other
        }
    }

    /// Whether a word ends before `place`.
    private static func isBoundary(
        _ text: UnsafeBufferPointer<UInt8>, _ place: Int, start: Int, limit: Int, _ kinds: [Kind]
    ) -> Bool {
        let kind = unsafe kinds[Int(text[place])]
        if kind == .joint { return true }
        guard place > start, kind == .upper else { return false }
        // aB, 1B, and the last capital of ABc.
        let before = unsafe kinds[Int(text[place - 1])]
        guard before == .upper else { return true }
        return unsafe place + 1 < limit && kinds[Int(text[place + 1])] == .lower
    }

    /// Numbers beyond a few digits are data.
    private static func isWorthKeeping(
        _ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>, _ kinds: [Kind]
    ) -> Bool {
        unsafe kinds[Int(text[range.lowerBound])] != .digit || range.count <= 4
    }
}
