extension TextReader {
    /// `\s+(?!\S)|\s+`: a run leaves its last character to the word behind it.
    @inline(__always)
    func endOfSpacing(from start: Int) -> Int {
        var position = start
        var last = start
        while position < end {
            let character = character(at: position)
            guard character.classes.meets(.whitespace) else {
                return last > start ? last : position
            }
            last = position
            position += character.length
        }
        return position
    }

    /// `\s*[\r\n]+|\s+(?!\S)|\s+`: a run that holds line breaks ends behind the last of them.
    @inline(__always)
    func endOfSpacingOrLines(from start: Int) -> Int {
        var position = start
        var last = start
        var endOfLines = start
        while position < end {
            let character = character(at: position)
            guard character.classes.meets(.whitespace) else {
                return endOfLines > start ? endOfLines : last > start ? last : position
            }
            if isLineBreak(at: position) { endOfLines = position + 1 }
            last = position
            position += character.length
        }
        return endOfLines > start ? endOfLines : position
    }

    /// `[\r\n]*`
    @inline(__always)
    func endOfLineBreaks(from start: Int) -> Int {
        var position = start
        while position < end, isLineBreak(at: position) { position += 1 }
        return position
    }

    /// `'s|'t|'re|'ve|'m|'ll|'d` with the apostrophe at `start`; nil where none matches.
    ///
    /// - ignoringCase: as `(?i:...)`, which folds U+017F, the long s, to "s".
    @inline(__always)
    func endOfContraction(from start: Int, ignoringCase: Bool) -> Int? {
        guard end - start > 1 else { return nil }
        let caseBit: UInt8 = ignoringCase ? 0x20 : 0
        let first = bytes[start + 1] | caseBit
        switch first {
        case UInt8(ascii: "s"), UInt8(ascii: "t"), UInt8(ascii: "m"), UInt8(ascii: "d"):
            return start + 2
        default:
            break
        }
        guard end - start > 2 else { return nil }
        let second = bytes[start + 2] | caseBit
        switch (first, second) {
        case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
            (UInt8(ascii: "l"), UInt8(ascii: "l")):
            return start + 3
        default:
            return ignoringCase && bytes[start + 1] == 0xC5 && bytes[start + 2] == 0xBF ? start + 3 : nil
        }
    }
}
