/// Mistral's expression, which cuts before a capital that follows small letters. With U for
/// `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]` and l for `[\p{Ll}\p{Lm}\p{Lo}\p{M}]`:
/// `[^\r\n\p{L}\p{N}]?U*l+|[^\r\n\p{L}\p{N}]?U+l*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
struct TekkenWords: WordScanner {
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        let (classes, length) = text.character(at: start)
        let next = start + length
        let mayLead = !classes.meets(.letterOrNumber) && !text.isLineBreak(at: start)
        if mayLead, let end = Self.endOfLowered(from: next, in: text) { return end }
        if let end = Self.endOfLowered(from: start, in: text) { return end }
        // Without a character of `l` behind it, the run of U is all there is.
        let capitals = text.endOfRun(of: .upperSide, from: mayLead ? next : start)
        if capitals > (mayLead ? next : start) { return capitals }
        if classes.meets(.number) { return next }

        if classes.meets(.whitespace) {
            guard text.bytes[start] == UInt8(ascii: " "), next < text.end,
                !text.character(at: next).classes.meets(.spacedWord)
            else { return text.endOfSpacingOrLines(from: start) }
        }
        var end = text.endOfRun(without: .spacedWord, from: next)
        while end < text.end, text.isLineBreak(at: end) || text.bytes[end] == UInt8(ascii: "/") { end += 1 }
        return end
    }

    /// `U*l+`, or nil. Where U took everything and no `l` follows, it gives back as far as its last character
    /// that is in both sets.
    private static func endOfLowered(from start: Int, in text: TextReader) -> Int? {
        var position = start
        var endOfBoth: Int?
        while position < text.end {
            let (classes, length) = text.character(at: position)
            guard classes.meets(.upperSide) else {
                if classes.meets(.lowerSide) { return text.endOfRun(of: .lowerSide, from: position) }
                break
            }
            position += length
            if classes.meets(.lowerSide) { endOfBoth = position }
        }
        return endOfBoth
    }
}
