import Grammars
import TestSupport
import Testing

@Suite("Regular expressions")
struct RegularExpressionTests {
    @Test(
        "each construct",
        arguments: [
            ("abc", ["abc"], ["", "ab", "abcd", "xabc"]),
            ("a|bc|", ["a", "bc", ""], ["b", "abc"]),
            ("^a$|^b", ["a", "b"], ["ab"]),
            ("(?:ab)+c?", ["ab", "ababc"], ["", "abcc"]),
            ("(?<name>x){2,3}", ["xx", "xxx"], ["x", "xxxx"]),
            ("\\d{3}-\\d{2,}", ["123-45", "123-4567"], ["123-4", "١٢٣-45"]),
            ("\\w+\\s\\W", ["a_9 !", "x\u{A0}-"], ["é !", "a b"]),
            ("[^\\d\\s]+?", ["ab", "é"], ["a1", ""]),
            ("[\\w.-]+@[\\w-]+", ["a.b-c@d-e"], ["@d", "a b@c"]),
            (".", ["a", "é", "😀"], ["\n", "\r", "\u{2028}", "ab"]),
            ("[\\u00e0-\\u00ff\\x41]", ["é", "A"], ["a", "B"]),
            ("\\u{1F600}|\\ud83d\\ude01", ["😀", "😁"], ["😂"]),
            ("a{,2}", ["a{,2}"], ["aa"]),
            ("a{2", ["a{2"], ["aa"]),
            ("\\.\\*\\/\\-", [".*/-"], ["a"]),
            ("(a*)*b", ["b", "aaab"], ["a"]),
            ("(a|b|)*?c{0}", ["", "abba"], ["c"]),
            ("\\0\\t\\v\\f", ["\0\t\u{B}\u{C}"], []),
        ])
    func constructs(source: String, accepts: [String], rejects: [String]) throws {
        let recognition = try Recognition(.regularExpression(source))
        for text in accepts { #expect(recognition.accepts(text), "\(source) \(text.debugDescription)") }
        for text in rejects { #expect(!recognition.accepts(text), "\(source) \(text.debugDescription)") }
    }

    @Test(
        "what is not regular or not known is an error",
        arguments: [
            ("(a", RegularExpressionProblem.expectedClosing(")"), 2), ("a)", .unmatchedClosing(")"), 1),
            ("[a", .expectedClosing("]"), 2), ("*a", .nothingToRepeat, 0), ("a**", .nothingToRepeat, 2),
            ("a{3,2}", .reversedBounds, 1), ("[b-a]", .reversedRange, 1),
            ("(a)\\1", .unsupported("back-references"), 3), ("\\k<a>", .unsupported("back-references"), 0),
            ("a(?=b)", .unsupported("look-ahead assertions"), 1), ("(?<!b)", .unsupported("look-behind assertions"), 0),
            ("\\bx", .unsupported("word boundaries"), 0), ("\\p{L}", .unsupported("Unicode properties"), 0),
            ("a++", .unsupported("possessive quantifiers"), 2),
            ("(?i)a", .unsupported("flags within the expression"), 0),
            ("\\q", .unknownEscape("\\q"), 0), ("a\\", .unknownEscape("\\"), 1), ("\\xZZ", .unknownEscape("\\x"), 0),
            ("a{99999999}", .repetitionTooLarge(limit: 1 << 24), 9), ("a(^b)", .innerAnchor, 0),
        ])
    func errors(source: String, problem: RegularExpressionProblem, offset: Int) {
        #expect(refusal(.regularExpression(source)) == .regularExpression(problem, offset: offset))
    }

    /// A random expression over a small alphabet, so that random texts match now and then.
    private func expression(_ random: inout SplitMix64, depth: Int) -> String {
        switch random.below(depth > 0 ? 9 : 3) {
        case 0: return ["a", "b", "c", "é", "\\d", "1", "."][random.below(7)]
        case 1: return ["[ab]", "[^a]", "[a-cé]", "\\w", "\\W"][random.below(5)]
        case 2: return "ab"
        case 3, 4: return expression(&random, depth: depth - 1) + expression(&random, depth: depth - 1)
        case 5: return "(?:\(expression(&random, depth: depth - 1))|\(expression(&random, depth: depth - 1)))"
        default:
            let body = expression(&random, depth: depth - 1)
            return "(?:\(body))\(["*", "+", "?", "{2}", "{1,3}", "{0,2}", "{2,}"][random.below(7)])"
        }
    }

    @Test("agrees with Swift's Regex on random expressions and texts")
    func agreesWithSwift() throws {
        var random = SplitMix64(seed: 7)
        var matches = 0
        for _ in 0..<400 {
            let source = expression(&random, depth: 4)
            let recognition = try Recognition(.regularExpression(source))
            let regex = try Regex(source).matchingSemantics(.unicodeScalar).asciiOnlyDigits().asciiOnlyWordCharacters()
            for _ in 0..<30 {
                var text = String((0..<random.below(9)).map { _ in Array("aabbc1é ")[random.below(8)] })
                if random.below(3) == 0, let bytes = recognition.randomText(&random, limit: 12) {
                    text = String(decoding: bytes, as: UTF8.self)
                }
                // To Swift these end lines, to JavaScript they don't.
                if text.unicodeScalars.contains(where: { ["\u{B}", "\u{C}", "\u{85}"].contains($0) }) { continue }
                let expected = try regex.wholeMatch(in: text) != nil
                matches += expected ? 1 : 0
                #expect(recognition.accepts(text) == expected, "\(source) on \(text.debugDescription)")
            }
        }
        #expect(matches > 500)
    }

    @Test("one of some strings")
    func choice() throws {
        let recognition = try Recognition(.choice(["yes", "no", "yesterday", "", "é", "no"]))
        for text in ["yes", "no", "yesterday", "", "é"] { #expect(recognition.accepts(text)) }
        for text in ["ye", "n", "yester", "yesno", "e"] { #expect(!recognition.accepts(text)) }
        #expect(refusal(.choice([])) == .matchesNothing)
    }
}
