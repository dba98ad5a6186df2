/// What somebody looks for, cut into terms.
package struct SearchQuery: Hashable, Sendable {
    /// In the order of the text: identifiers as they are written, and their words.
    let terms: [Term]
    /// Texts in quotation marks, which must stand in a file as they are.
    let phrases: [String]
    /// The text itself, in UTF-8, without what is before its first line.
    let text: [UInt8]

    /// Words with one stem.
    struct Term: Hashable, Sendable {
        /// In lower case, as they stand in the question.
        var forms: [String]
        var stem: String
        /// It stands in the first line.
        var isInTitle: Bool
        /// It is written as code is: with capitals or underscores within, in backquotes, before a parenthesis.
        var isCode: Bool
    }

    package init(_ text: String) {
        phrases = Self.phrases(of: text)
        terms = Self.terms(of: text)
        self.text = Array(text.utf8.drop(while: Self.isSpace))
    }

    /// A question is one line; in a longer text, quotation marks are those of its sentences.
    private static func phrases(of text: String) -> [String] {
        guard text.split(whereSeparator: \.isNewline).count(where: { !$0.allSatisfy(\.isWhitespace) }) == 1 else {
            return []
        }
        var phrases: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "\""), let close = rest[rest.index(after: open)...].firstIndex(of: "\"") {
            let phrase = String(rest[rest.index(after: open)..<close])
            if !phrase.isEmpty { phrases.append(phrase) }
            rest = rest[rest.index(after: close)...]
        }
        return phrases
    }

    private static func terms(of text: String) -> [Term] {
        var terms: [Term] = []
        var places: [String: Int] = [:]
        var text = text
        text.withUTF8 { bytes in
            let start = unsafe bytes.firstIndex { !isSpace($0) } ?? 0
            let titleEnd = unsafe bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            func add(_ range: Range<Int>, isCode: Bool) {
                let form = unsafe String(decoding: bytes[range].prefix(IdentifierWords.longest), as: UTF8.self)
                    .lowercased()
                guard form.utf8.count > 1, !common.contains(form) else { return }
                let stem = WordStem.of(form)
                if let place = places[stem] {
                    if !terms[place].forms.contains(form) { terms[place].forms.append(form) }
                    terms[place].isCode = terms[place].isCode || isCode
                } else if terms.count < termLimit {
                    places[stem] = terms.count
                    let isInTitle = range.lowerBound < titleEnd
                    terms.append(Term(forms: [form], stem: stem, isInTitle: isInTitle, isCode: isCode))
                }
            }
            unsafe IdentifierWords.scan(bytes) { identifier in
                let isCode = unsafe isCode(bytes, identifier.range)
                add(identifier.range, isCode: isCode)
                unsafe IdentifierWords.words(of: bytes, in: identifier) { word in
                    // Its words are those of a sentence.
                    add(word, isCode: false)
                    return true
                }
                return true
            }
        }
        return terms
    }

    /// Whoever pastes a page means its beginning.
    private static let termLimit = 48

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || (9...13).contains(byte) }

    private static func isCode(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Bool {
        if range.lowerBound > 0, unsafe text[range.lowerBound - 1] == UInt8(ascii: "`") { return true }
        if range.upperBound < text.count, unsafe text[range.upperBound] == UInt8(ascii: "(") { return true }
        return unsafe text[range].dropFirst().contains { $0 == UInt8(ascii: "_") || $0 &- 65 < 26 }
    }

    /// Words of English that say nothing about code.
    private static let common: Set<String> = [
        "a", "an", "and", "are", "as", "at", "be", "been", "but", "by", "can", "could", "do", "does", "for", "from",
        "had",
        "has", "have", "how", "i", "if", "in", "is", "it", "its", "me", "my", "not", "of", "on", "or", "our", "should",
        "so", "that", "the", "their", "then", "there", "these", "they", "this", "to", "was", "we", "were", "what",
        "when",
        "where", "which", "who", "why", "will", "with", "would", "you", "your",
    ]
}
