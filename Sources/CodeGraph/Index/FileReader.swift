internal import Crypto

/// Reads files and what they say, one after the other.
struct FileReader: ~Copyable {
    private let root: String
    private let languages: LanguageQueries
    private let limits: FileLimits
    private var extractor = FactExtractor()

    init(root: String, languages: LanguageQueries, limits: FileLimits) {
        self.root = root
        self.languages = languages
        self.limits = limits
    }

    enum Contents: Sendable {
        /// It cannot be read, or is gone by now, or something else is in its place.
        case unreadable
        /// As they were.
        case known(hash: [UInt8])
        case new(IndexedFile)
    }

    /// - Parameter known: the hash of contents that need not be parsed again.
    mutating func read(_ file: ScannedFile, unlessHashed known: [UInt8]?) -> Contents {
        let path = root + "/" + file.path
        // Of huge files only the beginning is looked at, for what they are.
        guard Int(file.byteCount) <= limits.byteCount else {
            guard let read = readBeginning(of: file, at: path) else { return .unreadable }
            return read.hash == known ? .known(hash: read.hash) : .new(read)
        }
        guard let bytes = SmallFile.read(path, followsLinks: false, limit: Int64(limits.byteCount)) else {
            return .unreadable
        }
        let hash = Array(SHA256.hash(data: bytes))
        if hash == known { return .known(hash: hash) }
        let read = unsafe bytes.withUnsafeBufferPointer { text in
            let language = unsafe Language.of(path: file.path, start: text)
            let traits = unsafe FileTraits(
                path: file.path, byteCount: text.count, contents: text.span, limits: limits)
            var facts = FileFacts()
            let isIndexed = !traits.isIndexedByPathOnly
            if isIndexed, let language, let query = languages[language] {
                facts = unsafe extractor.facts(of: text, query)
            }
            return IndexedFile(
                path: file.path, stamp: file.stamp, language: language?.id, traits: Int(traits.rawValue),
                hash: hash, facts: facts, text: isIndexed ? bytes : [])
        }
        return .new(read)
    }

    private func readBeginning(of file: ScannedFile, at path: String) -> IndexedFile? {
        guard let start = SmallFile.beginning(of: path, count: 1 << 16) else { return nil }
        let traits = FileTraits(
            path: file.path, byteCount: Int(file.byteCount), contents: start.span, limits: limits)
        // The rest says nothing that is kept.
        var hash = SHA256()
        hash.update(data: start)
        unsafe withUnsafeBytes(of: file.byteCount.littleEndian) { unsafe hash.update(bufferPointer: $0) }
        return IndexedFile(
            path: file.path, stamp: file.stamp, language: nil, traits: Int(traits.rawValue),
            hash: Array(hash.finalize()), facts: FileFacts(), text: [])
    }
}
