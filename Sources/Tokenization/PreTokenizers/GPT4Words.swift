/// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,k}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
///
/// Qwen 2 takes numbers one by one (k = 1), GPT-4 and Llama 3 in threes. Qwen 3.5 counts marks as letters of a word
/// (`[\p{L}\p{M}]+`, and `\p{M}` joins what the fourth alternative excludes).
struct GPT4Words: WordScanner {
    let longestNumber: Int
    /// `\p{L}`, perhaps with `\p{M}`.
    private let letters: ScalarClasses
    /// What the fourth alternative excludes.
    private let worded: ScalarClasses

    init(longestNumber: Int, letters: ScalarClasses = .letter) {
        self.longestNumber = longestNumber
        self.letters = letters
        worded = letters.union(.spacedWord)
    }

    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        let (classes, length) = text.character(at: start)
        let next = start + length
        if classes.meets(letters) { return text.endOfRun(of: letters, from: next) }
        if classes.meets(.number) { return endOfNumber(from: next, in: text) }

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
            return text.endOfLineBreaks(from: next)
        }
        let end = text.endOfRun(without: worded, from: next)
        return text.endOfLineBreaks(from: end)
    }

    @inline(__always)
    private func endOfNumber(from second: Int, in text: TextReader) -> Int {
        var position = second
        for _ in 1..<longestNumber where position < text.end {
            let (classes, length) = text.character(at: position)
            guard classes.meets(.number) else { break }
            position += length
        }
        return position
    }
}
