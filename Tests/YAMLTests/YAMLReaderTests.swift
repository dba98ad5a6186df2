import Testing
import TestSupport
import YAML

@Suite("YAML, as libyaml reads it")
struct YAMLReaderTests {
    private func parse(_ text: String) throws -> YAMLNode { try YAMLNode(parsing: Array(text.utf8)) }

    @Test("texts stand as they are written, whatever they look like")
    func scalars() throws {
        let text = """
            - plain text
            - 007
            - 'it''s'
            - "a\\tb"
            - |
              def f():
                return 1
            - >-
              folded
              line
            - no
            """
        let elements = try #require(try parse(text).elements)
        #expect(
            elements.map(\.text) == [
                "plain text", "007", "it's", "a\tb", "def f():\n  return 1\n", "folded line", "no",
            ])
        #expect(elements.map(\.line) == [1, 2, 3, 4, 5, 8, 11])
    }

    @Test(
        "nothing is not a word, unless it is in quotes", arguments: ["", "~", "null", "NULL", "'null'", "\"\"", "nil"])
    func null(text: String) throws {
        let value = try #require(try parse("a: " + text + "\n").entries?["a"])
        let isWord = text.contains("\"") || text.contains("'") || text == "nil"
        #expect(value.isNull == !isWord)
        #expect((value.text == nil) == !isWord)
    }

    @Test("JSON is read too")
    func json() throws {
        let node = try parse(#"[{"message": "\u00e9 \n", "files": ["a", "b"], "n": null, "tests": {}}]"#)
        let entries = try #require(node.elements?.first?.entries)
        #expect(entries["message"]?.text == "é \n")
        #expect(entries["files"]?.elements?.map(\.text) == ["a", "b"])
        #expect(entries["n"]?.isNull == true)
        #expect(entries["tests"]?.entries == [:])
    }

    @Test(
        "what is not read is an error that names its line",
        arguments: [
            ("", 1, "nothing"), ("a: 1\nb: [", 3, "node content"), ("a: 1\na: 2", 2, "'a' is there twice"),
            ("a: &x 1\nb: *x", 2, "aliases"), ("a: 1\n---\nb: 2", 2, "second document"), ("? [a]\n: b", 1, "key"),
            ("a: 1\n\tb: 2", 2, "tab character"), (String(repeating: "[", count: 100), 1, "64 levels"),
        ])
    func refused(text: String, line: Int, words: String) throws {
        let error = try #require(throws: YAMLError.self) { try parse(text) }
        #expect(error.line == line, "\(error)")
        #expect(error.reason.contains(words), "\(error)")
    }

    @Test("texts that are no UTF-8 are an error") func encoding() {
        #expect(throws: YAMLError.self) { try YAMLNode(parsing: [0x61, 0x3a, 0x20, 0xff, 0xfe, 0x0a]) }
    }

    @Test("documents changed at random are read or refused, and nothing else")
    func fuzz() {
        let document = Array(
            "- id: one\n  message: |\n    Do it\n  files: [a.py, \"b\\x41\"]\n  tests: {t.py: 'x'}\n  setup: >\n    y\n- &a b\n- ~\n"
                .utf8)
        let bytes = Array("-:[]{}&*#|>'\"%@!?, \n\t\\~".utf8) + [0, 0x80, 0xc3, 0xff, 0xef, 0xbb, 0xbf]
        var random = SplitMix64(seed: 20_261_121)
        var (read, refused) = (0, 0)
        for _ in 0..<20_000 {
            var changed = document
            for _ in 0..<Int.random(in: 1...8, using: &random) {
                let index = Int.random(in: 0..<changed.count, using: &random)
                switch Int.random(in: 0..<3, using: &random) {
                case 0: changed[index] = bytes.randomElement(using: &random) ?? 0
                case 1: changed.insert(bytes.randomElement(using: &random) ?? 0, at: index)
                default: changed.remove(at: index)
                }
            }
            do {
                _ = try YAMLNode(parsing: changed)
                read += 1
            } catch { refused += 1 }
        }
        #expect(read > 1000 && refused > 1000, "\(read) read, \(refused) refused")
    }
}
