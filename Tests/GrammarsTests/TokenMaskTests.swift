import Grammars
import TestSupport
import Testing

@Suite("Token masks")
struct TokenMaskTests {
    private static let sources: [GrammarRequest] = [
        GrammarRequest(.jsonValue()),
        GrammarRequest(.jsonObject(.upTo(2))),
        GrammarRequest(
            .jsonSchema(
                """
                {"properties": {"name": {"type": "string", "maxLength": 40}, "n": {"type": "integer", "minimum": -5, "maximum": 1203},
                 "tags": {"items": {"type": "string", "minLength": 12}}, "k": {"enum": ["abc", "ab", "the é"]},
                 "p": {"pattern": "^[a-f]{2,30}(,[0-9]+)*$"}, "d": {"format": "date-time"}},
                 "required": ["name"], "additionalProperties": {"type": ["number", "null", "string"]}}
                """)),
        GrammarRequest(
            .jsonSchema(#"{"type":"array","items":{"type":"string","minLength":20,"maxLength":300},"minItems":2}"#)),
        GrammarRequest(.regularExpression("(ab|abc|[^\\n\"]{3,50}\")*[é€]?")),
        GrammarRequest(.regularExpression(".{0,70}")),
        GrammarRequest(.gbnf("root ::= word (\" \" word)* \"!\"\nword ::= [a-h]{1,60} | \"(\" root \")\"")),
        GrammarRequest(.gbnf("root ::= s \"a\" | s \"b\"\ns ::= t{1,20} | \"{\" s \"}\"\nt ::= [a-c0-9]+ | \"\\\"\"")),
        GrammarRequest(
            .toolCall([
                ToolSignature(name: "a", parameters: #"{"properties":{"x":{"type":"string"}},"required":["x"]}"#),
                ToolSignature(name: "abc", parameters: "{}"),
            ]),
            activation: Activation(triggers: ["<tool_call>", "<call"], opening: "\n", closing: "\n</tool_call>")),
    ]

    /// Tries every token byte by byte.
    private func bruteForce(_ text: [UInt8], _ grammar: Grammar, _ tokens: [[UInt8]?]) -> Set<Int32> {
        var matcher = GrammarMatcher(grammar)
        var state = matcher.start()
        for byte in text { state = matcher.step(state, byte) }
        var allowed: Set<Int32> = matcher.canEnd(state) ? [SyntheticVocabulary.end] : []
        for (id, token) in tokens.enumerated() where Int32(id) != SyntheticVocabulary.end {
            guard let token, !token.isEmpty else { continue }
            var next = state
            for byte in token { next = matcher.step(next, byte) }
            if next != GrammarMatcher.dead { allowed.insert(Int32(id)) }
        }
        return allowed
    }

    @Test("equal those of trying every token, all along random texts", arguments: sources.indices)
    func equalsBruteForce(index: Int) throws {
        let tokens = SyntheticVocabulary.tokens()
        let grammar = try Self.sources[index].compile()
        let tokenGrammar = TokenGrammar(grammar, SyntheticVocabulary.vocabulary())
        var random = SplitMix64(seed: UInt64(index))
        for _ in 0..<12 {
            // Masks of earlier texts are in the cache from the second text on.
            let constraint = ConstrainedText(tokenGrammar)
            var text: [UInt8] = []
            for step in 0..<40 {
                let mask = try constraint.mask()
                var allowed: Set<Int32> = []
                mask.forEach { allowed.insert($0) }
                if step % 3 == 0 {
                    let expected = bruteForce(text, grammar, tokens)
                    #expect(allowed == expected, "after \(String(decoding: text, as: UTF8.self))")
                }
                for id in stride(from: Int32(step % 7), to: Int32(tokens.count), by: 7) {
                    #expect(constraint.allows(id) == allowed.contains(id))
                }
                // Long tokens more often: they cross more of the grammar.
                let candidates = allowed.subtracting([SyntheticVocabulary.end]).sorted()
                guard !candidates.isEmpty else { break }
                let drawn = (0..<3).map { _ in candidates[random.below(candidates.count)] }
                guard let token = drawn.max(by: { tokens[Int($0)]?.count ?? 0 < tokens[Int($1)]?.count ?? 0 }) else {
                    break
                }
                try constraint.accept(token)
                text += tokens[Int(token)] ?? []
            }
        }
    }

    @Test("a mask is a set of ids")
    func masks() throws {
        var constraint = TokenGrammar(try GrammarRequest(.choice(["abc"])).compile(), SyntheticVocabulary.vocabulary())
            .constraint()
        var mask = TokenMask(count: SyntheticVocabulary.tokens().count)
        try constraint.mask(into: &mask)
        var ids: [Int32] = []
        mask.forEach { ids.append($0) }
        #expect(ids.count == mask.cardinality && ids.allSatisfy { mask.contains($0) } && !mask.contains(0))
        let texts = Set(ids.map { SyntheticVocabulary.tokens()[Int($0)] })
        #expect(texts == [Array("a".utf8), Array("ab".utf8), Array("abc".utf8)] && ids.count == 4)
        var logits = [Float](repeating: 1, count: mask.count)
        mask.apply(to: &logits)
        #expect(logits.indices.allSatisfy { logits[$0] == (mask.contains(Int32($0)) ? 1 : -.infinity) })
        #expect(!mask.contains(-1) && !mask.contains(Int32(mask.count)))
    }
}
