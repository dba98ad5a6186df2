internal import SQLite

/// Which languages' files were indexed with other patterns or another grammar than those at hand.
struct LanguageState {
    private let queries: LanguageQueries
    private(set) var outdated: Set<String> = []
    private var remembered: Set<String> = []

    /// - Parameter languages: of the files of an index, or of those that matter.
    init(_ store: GraphStore, _ languages: Set<String>, _ queries: LanguageQueries) throws(SQLiteError) {
        self.queries = queries
        remembered = languages
        for language in languages {
            if try store.fact(Self.fact(language)) != queries.fingerprint(language) { outdated.insert(language) }
        }
    }

    func isOutdated(_ language: String?) -> Bool { language.map { outdated.contains($0) } ?? false }

    /// Notes the first file of a language, at once: whoever goes on after an interruption need not begin again.
    mutating func remember(_ language: String?, in store: GraphStore) throws(SQLiteError) {
        guard let language, remembered.insert(language).inserted else { return }
        try store.setFact(Self.fact(language), queries.fingerprint(language))
    }

    /// When all files of outdated languages have been read again.
    func rememberOutdated(in store: GraphStore) throws(SQLiteError) {
        for language in outdated { try store.setFact(Self.fact(language), queries.fingerprint(language)) }
    }

    private static func fact(_ language: String) -> String { "language." + language }
}
