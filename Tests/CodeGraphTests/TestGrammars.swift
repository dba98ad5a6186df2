import CodeGraph
import Foundation
import GrammarFiles
import Synchronization
import Syntax

/// The grammars that the tests read with: those of MARTLET_GRAMMARS or of the default store, where `make models` puts them.
enum TestGrammars {
    static let store = GrammarStore(environment: ProcessInfo.processInfo.environment)
    static let queries = LanguageQueries { try store.grammar(named: $0) }
    private static let compiled = Mutex<[Language: FactQuery]>([:])

    /// Compiled once: that takes longer than what is done with it.
    static func query(_ language: Language) throws -> FactQuery {
        try compiled.withLock { compiled in
            if let known = compiled[language] { return known }
            let query = try FactQuery(language.query, grammar: store.grammar(named: language.grammar))
            compiled[language] = query
            return query
        }
    }
}
