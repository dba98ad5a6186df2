import Grammars
import TestSupport
import Testing

@Suite("Hostile sources")
struct GrammarFuzzTests {
    /// Pieces in random order: most are malformed somewhere.
    private func text(_ pieces: [String], _ random: inout SplitMix64) -> String {
        (0..<random.below(30)).map { _ in pieces[random.below(pieces.count)] }.joined()
    }

    /// Whatever compiles can be followed.
    private func follow(_ source: GrammarSource, _ random: inout SplitMix64) -> Bool {
        guard let recognition = try? Recognition(source) else { return false }
        _ = recognition.randomText(&random, limit: 40)
        return true
    }

    @Test("random GBNF compiles or is refused")
    func gbnf() {
        let pieces = [
            "root", "a", "b", " ::= ", " | ", "\n", "(", ")", "\"x\"", "\"", "[", "]", "[a-z]", "[^b]", "*", "+", "?",
            "{2,3}", "{0,}",
            "{", "}", "\\", "\\x41", "#c", " ", ".", "-", "root ::= a\n", "a ::= \"x\" b\n", "b ::= \"y\"?\n", "é",
            "\u{0}",
        ]
        var random = SplitMix64(seed: 11)
        var compiled = 0
        for _ in 0..<6_000 {
            let prefix = random.below(2) == 0 ? "root ::= \"q\" " : ""
            if follow(.gbnf(prefix + text(pieces, &random)), &random) { compiled += 1 }
        }
        #expect(compiled > 150)
    }

    @Test("random regular expressions compile or are refused")
    func regularExpressions() {
        let pieces = [
            "a", "b", "(", ")", "(?:", "|", "*", "+", "?", "{2}", "{1,3}", "{,", "}", "[", "]", "[^", "a-z", "-", "\\d",
            "\\W", "\\", "^", "$",
            ".", "\\u00e9", "\\x4", "(?<n>", "é", "[\\w-]", "{0}", "(a?)", "\u{0}",
        ]
        var random = SplitMix64(seed: 12)
        var compiled = 0
        for _ in 0..<6_000 where follow(.regularExpression(text(pieces, &random)), &random) { compiled += 1 }
        #expect(compiled > 300)
    }

    @Test("random and damaged schemas compile or are refused")
    func schemas() {
        let pieces = [
            "{", "}", "[", "]", ",", ":", "\"type\":", "\"object\"", "\"string\"", "\"properties\":", "\"items\":",
            "\"$ref\":", "\"#\"",
            "\"enum\":", "\"anyOf\":", "\"allOf\":", "\"oneOf\":", "\"minimum\":", "\"maxLength\":", "1", "-0.5",
            "1e400", "true", "null",
            "\"pattern\":", "\"(\"", "\"required\":", "\"additionalProperties\":", "\"a\"",
        ]
        var random = SplitMix64(seed: 13)
        var schemas = RandomSchema(seed: 14)
        var compiled = 0
        for round in 0..<3_000 {
            var source = text(pieces, &random)
            if round % 3 == 0 {
                // A piece of a schema replaced by another piece.
                var characters = Array(schemas.document().schema)
                let place = random.below(characters.count)
                let end = min(characters.count, place + random.below(12))
                characters.replaceSubrange(place..<end, with: Array(pieces[random.below(pieces.count)]))
                source = String(characters)
            } else if round % 3 == 1 {
                // A keyword's value replaced by another value.
                var parts = schemas.document().schema.split(separator: ":").map { String($0) }
                let place = random.below(parts.count)
                let rest = parts[place].drop { $0 != "," && $0 != "}" }
                parts[place] =
                    ["0", "-1", "1e3", "\"x\"", "null", "[]", "{}", "true", "[\"a\"]"][random.below(9)] + rest
                source = parts.joined(separator: ":")
            }
            if follow(.jsonSchema(source), &random) { compiled += 1 }
        }
        #expect(compiled > 60)
    }
}
