/// When a grammar applies, if not to the whole text: each time a trigger has been written, until the grammar ends. Between
/// that the text is free.
package struct Activation: Hashable, Sendable {
    /// Strings that begin a constrained part, such as `<tool_call>`.
    package var triggers: [String]
    /// What stands between a trigger and the constrained part.
    package var opening: String
    /// What must follow the constrained part.
    package var closing: String
    /// The text is such parts and nothing else, one at least, each behind the first of the triggers.
    package var isRequired = false
    /// More than one part may come.
    package var repeats = true
    /// What stands between parts that are required, and around all of them.
    package var separator = ""
    package var surroundings = Surroundings()

    /// What stands around several parts.
    package struct Surroundings: Hashable, Sendable {
        package var before = ""
        package var after = ""

        package init(before: String = "", after: String = "") { (self.before, self.after) = (before, after) }
    }

    package init(triggers: [String], opening: String = "", closing: String = "") {
        self.triggers = triggers
        self.opening = opening
        self.closing = closing
    }
}

/// What a model thinks before it answers: free up to its end.
package struct Thought: Hashable, Sendable {
    /// What begins it; nil where it has begun already.
    package var opening: String?
    package var closing: String

    package init(opening: String?, closing: String) { (self.opening, self.closing) = (opening, closing) }
}

/// A source with when it applies: what compiled grammars are known by.
package struct GrammarRequest: Hashable, Sendable {
    package var source: GrammarSource
    /// Nil for the whole text.
    package var activation: Activation?
    /// What the whole text may be instead.
    package var alternative: GrammarSource?
    /// What stands before a whole text.
    package var textOpening: String
    /// What may come before everything.
    package var thought: Thought?

    package init(
        _ source: GrammarSource, activation: Activation? = nil, alternative: GrammarSource? = nil,
        textOpening: String = "", thought: Thought? = nil
    ) {
        self.source = source
        self.activation = activation
        self.alternative = alternative
        self.textOpening = textOpening
        self.thought = thought
    }

    /// Time and memory are linear in the source, but for `anyOf` within `allOf`, whose products are bounded.
    package func compile() throws(GrammarError) -> Grammar {
        var builder = GrammarBuilder()
        var root = try source.expression(in: &builder)
        let opening = builder.literal(textOpening)
        root = activation?.apply(to: root, in: &builder) ?? builder.sequence([opening, root])
        if let alternative {
            let whole = builder.sequence([opening, try alternative.expression(in: &builder)])
            root = builder.choice([root, whole])
        }
        if let thought {
            let mayEnd = activation.map { !$0.isRequired } ?? false
            root = thought.precede(root, mayEndText: mayEnd, in: &builder)
        }
        return try builder.build(root: root)
    }
}

extension Activation {
    fileprivate func apply(
        to root: GrammarBuilder.Expression, in builder: inout GrammarBuilder
    ) -> GrammarBuilder.Expression {
        let body = builder.sequence([builder.literal(opening), root, builder.literal(closing)])
        guard isRequired else {
            return builder.text(
                withPartsAfter: triggers.map { Array($0.utf8) }, body, atMost: repeats ? nil : 1)
        }
        let part = builder.sequence([builder.literal(triggers.first ?? ""), body])
        let next = builder.sequence([builder.literal(separator), part])
        let more = builder.repetition(next, 0, repeats ? nil : 0)
        return builder.sequence([
            builder.literal(surroundings.before), part, more, builder.literal(surroundings.after),
        ])
    }
}

extension Thought {
    /// Line ends and spaces between a thought and what follows.
    private static let longestSpace = 4

    /// - Parameter mayEndText: whether the text may end within the thought.
    fileprivate func precede(
        _ root: GrammarBuilder.Expression, mayEndText: Bool, in builder: inout GrammarBuilder
    ) -> GrammarBuilder.Expression {
        let space = builder.character(CodePointSet([0x0A...0x0A, 0x20...0x20]))
        let content = builder.text(upTo: closing)
        let whole = builder.sequence([content, builder.repetition(space, 0, Self.longestSpace), root])
        let rest = mayEndText ? builder.choice([whole, builder.text(without: closing)]) : whole
        guard let opening else { return rest }
        return builder.choice([builder.sequence([builder.literal(opening), rest]), root])
    }
}
