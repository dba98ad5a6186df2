import Grammars
import Synchronization
import Tokenization

/// Grammars compiled for the tokens of one model, and kept.
final class ModelGrammars: Sendable {
    private struct State {
        var plain: GrammarCache?
        var withControlTokens: GrammarCache?
    }
    private let tokenizer: Tokenizer
    private let state = Mutex(State())

    init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

    /// The constraint on a text that is yet to begin. A grammar that is not known yet takes some milliseconds, the first
    /// one some tenths of a second.
    /// - Parameter controlTokens: whether these may be a part of the text.
    func constraint(for request: GrammarRequest, controlTokens: Bool) throws(GrammarError) -> Constraint {
        try cache(controlTokens).grammar(for: request).constraint()
    }

    private func cache(_ controlTokens: Bool) -> GrammarCache {
        state.withLock { state in
            if let known = controlTokens ? state.withControlTokens : state.plain { return known }
            let ends = tokenizer.endOfGenerationIDs
            let tokens = (0..<TokenID(tokenizer.vocabularyCount)).map { id in
                controlTokens || !tokenizer.isControl(id) ? tokenizer.bytes(of: id) : nil
            }
            let cache = GrammarCache(TokenVocabulary(tokens: tokens, endTokens: Array(ends)))
            if controlTokens { state.withControlTokens = cache } else { state.plain = cache }
            return cache
        }
    }
}
