/// Finds the terms of a question in text.
struct TermMatcher {
    struct Match {
        /// Index of the term.
        var term: Int
        /// Whether it is written as in the question, not in another form of the word.
        var isExact: Bool
    }

    private let byForm: [String: Int]
    private let byStem: [String: Int]
    /// For each first two letters whether a term begins so; stems keep them.
    private let beginnings: [Bool]
    /// What each word that was met is, by its hash.
    private var known: [UInt64: Match?] = [:]

    init(_ terms: [SearchQuery.Term]) {
        var byForm: [String: Int] = [:]
        var beginnings = [Bool](repeating: false, count: 1 << 16)
        for (index, term) in terms.enumerated() {
            for form in term.forms {
                byForm[form] = index
                let letters = Array(form.utf8.prefix(2))
                if letters.count == 2 { beginnings[Int(letters[0]) << 8 | Int(letters[1])] = true }
            }
        }
        self.byForm = byForm
        byStem = Dictionary(uniqueKeysWithValues: terms.enumerated().map { ($1.stem, $0) })
        self.beginnings = beginnings
    }

    /// Calls `body` with each term in a text and where it begins, in order. Identifiers and their words are looked at.
    mutating func forEach(in text: UnsafeBufferPointer<UInt8>, _ body: (Match, Int) -> Void) {
        unsafe IdentifierWords.scan(text) { identifier in
            if let match = unsafe match(text, identifier.range) { body(match, identifier.range.lowerBound) }
            unsafe IdentifierWords.words(of: text, in: identifier) { word in
                if let match = unsafe match(text, word) { body(match, word.lowerBound) }
                return true
            }
            return true
        }
    }

    private mutating func match(_ text: UnsafeBufferPointer<UInt8>, _ range: Range<Int>) -> Match? {
        guard range.count > 1 else { return nil }
        let first = unsafe lowered(text[range.lowerBound])
        let second = unsafe lowered(text[range.lowerBound + 1])
        guard beginnings[Int(first) << 8 | Int(second)] else { return nil }
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for place in range { hash = unsafe (hash ^ UInt64(lowered(text[place]))) &* 0x0000_0100_0000_01b3 }
        if let known = known[hash] { return known }
        let word = unsafe String(decoding: text[range].prefix(IdentifierWords.longest), as: UTF8.self).lowercased()
        let match: Match? =
            if let term = byForm[word] {
                Match(term: term, isExact: true)
            } else {
                byStem[WordStem.of(word)].map { Match(term: $0, isExact: false) }
            }
        known[hash] = .some(match)
        return match
    }

    private func lowered(_ byte: UInt8) -> UInt8 { byte &- 65 < 26 ? byte | 32 : byte }
}
