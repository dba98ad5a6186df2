/// `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
struct GPT2Words: WordScanner {
    @inline(__always)
    func endOfWord(from start: Int, in text: TextReader) -> Int {
        let byte = text.bytes[start]
        if byte == UInt8(ascii: "'"), let end = text.endOfContraction(from: start, ignoringCase: false) {
            return end
        }
        var (classes, length) = text.character(at: start)
        var position = start + length
        if classes.meets(.whitespace) {
            guard byte == UInt8(ascii: " "), position < text.end else { return text.endOfSpacing(from: start) }
            (classes, length) = text.character(at: position)
            if classes.meets(.whitespace) { return text.endOfSpacing(from: start) }
            position += length
        }
        if classes.meets(.letter) { return text.endOfRun(of: .letter, from: position) }
        if classes.meets(.number) { return text.endOfRun(of: .number, from: position) }
        return text.endOfRun(without: .spacedWord, from: position)
    }
}
