package import Grammars
package import Tokenization

/// What holds for one answer besides what its options say; whoever makes the prompt decides it.
package struct AnswerRules: Sendable {
    /// Token ids that end the text besides the model's own.
    package var ends: Set<TokenID> = []
    /// What the text has to follow; nil where it is free.
    package var constraint: Constraint?
    /// Control tokens are a part of the text.
    package var showsControlTokens = false

    package init(ends: Set<TokenID> = []) { self.ends = ends }
}
