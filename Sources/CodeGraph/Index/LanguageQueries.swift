internal import Synchronization
package import Syntax

/// The compiled queries of the languages whose grammars can be loaded, and why the others' cannot. Each is made when it
/// is first needed: most questions need none.
package final class LanguageQueries: Sendable {
    private let languages: [String: Language]
    private let grammar: @Sendable (String) throws -> Grammar
    private let made = Mutex<[String: Result<FactQuery, any Error>]>([:])

    /// - Parameter grammar: loads a grammar by its name. A failure costs that language only.
    package init(_ languages: [Language] = Language.all, grammar: @escaping @Sendable (String) throws -> Grammar) {
        self.languages = Dictionary(languages.map { ($0.id, $0) }) { $1 }
        self.grammar = grammar
    }

    /// Nil when the grammar cannot be loaded.
    package subscript(language: Language) -> FactQuery? { try? query(of: language.id)?.get() }

    /// Why files of a language cannot be parsed, if so.
    package func failure(of language: String) -> (any Error)? {
        if case .failure(let error) = query(of: language) { error } else { nil }
    }

    /// Changes when a language's files would say something else than before.
    func fingerprint(_ language: String) -> String {
        // Of the grammar and the text only: compiling takes longer than all else that an index without changes needs.
        guard let known = languages[language], let grammar = try? grammar(known.grammar) else { return "missing" }
        var text = known.query
        return "\(grammar.version).\(text.withUTF8 { unsafe NameTable.hash($0) })"
    }

    private func query(of id: String) -> Result<FactQuery, any Error>? {
        guard let language = languages[id] else { return nil }
        return made.withLock { made in
            if let known = made[id] { return known }
            let query = Result { try FactQuery(language.query, grammar: grammar(language.grammar)) }
            made[id] = query
            return query
        }
    }
}
