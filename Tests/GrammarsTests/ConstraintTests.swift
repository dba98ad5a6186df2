import Grammars
import TestSupport
import Testing

@Suite("Constraints")
struct ConstraintTests {
    private let tokens = SyntheticVocabulary.tokens()

    private func constraint(_ source: GrammarSource, activation: Activation? = nil) throws -> ConstrainedText {
        let grammar = try GrammarRequest(source, activation: activation).compile()
        return ConstrainedText(TokenGrammar(grammar, SyntheticVocabulary.vocabulary()))
    }

    /// The ids of a text's bytes, one token each.
    private func ids(_ text: String) -> [Int32] { text.utf8.map { Int32($0) + 2 } }

    @Test("an end token is allowed where the text may end, and nothing after it")
    func ending() throws {
        let constraint = try constraint(.regularExpression("ab?"))
        #expect(!constraint.allows(SyntheticVocabulary.end) && !constraint.canEnd)
        try constraint.accept(ids("a")[0])
        #expect(constraint.allows(SyntheticVocabulary.end) && constraint.canEnd && !constraint.isComplete)
        let longer = constraint.copy()
        try longer.accept(ids("b")[0])
        #expect(longer.isComplete && !longer.hasEnded)
        try constraint.accept(SyntheticVocabulary.end)
        #expect(constraint.hasEnded && constraint.isComplete && !constraint.allows(ids("b")[0]))
        #expect(try constraint.mask().isEmpty)
        try constraint.rollback(1)
        #expect(constraint.allows(ids("b")[0]))
    }

    @Test("control tokens and unknown ids are refused, and a refusal changes nothing")
    func refusals() throws {
        let constraint = try constraint(.jsonObject())
        for token in [SyntheticVocabulary.control, -1, Int32(tokens.count), ids("x")[0]] {
            #expect(!constraint.allows(token))
            #expect(throws: ConstraintError.refused(token: token, limit: nil)) { try constraint.accept(token) }
        }
        for token in ids("{}") { try constraint.accept(token) }
        #expect(constraint.isComplete)
    }

    @Test("taking back tokens leads to where they began, whatever was tried in between")
    func rollback() throws {
        var random = SplitMix64(seed: 3)
        let constraint = try constraint(.jsonValue(.upTo(1)))
        var masks: [TokenMask] = []
        while masks.count < 400 {
            let mask = try constraint.mask()
            masks.append(mask)
            var ids: [Int32] = []
            mask.forEach { if $0 != SyntheticVocabulary.end { ids.append($0) } }
            if ids.isEmpty || random.below(4) == 0, masks.count > 3 {
                let count = 1 + random.below(3)
                try constraint.rollback(count)
                masks.removeLast(count)
                #expect(try constraint.mask() == masks[masks.count - 1])
                masks.removeLast()
                if ids.isEmpty || random.below(20) == 0 { break }
                continue
            }
            try constraint.accept(ids[random.below(ids.count)])
        }
        let count = constraint.rollbackCount
        #expect(throws: ConstraintError.rollbackTooFar(count: count + 1, limit: count)) {
            try constraint.rollback(count + 1)
        }
        try constraint.rollback(count)
        #expect(try constraint.mask() == masks.first)
    }

    @Test("long texts keep their place when states out of use are forgotten")
    func compaction() throws {
        let constraint = try constraint(
            .jsonSchema(#"{"type":"array","items":{"type":"string","maxLength":400000},"maxItems":3}"#))
        for token in ids("[\"") { try constraint.accept(token) }
        let letter = ids("a")[0]
        for _ in 0..<300_000 { try constraint.accept(letter) }
        #expect(constraint.rollbackCount >= Constraint.rollbackLimit)
        try constraint.rollback(900)
        for token in ids("\",\"b\"]") { try constraint.accept(token) }
        #expect(constraint.isComplete)
    }

    @Test("what must come is known without the model")
    func forced() throws {
        let constraint = try constraint(
            .jsonSchema(#"{"properties":{"name":{"enum":["abc","abd"]}},"required":["name"]}"#))
        #expect(constraint.forcedBytes() == Array(#"{"name":"ab"#.utf8))
        #expect(constraint.forcedBytes(limit: 3) == Array(#"{"n"#.utf8))
        for token in ids(#"{"name":"abd"#) { try constraint.accept(token) }
        #expect(constraint.forcedBytes() == Array("\"}".utf8))
        for token in ids("\"}") { try constraint.accept(token) }
        #expect(constraint.forcedBytes().isEmpty)
    }

    @Test("text is free until a trigger, follows the grammar then, and is free again")
    func activation() throws {
        let activation = Activation(triggers: ["<tool_call>", "[CALL]"], opening: "", closing: "</tool_call>")
        let request = GrammarRequest(.jsonObject(), activation: activation)
        let recognition = try Recognition(request.source, activation: request.activation)
        for text in [
            "", "Hello {]", "<tool_cal", "<tool_<tool_call>{}</tool_call>",
            "a<tool_call>{\"a\":[1]}</tool_call> then [CALL]{}</tool_call>b",
            "[[CALL]{}</tool_call>", "\u{0}é😀",
        ] {
            #expect(recognition.accepts(text), "\(text)")
        }
        for text in ["<tool_call>", "<tool_call>x", "a[CALL]{}", "[CALL]{}</tool_call><tool_call>"] {
            #expect(!recognition.accepts(text), "\(text)")
        }
        #expect(
            !recognition.acceptsBeginning("<tool_call>x") && recognition.acceptsBeginning("[CALL]{\"a\":\"<tool_call>"))
        let constraint = try constraint(request.source, activation: activation)
        #expect(constraint.canEnd && constraint.allows(SyntheticVocabulary.end))
        for token in ids("x<tool_call") { try constraint.accept(token) }
        #expect(constraint.canEnd)
        try constraint.accept(ids(">")[0])
        #expect(!constraint.canEnd && constraint.forcedBytes() == Array("{".utf8))
    }

    @Test("compiled grammars are shared and bounded")
    func cache() throws {
        let cache = GrammarCache(SyntheticVocabulary.vocabulary(), entryLimit: 3)
        let first = try cache.grammar(for: GrammarRequest(.choice(["a"])))
        #expect(try cache.grammar(for: GrammarRequest(.choice(["a"]))) === first)
        for index in 0..<5 {
            _ = try cache.grammar(for: GrammarRequest(.choice(["\(index)"])))
            #expect(try cache.grammar(for: GrammarRequest(.choice(["a"]))) === first)
        }
        #expect(cache.count == 3)
        #expect(throws: GrammarError.matchesNothing) { try cache.grammar(for: GrammarRequest(.choice([]))) }
    }

    @Test("one grammar serves many texts at a time")
    func concurrency() async throws {
        let grammar = TokenGrammar(try GrammarRequest(.jsonValue()).compile(), SyntheticVocabulary.vocabulary())
        let vocabulary = tokens
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 0..<4 {
                group.addTask {
                    var random = SplitMix64(seed: UInt64(seed))
                    var constraint = grammar.constraint()
                    var mask = TokenMask(count: vocabulary.count)
                    while !constraint.hasEnded, constraint.rollbackCount < 200 {
                        try constraint.mask(into: &mask)
                        var ids: [Int32] = []
                        mask.forEach { ids.append($0) }
                        try constraint.accept(ids[random.below(ids.count)])
                    }
                }
            }
            try await group.waitForAll()
        }
    }
}
