/// What an index keeps of one file.
package struct IndexedFile: Sendable {
    /// Relative to the repository's root.
    package var path: String
    package var stamp: FileStamp
    /// The language that it was parsed as.
    package var language: String?
    /// `FileTraits.rawValue`
    package var traits: Int
    /// SHA-256 of the contents.
    package var hash: [UInt8]
    package var facts: FileFacts
    /// Empty where only the path is indexed.
    package var text: [UInt8]
    /// The text as it is stored, and what finds strings in it.
    let compressed: CompressedText
    let trigrams: Trigrams

    init(
        path: String, stamp: FileStamp, language: String?, traits: Int, hash: [UInt8], facts: FileFacts, text: [UInt8]
    ) {
        self.path = path
        self.stamp = stamp
        self.language = language
        self.traits = traits
        self.hash = hash
        self.facts = facts
        self.text = text
        compressed = unsafe text.withUnsafeBufferPointer { unsafe CompressedText($0) }
        trigrams = Trigrams(text)
    }
}

/// The columns of the table `words`. Made of what is stored, so that they can be taken out again as they were put in.
struct WordColumns {
    let symbols: [UInt8]
    let docs: [UInt8]

    init(_ facts: FileFacts, _ text: [UInt8]) {
        var symbols: [UInt8] = []
        var docs: [UInt8] = []
        for symbol in facts.symbols {
            symbols += facts.names.utf8(symbol.name)
            symbols.append(UInt8(ascii: "\n"))
            let range = Int(symbol.docStart)..<max(Int(symbol.docStart), Int(symbol.docEnd))
            guard !range.isEmpty, range.upperBound <= text.count else { continue }
            docs += text[range]
            docs.append(UInt8(ascii: "\n"))
        }
        self.symbols = symbols
        self.docs = docs
    }
}
