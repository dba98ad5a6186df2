/// Expressions that cut before a capital that follows small letters. With U for `[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]`,
/// l for `[\p{Ll}\p{Lm}\p{Lo}\p{M}]` and c for `(?i:'s|'t|'re|'ve|'m|'ll|'d)?`:
/// `[^\r\n\p{L}\p{N}]?U*l+c|[^\r\n\p{L}\p{N}]?U+l*c|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// Mistral's Tekken has k = 1 and no c, OpenAI's o200k k = 3. Kimi K2 begins with `\p{Han}+|`, takes Han characters out
/// of U and l, and has no slash.
struct CasedWords: WordScanner {
    var longestNumber: Int
    var takesContractions: Bool
    var takesSlashes = true
    var keepsHanApart = false

    static let tekken = CasedWords(longestNumber: 1, takesContractions: false)
    static let o200k = CasedWords(longestNumber: 3, takesContractions: true)
    static let kimi = CasedWords(longestNumber: 3, takesContractions: true, takesSlashes: false, keepsHanApart: true)

    func endOfWord(from start: Int, in text: TextReader) -> Int {
        if keepsHanApart, let end = Run(member: Self.han).endOfMatch(from: start, in: text) { return end }
        let (classes, length) = text.character(at: start)
        let next = start + length
        let mayLead = !classes.meets(.letterOrNumber) && !text.isLineBreak(at: start)
        if let end = endOfLetters(from: start, lead: mayLead ? length : 0, in: text) {
            let isContraction = takesContractions && end < text.end && text.bytes[end] == UInt8(ascii: "'")
            return isContraction ? text.endOfContraction(from: end, ignoringCase: true) ?? end : end
        }
        if classes.meets(.number) { return text.endOfNumber(from: next, longest: longestNumber) }

        if classes.meets(.whitespace) {
            guard text.bytes[start] == UInt8(ascii: " "), next < text.end,
                !text.character(at: next).classes.meets(.spacedWord)
            else { return text.endOfSpacingOrLines(from: start) }
        }
        var position = text.endOfRun(without: .spacedWord, from: next)
        while position < text.end,
            text.isLineBreak(at: position) || (takesSlashes && text.bytes[position] == UInt8(ascii: "/"))
        {
            position += 1
        }
        return position
    }

    /// `[^\r\n\p{L}\p{N}]?U*l+|[^\r\n\p{L}\p{N}]?U+l*`, or nil. - Parameter lead: bytes that may stand in front.
    private func endOfLetters(from start: Int, lead: Int, in text: TextReader) -> Int? {
        if lead > 0, let end = endOfLowered(from: start + lead, in: text) { return end }
        if let end = endOfLowered(from: start, in: text) { return end }
        // Without a character of `l` behind it, the run of U is all there is.
        let capitals = endOfRun(of: .upperSide, from: start + lead, in: text)
        return capitals > start + lead ? capitals : nil
    }

    /// `U*l+`, or nil. Where U took everything and no `l` follows, it gives back as far as its last character
    /// that is in both sets.
    private func endOfLowered(from start: Int, in text: TextReader) -> Int? {
        var position = start
        var endOfBoth: Int?
        while position < text.end {
            let (classes, length) = character(at: position, in: text)
            guard classes.meets(.upperSide) else {
                if classes.meets(.lowerSide) { return endOfRun(of: .lowerSide, from: position, in: text) }
                break
            }
            position += length
            if classes.meets(.lowerSide) { endOfBoth = position }
        }
        return endOfBoth
    }

    private func endOfRun(of classes: ScalarClasses, from start: Int, in text: TextReader) -> Int {
        var position = start
        while position < text.end {
            let character = character(at: position, in: text)
            guard character.classes.meets(classes) else { break }
            position += character.length
        }
        return position
    }

    /// As the text has it, but that Han characters are of no case where they stay apart.
    private func character(at position: Int, in text: TextReader) -> (classes: ScalarClasses, length: Int) {
        let character = text.character(at: position)
        guard keepsHanApart, character.length > 1, Self.han.endOfMember(at: position, in: text) != nil else {
            return character
        }
        return (character.classes.subtracting([.upperSide, .lowerSide]), character.length)
    }

    /// `\p{Han}` of Unicode 16.
    private static let han = RangeSet(ranges: [
        0x2E80...0x2E99, 0x2E9B...0x2EF3, 0x2F00...0x2FD5, 0x3005...0x3005, 0x3007...0x3007, 0x3021...0x3029,
        0x3038...0x303B, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xF900...0xFA6D, 0xFA70...0xFAD9, 0x16FE2...0x16FE3,
        0x16FF0...0x16FF1, 0x20000...0x2A6DF, 0x2A700...0x2B739, 0x2B740...0x2B81D, 0x2B820...0x2CEA1,
        0x2CEB0...0x2EBE0, 0x2EBF0...0x2EE5D, 0x2F800...0x2FA1D, 0x30000...0x3134A, 0x31350...0x323AF,
    ])
}
