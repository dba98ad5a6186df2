/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// Qwen 2 takes numbers one by one (k = 1), GPT-4 and Llama 3 in threes. Qwen 3.5 counts marks as letters of a word
/// (`[\p{L}\p{M}]+`, and `\p{M}` joins what the fourth alternative excludes). Seed leaves line breaks to the fifth.
struct GPT4Words: WordScanner {
    let longestNumber: Int
    /// Whether signs take the line breaks behind them: `[\r\n]*` of the fourth alternative.
    private let takesLineBreaks: Bool
    /// `\p{L}`, perhaps with `\p{M}`.
    private let letters: ScalarClasses
    /// What the fourth alternative excludes.
    private let worded: ScalarClasses

    init(longestNumber: Int, letters: ScalarClasses = .letter, takesLineBreaks: Bool = true) {
        self.longestNumber = longestNumber
        self.takesLineBreaks = takesLineBreaks
        self.letters = letters
        worded = letters.union(.spacedWord)
    }

    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        let (classes, length) = text.character(at: start)
        let next = start + length
        if classes.meets(letters) { return text.endOfRun(of: letters, from: next) }
        if classes.meets(.number) { return text.endOfNumber(from: next, longest: longestNumber) }

        let byte = text.bytes[start]
        if byte == UInt8(ascii: "'"), let end = text.endOfContraction(from: start, ignoringCase: true) { return end }
        guard next < text.end else { return next }

        let (following, followingLength) = text.character(at: next)
        if following.meets(letters), byte != UInt8(ascii: "\n"), byte != UInt8(ascii: "\r") {
            return text.endOfRun(of: letters, from: next + followingLength)
        }
        if classes.meets(.whitespace) {
            guard byte == UInt8(ascii: " "), !following.meets(worded) else {
                return text.endOfSpacingOrLines(from: start)
            }
        } else if following.meets(worded) {
            return takesLineBreaks ? text.endOfLineBreaks(from: next) : next
        }
        let end = text.endOfRun(without: worded, from: next)
        return takesLineBreaks ? text.endOfLineBreaks(from: end) : end
    }
}

extension TextReader {
    /// `\p{N}{1,k}`, of which the first ends at `second`.
    @inline(__always)
    func endOfNumber(from second: Int, longest: Int) -> Int {
        var position = second
        for _ in 1..<longest where position < end {
            let (classes, length) = character(at: position)
            guard classes.meets(.number) else { break }
            position += length
        }
        return position
    }
}
