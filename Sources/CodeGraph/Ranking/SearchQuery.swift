/// What somebody looks for, cut into terms.
package struct SearchQuery: Hashable, Sendable {
    /// In lower case, in the order of the text, each once: identifiers as they are written, and their words.
    let terms: [String]
    /// Texts in quotation marks, which must stand in a file as they are.
    let phrases: [String]

    package init(_ text: String) {
        var phrases: [String] = []
        var rest = text[...]
        while let open = rest.firstIndex(of: "\""), let close = rest[rest.index(after: open)...].firstIndex(of: "\"") {
            let phrase = String(rest[rest.index(after: open)..<close])
            if !phrase.isEmpty { phrases.append(phrase) }
            rest = rest[rest.index(after: close)...]
        }
        self.phrases = phrases
        var terms: [String] = []
        var seen: Set<String> = []
        func add(_ bytes: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) {
            let term = unsafe String(decoding: bytes[range].prefix(IdentifierWords.longest), as: UTF8.self).lowercased()
            if term.utf8.count > 1, !Self.common.contains(term), seen.insert(term).inserted { terms.append(term) }
        }
        var text = text
        text.withUTF8 { bytes in
            unsafe IdentifierWords.scan(bytes) { range in
                unsafe add(bytes, range)
                unsafe IdentifierWords.words(of: bytes, in: range) { word in
                    unsafe add(bytes, word)
                    return true
                }
                return true
            }
        }
        // Whoever pastes a page means its beginning.
        self.terms = Array(terms.prefix(48))
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
