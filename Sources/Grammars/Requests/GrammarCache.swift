import Synchronization

/// Grammars that were compiled for one vocabulary, by what was asked for. Bounded: those not used for longest go first.
package final class GrammarCache: Sendable {
    private struct Entry {
        var grammar: TokenGrammar
        var lastUse: Int
    }

    private struct State {
        var entries: [GrammarRequest: Entry] = [:]
        var clock = 0
        var nodeCount = 0
    }

    package let vocabulary: TokenVocabulary
    private let entryLimit: Int
    private let nodeLimit: Int
    private let state = Mutex(State())

    /// - Parameters:
    ///   - entryLimit: the most grammars.
    ///   - nodeLimit: the most parts of all together, some 64 bytes each.
    package init(_ vocabulary: TokenVocabulary, entryLimit: Int = 64, nodeLimit: Int = 1 << 22) {
        self.vocabulary = vocabulary
        self.entryLimit = entryLimit
        self.nodeLimit = nodeLimit
    }

    /// The grammar, compiled unless it is known.
    package func grammar(for request: GrammarRequest) throws(GrammarError) -> TokenGrammar {
        let known = state.withLock { state -> TokenGrammar? in
            state.clock += 1
            state.entries[request]?.lastUse = state.clock
            return state.entries[request]?.grammar
        }
        if let known { return known }
        // Not under the lock: others need not wait. Two may compile the same, and one result is kept.
        let compiled = TokenGrammar(try request.compile(), vocabulary)
        return state.withLock { state in
            if let other = state.entries[request] { return other.grammar }
            state.entries[request] = Entry(grammar: compiled, lastUse: state.clock)
            state.nodeCount += compiled.grammar.nodeCount
            while state.entries.count > entryLimit || state.nodeCount > nodeLimit, state.entries.count > 1,
                let oldest = state.entries.filter({ $0.key != request }).min(by: { $0.value.lastUse < $1.value.lastUse }
                )
            {
                state.nodeCount -= oldest.value.grammar.grammar.nodeCount
                state.entries[oldest.key] = nil
            }
            return compiled
        }
    }

    /// How many grammars there are.
    package var count: Int { state.withLock { $0.entries.count } }
}
