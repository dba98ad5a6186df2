/// A grammar over the tokens of a vocabulary, with the masks that were computed so far. One serves any number of texts.
package final class TokenGrammar: Sendable {
    package let grammar: Grammar
    package let vocabulary: TokenVocabulary
    let cache = MaskCache()
    /// Of the beginning, so that a new text need not find it again.
    private let fresh: GrammarMatcher

    package init(_ grammar: Grammar, _ vocabulary: TokenVocabulary) {
        self.grammar = grammar
        self.vocabulary = vocabulary
        var matcher = GrammarMatcher(grammar)
        _ = matcher.start()
        fresh = matcher
    }

    /// The constraint on a text that is yet to begin.
    package func constraint() -> Constraint { Constraint(self, fresh) }
}
