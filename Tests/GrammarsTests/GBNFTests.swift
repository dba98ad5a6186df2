import Grammars
import TestSupport
import Testing

@Suite("GBNF")
struct GBNFTests {
    private func check(_ grammar: String, accepts: [String], rejects: [String]) throws {
        let recognition = try Recognition(.gbnf(grammar))
        for text in accepts { #expect(recognition.accepts(text), "\(grammar) should accept \(text.debugDescription)") }
        for text in rejects { #expect(!recognition.accepts(text), "\(grammar) should reject \(text.debugDescription)") }
    }

    @Test("strings, classes, any character and their escapes")
    func characters() throws {
        try check(#"root ::= "a\n\"\\\x41\u00e9\U0001F600""#, accepts: ["a\n\"\\Aé😀"], rejects: ["", "a\n\"\\Aé"])
        try check("root ::= [a-cx\\]^-]", accepts: ["a", "b", "c", "x", "]", "^", "-"], rejects: ["d", "w", "ab", ""])
        try check("root ::= [^a-z\\n]", accepts: ["A", "é", "😀", "\r"], rejects: ["a", "q", "\n", "AA"])
        try check("root ::= [à-ü]+", accepts: ["é", "çàü"], rejects: ["e", "ý"])
        try check("root ::= .", accepts: ["a", "é", "€", "😀", "\n"], rejects: ["", "ab"])
        try check("root ::= [\\x30-\\x39]{2}", accepts: ["42"], rejects: ["4", "423"])
    }

    @Test("half a character can go on, a malformed one cannot")
    func partialUTF8() throws {
        let recognition = try Recognition(.gbnf("root ::= [^x]"))
        #expect(!recognition.accepts([0xC3]) && recognition.accepts([0xC3, 0xA9]))
        #expect(!recognition.accepts([0xC0, 0x80]) && !recognition.accepts([0xED, 0xA0, 0x80]))
        #expect(!recognition.accepts([0xF4, 0x90, 0x80, 0x80]) && recognition.accepts([0xF4, 0x8F, 0xBF, 0xBF]))
        #expect(!recognition.accepts([0x80]) && !recognition.accepts([0xFF]))
    }

    @Test("every Unicode scalar and nothing else is a character")
    func allScalars() throws {
        let recognition = try Recognition(.gbnf("root ::= [^\\n]"))
        for value in stride(from: UInt32(0), through: 0x10FFFF, by: 61) {
            guard let scalar = Unicode.Scalar(value) else { continue }
            #expect(recognition.accepts(String(scalar)) == (scalar != "\n"))
        }
    }

    @Test("repetitions")
    func repetitions() throws {
        try check("root ::= \"ab\"*", accepts: ["", "ab", "abab"], rejects: ["a", "aba"])
        try check("root ::= [ab]+", accepts: ["a", "abba"], rejects: [""])
        try check("root ::= \"a\"? \"b\"", accepts: ["b", "ab"], rejects: ["a", "aab"])
        try check("root ::= \"a\"{2}", accepts: ["aa"], rejects: ["a", "aaa"])
        try check("root ::= \"a\"{2,}", accepts: ["aa", "aaaaa"], rejects: ["a"])
        try check("root ::= \"a\"{,2}", accepts: ["", "a", "aa"], rejects: ["aaa"])
        try check("root ::= (\"a\" | \"bc\"){1,3} \"d\"", accepts: ["ad", "bcabcd"], rejects: ["d", "aaaad", "abd"])
        try check("root ::= \"a\"{0}", accepts: [""], rejects: ["a"])
        let long = String(repeating: "a", count: 100_000)
        try check("root ::= \"a\"{3,100000}", accepts: ["aaa", long], rejects: ["aa", long + "a"])
    }

    @Test("a body that may be empty counts what it reads, not what it could have read")
    func emptyIterations() throws {
        try check("root ::= (\"a\"?){2,5}", accepts: ["", "a", "aaaaa"], rejects: ["aaaaaa"])
        try check("root ::= (\"a\"* \"b\"*){1,1000000}", accepts: ["", "ab", "bbaab"], rejects: ["c"])
        try check("root ::= (x)* \"!\"\nx ::= \"a\"? y?\ny ::= \"b\" | \"\"", accepts: ["!", "abba!"], rejects: ["c!"])
        try check("root ::= ((\"a\"?){3}){2} ", accepts: ["", "aaaaaa"], rejects: ["aaaaaaa"])
        try check(
            "root ::= (r{0,3})*\nr ::= \"(\" r? \")\"", accepts: ["", "()", "(())()()()()"], rejects: ["(", "())"])
    }

    @Test("rules, comments and rules over several lines")
    func rules() throws {
        let grammar = """
            # arithmetic, from llama.cpp's documentation in spirit
            root  ::= (expression "=" term "\\n")+ # a comment
            expression ::= term (
                [-+*/] term
              )*

            term ::=
              number
              | "(" expression ")" # nested
              |
              name
            number ::= [0-9]+
            name-1 ::= [a-z]
            name ::= name-1 [a-z0-9_]*
            """
        try check(grammar, accepts: ["1+2=3\n", "(a1*(2-b))=c\n1=1\n"], rejects: ["1+=3\n", "(1=2\n", "1=2"])
        try check("root ::= \"a\" | | \"b\"", accepts: ["", "a", "b"], rejects: ["ab"])
        try check("root ::= \"\"", accepts: [""], rejects: ["a"])
    }

    @Test("recursion nests as deep as the text")
    func recursion() throws {
        let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
        try check("root ::= \"[\" root \"]\" | \"\"", accepts: ["", deep], rejects: ["[" + deep, deep + "]"])
        try check(
            "root ::= \"a\" root | \"b\"", accepts: ["b", String(repeating: "a", count: 100_000) + "b"], rejects: ["a"])
    }

    @Test(
        "errors say where and what",
        arguments: [
            ("", GBNFProblem.noRoot("root"), 1, 1),
            ("rot ::= \"a\"", .noRoot("root"), 1, 12),
            ("root = \"a\"", .expectedDefinition, 1, 6),
            ("root ::= \"a\"\n::= \"b\"", .expectedRuleName, 2, 1),
            ("root ::= \"a", .expectedClosing("\""), 1, 12),
            ("root ::= [a", .expectedClosing("]"), 1, 12),
            ("root ::= (\"a\"", .expectedClosing(")"), 1, 14),
            ("root ::= \"a\")", .expectedEndOfRule, 1, 13),
            ("root ::= *", .nothingToRepeat, 1, 11),
            ("root ::= \"a\"{3,2}", .malformedRepetition, 1, 18),
            ("root ::= \"a\"{}", .malformedRepetition, 1, 14),
            ("root ::= \"a\"{99999999999999999999}", .repetitionTooLarge(limit: 1 << 24), 1, 21),
            ("root ::= \"\\q\"", .unknownEscape("\\q"), 1, 11),
            ("root ::= \"\\ud800\"", .unknownEscape("\\ud800"), 1, 11),
            ("root ::= [z-a]", .reversedRange, 1, 11),
            ("root ::= <[12]>", .tokenReference, 1, 10),
            ("root ::= \"a\"\nroot ::= \"b\"", .duplicateRule("root"), 2, 1),
        ])
    func errors(grammar: String, problem: GBNFProblem, line: Int, column: Int) {
        #expect(refusal(.gbnf(grammar)) == .gbnf(problem, line: line, column: column))
    }

    @Test("grammars that can't be followed are refused")
    func structure() {
        #expect(refusal(.gbnf("root ::= a")) == .undefinedRule("a"))
        #expect(refusal(.gbnf("root ::= a\na ::= a \"x\" | \"y\"")) == .leftRecursion(rule: "a"))
        #expect(refusal(.gbnf("root ::= \"x\"? root \"y\" | \"z\"")) == .leftRecursion(rule: "root"))
        #expect(refusal(.gbnf("root ::= \"x\"? a | \"\"\na ::= b\nb ::= \"\"? root \"!\"")) != nil)
        #expect(refusal(.gbnf("root ::= \"a\" root")) == .matchesNothing)
        #expect(refusal(.gbnf("root ::= []")) == .matchesNothing)
        let open = String(repeating: "(", count: 101) + "\"a\"" + String(repeating: ")", count: 101)
        #expect(refusal(.gbnf("root ::= \(open)")) == .gbnf(.tooDeep(limit: 100), line: 1, column: 110))
    }

    @Test("an alternative that never ends is never begun")
    func unproductive() throws {
        try check("root ::= \"a\" loop | \"b\"\nloop ::= \"c\" loop", accepts: ["b"], rejects: ["a"])
        let recognition = try Recognition(.gbnf("root ::= \"a\" loop | \"b\"\nloop ::= \"c\" loop"))
        #expect(!recognition.acceptsBeginning("a"))
    }
}
