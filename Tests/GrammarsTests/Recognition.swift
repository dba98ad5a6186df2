import Grammars

/// A grammar to try texts on.
final class Recognition {
    private var matcher: GrammarMatcher

    convenience init(_ source: GrammarSource, activation: Activation? = nil) throws {
        try self.init(GrammarRequest(source, activation: activation))
    }

    init(_ request: GrammarRequest) throws {
        matcher = GrammarMatcher(try request.compile())
    }

    func accepts(_ text: String) -> Bool { accepts(Array(text.utf8)) }

    func accepts(_ bytes: [UInt8]) -> Bool {
        var state = matcher.start()
        for byte in bytes { state = matcher.step(state, byte) }
        return matcher.canEnd(state)
    }

    /// Whether a text can become one of the grammar's.
    func acceptsBeginning(_ text: String) -> Bool {
        var state = matcher.start()
        for byte in text.utf8 { state = matcher.step(state, byte) }
        return state != GrammarMatcher.dead
    }

    var reachedLimit: MatchingLimit? { matcher.reachedLimit }

    /// A random text of the grammar: each byte is drawn from those that can come, those of `preferred` more often.
    /// Nil if it does not end soon.
    func randomText(
        _ random: inout some RandomNumberGenerator, preferred: [UInt8: Int] = [:], limit: Int = 3_000
    ) -> [UInt8]? {
        var state = matcher.start()
        var text: [UInt8] = []
        while text.count < limit {
            var choices: [(byte: UInt8, next: GrammarMatcher.State)] = []
            for byte in UInt8.min...UInt8.max {
                let next = matcher.step(state, byte)
                guard next != GrammarMatcher.dead else { continue }
                choices += repeatElement((byte: byte, next: next), count: preferred[byte] ?? 1)
            }
            if matcher.canEnd(state), choices.isEmpty || Int.random(in: 0..<3, using: &random) == 0 { return text }
            guard let choice = choices.randomElement(using: &random) else { return nil }
            text.append(choice.byte)
            state = choice.next
        }
        return nil
    }
}

/// Why a source is refused, or nil.
func refusal(_ source: GrammarSource) -> GrammarError? {
    do {
        _ = try GrammarRequest(source).compile()
        return nil
    } catch { return error }
}

/// A constraint whose questions can be asked within expectations.
final class ConstrainedText {
    private var constraint: Constraint
    private let count: Int

    init(_ constraint: Constraint, count: Int) {
        self.constraint = constraint
        self.count = count
    }

    convenience init(_ grammar: TokenGrammar) { self.init(grammar.constraint(), count: grammar.vocabulary.count) }

    var canEnd: Bool { constraint.canEnd }
    var isComplete: Bool { constraint.isComplete }
    var hasEnded: Bool { constraint.hasEnded }
    var rollbackCount: Int { constraint.rollbackCount }

    func allows(_ token: Int32) -> Bool { constraint.allows(token) }
    func accept(_ token: Int32) throws { try constraint.accept(token) }
    func rollback(_ count: Int) throws { try constraint.rollback(count) }
    func forcedBytes(limit: Int = 256) -> [UInt8] { constraint.forcedBytes(limit: limit) }
    func copy() -> ConstrainedText { ConstrainedText(constraint, count: count) }

    func mask() throws -> TokenMask {
        var mask = TokenMask(count: count)
        try constraint.mask(into: &mask)
        return mask
    }
}
