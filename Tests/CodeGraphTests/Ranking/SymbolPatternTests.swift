import CodeGraph
import Testing

@Suite("Names of symbols as users write them")
struct SymbolPatternTests {
    @Test("a name, the names around it, a file, a line")
    func forms() throws {
        func parts(_ text: String) -> String? {
            SymbolPattern(text).map { "\($0.path ?? "-") \($0.names.joined(separator: " ")) \($0.line ?? 0)" }
        }
        #expect(parts("load") == "- load 0")
        #expect(parts(" Store.load() ") == "- Store load 0")
        #expect(parts("a::Store::load") == "- a Store load 0")
        #expect(parts("Store#load") == "- Store load 0")
        #expect(parts("src/store.py:load") == "src/store.py load 0")
        #expect(parts("src/store.py:Store.load") == "src/store.py Store load 0")
        #expect(parts("src/store.py:12") == "src/store.py  12")
    }

    @Test("what names nothing is refused", arguments: ["", "  ", "a.py:0", "a.py:-3", "a.py:", "::", "."])
    func refused(_ text: String) {
        #expect(SymbolPattern(text) == nil)
    }
}
