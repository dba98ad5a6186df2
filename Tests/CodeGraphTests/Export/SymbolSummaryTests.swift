import CodeGraph
import Testing

struct SymbolSummaryTests {
    @Test(
        "is the first paragraph of what documents a symbol, without the signs of comments",
        arguments: [
            ("a.py", "def f():\n    \"\"\"Does\n    it.\n\n    More.\n    \"\"\"\n", "Does it."),
            ("b.py", "def f():\n    '''One line.'''\n", "One line."),
            ("c.c", "/*\n * Does\n * it.\n *\n * More.\n */\nint f(void) { return 1; }\n", "Does it."),
            ("d.swift", "/// Does `it`.\n///\n/// More.\nfunc f() {}\n", "Does `it`."),
            ("e.ts", "/** Does it. */\nfunction f() {}\n", "Does it."),
            ("f.go", "package p\n\n// f does it.\nfunc f() {}\n", "f does it."), ("g.py", "def f():\n    pass\n", ""),
        ])
    func paragraphs(_ path: String, _ text: String, _ wanted: String) async throws {
        let repository = try await SampleRepository([path: text])
        let symbol = try #require(try repository.symbols("f").first)
        #expect(try repository.graph.summary(symbol) == wanted)
    }

    @Test("is cut where it is too long")
    func long() async throws {
        let repository = try await SampleRepository([
            "a.py": "def f():\n    \"\"\"" + String(repeating: "word ", count: 200) + "\"\"\"\n"
        ])
        let summary = try repository.graph.summary(try #require(try repository.symbols("f").first), limit: 20)
        #expect(summary.count == 20 && summary.hasSuffix("…"))
    }
}
