/// A run of characters that a predicate names, after an optional whitespace character: `\s?X+`.
struct SpacedRun<Member: CharacterSet>: SplitPattern {
    let member: Member

    @inline(__always)
    func endOfMatch(from start: Int, in text: TextReader) -> Int? {
        var position = start
        let (classes, length) = text.character(at: start)
        if classes.meets(.whitespace), start + length < text.end,
            member.endOfMember(at: start + length, in: text) != nil
        {
            position += length
        }
        guard var end = member.endOfMember(at: position, in: text) else { return nil }
        while end < text.end, let next = member.endOfMember(at: end, in: text) { end = next }
        return end
    }
}

/// Up to `longest` neighbours of a set: `X{1,n}`.
struct Run<Member: CharacterSet>: SplitPattern {
    let member: Member
    var longest = Int.max

    @inline(__always)
    func endOfMatch(from start: Int, in text: TextReader) -> Int? {
        guard var end = member.endOfMember(at: start, in: text) else { return nil }
        var count = 1
        while count < longest, end < text.end, let next = member.endOfMember(at: end, in: text) {
            end = next
            count += 1
        }
        return end
    }
}

/// A set of characters in an expression.
protocol CharacterSet {
    /// The end of the character at `position` if it is in the set.
    func endOfMember(at position: Int, in text: TextReader) -> Int?
}

/// `\p{...}`
struct ClassSet: CharacterSet {
    let classes: ScalarClasses

    @inline(__always)
    func endOfMember(at position: Int, in text: TextReader) -> Int? {
        let character = text.character(at: position)
        return character.classes.meets(classes) ? position + character.length : nil
    }
}

/// `[\r\n]`
struct LineBreakSet: CharacterSet {
    @inline(__always)
    func endOfMember(at position: Int, in text: TextReader) -> Int? {
        text.isLineBreak(at: position) ? position + 1 : nil
    }
}

/// A bracket of scalar ranges, ascending.
struct RangeSet: CharacterSet {
    let ranges: [ClosedRange<UInt32>]

    func endOfMember(at position: Int, in text: TextReader) -> Int? {
        let (scalar, length) = text.scalar(at: position)
        var low = 0
        var high = ranges.count
        while low < high {
            let middle = (low + high) / 2
            if ranges[middle].upperBound < scalar { low = middle + 1 } else { high = middle }
        }
        return low < ranges.count && ranges[low].contains(scalar) ? position + length : nil
    }
}

/// `\s+$`, isolated: the whitespace at the end of a text is a word.
struct TrailingSpacing: WordScanner {
    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        var position = start
        var spacing: Int?
        while position < text.end {
            let character = text.character(at: position)
            spacing = character.classes.meets(.whitespace) ? spacing ?? position : nil
            position += character.length
        }
        guard let spacing, spacing > start else { return text.end }
        return spacing
    }
}

/// The pre-tokenizers of DeepSeek: a split by each expression in turn.
/// - SeeAlso: `pre_tokenizer` in the tokenizer.json of deepseek-llm, deepseek-coder and DeepSeek-V3.
enum DeepSeekWords {
    typealias Coder = Chain<
        Isolating<Run<LineBreakSet>>,
        Chain<
            Isolating<SpacedRun<ClassSet>>,
            Chain<Isolating<SpacedRun<ClassSet>>, Chain<Isolating<Run<RangeSet>>, Isolating<Run<ClassSet>>>>
        >
    >

    /// `[\r\n]`, `\s?\p{L}+`, `\s?\p{P}+`, `[一-龥ࠀ-一가-퟿]+`, single numbers.
    static func coder() -> Coder {
        Chain(
            Isolating(Run(member: LineBreakSet(), longest: 1)),
            Chain(
                Isolating(SpacedRun(member: ClassSet(classes: .letter))),
                Chain(
                    Isolating(SpacedRun(member: ClassSet(classes: .punctuation))),
                    Chain(
                        Isolating(Run(member: eastAsian)),
                        Isolating(Run(member: ClassSet(classes: .number), longest: 1))))))
    }

    typealias LLM = Chain<
        Isolating<Run<LineBreakSet>>,
        Chain<
            Isolating<SpacedRun<RangeSet>>,
            Chain<
                Isolating<SpacedRun<RangeSet>>,
                Chain<TrailingSpacing, Chain<Isolating<Run<RangeSet>>, Isolating<Run<ClassSet>>>>
            >
        >
    >

    /// `[\r\n]`, `\s?` cased letters, `\s?[!-/:-~！-／：-～‘-‟　-。]+`, `\s+$`, `[一-龥ࠀ-一가-퟿]+`, single numbers.
    static func llm() -> LLM {
        Chain(
            Isolating(Run(member: LineBreakSet(), longest: 1)),
            Chain(
                Isolating(SpacedRun(member: casedLetters)),
                Chain(
                    Isolating(SpacedRun(member: punctuation)),
                    Chain(
                        TrailingSpacing(),
                        Chain(
                            Isolating(Run(member: eastAsian)),
                            Isolating(Run(member: ClassSet(classes: .number), longest: 1)))))))
    }

    typealias V3 = Chain<Isolating<Run<ClassSet>>, Chain<Isolating<Run<RangeSet>>, Isolating<DeepSeekV3Pattern>>>

    /// `\p{N}{1,3}`, `[一-龥぀-ゟ゠-ヿ]+`, `DeepSeekV3Pattern`.
    static func v3() -> V3 {
        Chain(
            Isolating(Run(member: ClassSet(classes: .number), longest: 3)),
            Chain(Isolating(Run(member: hanAndKana)), Isolating(DeepSeekV3Pattern())))
    }

    private static let eastAsian = RangeSet(ranges: [0x0800...0x9FA5, 0xAC00...0xD7FF])
    private static let hanAndKana = RangeSet(ranges: [0x3040...0x30FF, 0x4E00...0x9FA5])
    private static let punctuation = RangeSet(ranges: [
        0x21...0x2F, 0x3A...0x7E, 0x2018...0x201F, 0x3000...0x3002, 0xFF01...0xFF0F, 0xFF1A...0xFF5E,
    ])

    /// The cased letters of Unicode 9 or so, as deepseek-llm lists them.
    private static let casedLetters = RangeSet(ranges: [
        0x41...0x5A, 0x61...0x7A, 0xB5...0xB5, 0xC0...0xD6, 0xD8...0xF6, 0xF8...0x1BA, 0x1BC...0x1BF,
        0x1C4...0x293, 0x295...0x2AF, 0x370...0x373, 0x376...0x377, 0x37B...0x37D, 0x37F...0x37F, 0x386...0x386,
        0x388...0x38A, 0x38C...0x38C, 0x38E...0x3A1, 0x3A3...0x3F5, 0x3F7...0x481, 0x48A...0x52F, 0x531...0x556,
        0x10A0...0x10C5, 0x13A0...0x13F5, 0x13F8...0x13FD, 0x1C90...0x1CBA, 0x1CBD...0x1CBF, 0x1D00...0x1D2B,
        0x1D6B...0x1D77, 0x1D79...0x1D9A, 0x1E00...0x1F15, 0x1F18...0x1F1D, 0x1F20...0x1F45, 0x1F48...0x1F4D,
        0x1F50...0x1F57, 0x1F59...0x1F59, 0x1F5B...0x1F5B, 0x1F5D...0x1F5D, 0x1F5F...0x1F7D, 0x1F80...0x1FB4,
        0x1FB6...0x1FBC, 0x1FBE...0x1FBE, 0x1FC2...0x1FC4, 0x1FC6...0x1FCC, 0x1FD0...0x1FD3, 0x1FD6...0x1FDB,
        0x1FE0...0x1FEC, 0x1FF2...0x1FF4, 0x1FF6...0x1FFC, 0x2102...0x2102, 0x2107...0x2107, 0x210A...0x2113,
        0x2115...0x2115, 0x2119...0x211D, 0x2124...0x2124, 0x2126...0x2126, 0x2128...0x2128, 0x212A...0x212D,
        0x212F...0x2134, 0x2139...0x2139, 0x213C...0x213F, 0x2145...0x2149, 0x214E...0x214E, 0x2183...0x2184,
        0x2C00...0x2C7B, 0x2C7E...0x2CE4, 0x2CEB...0x2CEE, 0x2CF2...0x2CF3, 0xA640...0xA66D, 0xA680...0xA69B,
        0xA722...0xA76F, 0xA771...0xA787, 0xA78B...0xA78E, 0xAB70...0xABBF, 0xFB00...0xFB06, 0xFB13...0xFB17,
        0xFF21...0xFF3A, 0xFF41...0xFF5A, 0x10400...0x1044F, 0x104B0...0x104D3, 0x104D8...0x104FB,
        0x10C80...0x10CB2, 0x10CC0...0x10CF2, 0x118A0...0x118DF, 0x1E900...0x1E943,
    ])
}

/// ``[!-/:-@\[-`{-~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+``
struct DeepSeekV3Pattern: SplitPattern {
    func endOfMatch(from start: Int, in text: TextReader) -> Int? {
        let (classes, length) = text.character(at: start)
        let next = start + length
        let byte = text.bytes[start]
        if byte < 0x80, classes.meets(.sign) {
            var position = next
            while position < text.end, Self.isASCIILetter(text.bytes[position]) { position += 1 }
            if position > next { return position }
        }
        // A mark may be the first character of the second alternative, or the one before it: the same run.
        if classes.meets(.letterOrMark) { return text.endOfRun(of: .letterOrMark, from: next) }
        let following = next < text.end ? text.character(at: next) : (classes: [], length: 0)
        if !classes.meets(.sign), !text.isLineBreak(at: start), following.classes.meets(.letterOrMark) {
            return text.endOfRun(of: .letterOrMark, from: next + following.length)
        }
        if classes.meets(.sign) || (byte == UInt8(ascii: " ") && following.classes.meets(.sign)) {
            return text.endOfLineBreaks(from: text.endOfRun(of: .sign, from: next))
        }
        return classes.meets(.whitespace) ? text.endOfSpacingOrLines(from: start) : nil
    }

    private static func isASCIILetter(_ byte: UInt8) -> Bool {
        let lowered = byte | 0x20
        return lowered >= UInt8(ascii: "a") && lowered <= UInt8(ascii: "z")
    }
}
