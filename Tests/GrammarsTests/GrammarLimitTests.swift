import Grammars
import TestSupport
import Testing

@Suite("Grammars that strain the matcher")
struct GrammarLimitTests {
    @Test("nesting beyond the limit is refused, not followed")
    func deepNesting() throws {
        let recognition = try Recognition(.jsonValue())
        #expect(recognition.acceptsBeginning(String(repeating: "[", count: 500)))
        #expect(!recognition.acceptsBeginning(String(repeating: "[", count: 5_000)))
        #expect(recognition.reachedLimit == .stackDepth(2_000))
    }

    @Test("exponentially many readings of a text are few states")
    func ambiguity() throws {
        let text = String(repeating: "a", count: 400)
        let either = try Recognition(.gbnf("root ::= \"a\" root \"b\" | \"a\" root \"c\" | \"\""))
        #expect(either.accepts(text + String(repeating: "bc", count: 200)))
        #expect(!either.accepts(text + String(repeating: "b", count: 399)))
        let nested = try Recognition(.regularExpression("((a|aa|aaa)*)*b"))
        #expect(nested.accepts(text + "b") && !nested.accepts(text))
        let counted = try Recognition(.regularExpression("(a|aa){100,200}"))
        #expect(counted.accepts(text) && !counted.accepts(text + "a") && counted.reachedLimit == nil)
        let doubled = try Recognition(
            .gbnf(
                "root ::= \"x\" r0\n" + (0..<60).map { "r\($0) ::= r\($0 + 1) | r\($0 + 1) \"y\"\n" }.joined()
                    + "r60 ::= \"a\""))
        #expect(
            doubled.accepts("xa" + String(repeating: "y", count: 60))
                && !doubled.accepts("xa" + String(repeating: "y", count: 61)))
    }

    @Test("many strings cost no more than few")
    func manyStrings() throws {
        let strings = (0..<50_000).map { "value-\($0)-\($0 % 7)" }
        let choice = try Recognition(.choice(strings))
        #expect(choice.accepts("value-49999-5") && !choice.accepts("value-49999-4"))
        let schema = try Recognition(.jsonSchema("{\"enum\":[\(strings.map { "\"\($0)\"" }.joined(separator: ","))]}"))
        #expect(schema.accepts("\"value-123-4\"") && !schema.accepts("\"value-123-5\""))
        let rules = "root ::= " + (0..<3_000).map { "\"k\($0)\" x" }.joined(separator: " | ") + "\nx ::= \"!\""
        let alternatives = try Recognition(.gbnf(rules))
        #expect(alternatives.accepts("k2999!") && !alternatives.accepts("k3000!"))
    }

    @Test("more alternatives at one place than the limit are refused")
    func tooManyAlternatives() throws {
        let rules = "root ::= " + (0..<21_000).map { "\"a\" [\($0 % 10)] \"\($0)\"" }.joined(separator: " | ")
        let recognition = try Recognition(.gbnf(rules))
        #expect(!recognition.acceptsBeginning("a"))
        #expect(recognition.reachedLimit == .alternatives(20_000))
        var constraint = TokenGrammar(try GrammarRequest(.gbnf(rules)).compile(), SyntheticVocabulary.vocabulary())
            .constraint()
        var mask = TokenMask(count: SyntheticVocabulary.tokens().count)
        #expect(throws: ConstraintError.deadEnd(limit: .alternatives(20_000))) { try constraint.mask(into: &mask) }
    }

    @Test("long chains of rules and references do not exhaust the stack")
    func longChains() throws {
        let rules = (0..<50_000).map { "r\($0) ::= r\($0 + 1)\n" }.joined()
        let chain = refusal(.gbnf("root ::= r0\n\(rules)r50000 ::= \"a\""))
        #expect(chain == nil)
        let definitions = (0..<20_000).map { "\"d\($0)\":{\"$ref\":\"#/$defs/d\($0 + 1)\"}" }.joined(separator: ",")
        #expect(
            refusal(.jsonSchema("{\"$ref\":\"#/$defs/d0\",\"$defs\":{\(definitions),\"d20000\":{\"type\":\"null\"}}}"))
                == nil)
        let optional = (0..<3_000).map { "\"p\($0)\":{\"type\":\"integer\"}" }.joined(separator: ",")
        let recognition = try Recognition(.jsonSchema("{\"properties\":{\(optional)}}"))
        #expect(recognition.accepts("{\"p0\":1,\"p2999\":2}") && !recognition.accepts("{\"p2999\":2,\"p0\":1}"))
    }

    @Test("schemas nested deeper than JSON may be are refused")
    func deepSchemas() {
        let deep = String(repeating: "{\"items\":", count: 100_000) + "true" + String(repeating: "}", count: 100_000)
        guard case .notJSON? = refusal(.jsonSchema(deep)) else {
            Issue.record("accepted")
            return
        }
        let allowed = String(repeating: "{\"items\":", count: 120) + "true" + String(repeating: "}", count: 120)
        #expect(refusal(.jsonSchema(allowed)) == nil)
    }

    @Test("recursion through merged schemas ends")
    func recursiveMerging() throws {
        let schema = ##"""
            {"properties": {"p": {"$ref": "#"}, "q": {"type": "null"}},
             "allOf": [{"properties": {"p": {"$ref": "#"}}}, {"properties": {"p": {"allOf": [{"$ref": "#"}]}}}]}
            """##
        let recognition = try Recognition(.jsonSchema(schema))
        #expect(recognition.accepts(#"{"p":{"p":{"q":null}},"q":null}"#))
        #expect(!recognition.accepts(#"{"p":{"p":{"q":1}}}"#))
    }

    @Test("alternatives within alternatives do not multiply")
    func nestedAlternatives() throws {
        var schema = "{\"type\":\"null\"}"
        for _ in 0..<24 {
            schema =
                "{\"properties\":{\"p\":\(schema)},\"anyOf\":[{\"properties\":{\"a\":{\"const\":1}}},{\"properties\":{\"b\":{\"const\":2}}}]}"
        }
        let grammar = try GrammarRequest(.jsonSchema(schema)).compile()
        #expect(grammar.nodeCount < 5_000)
    }
}
