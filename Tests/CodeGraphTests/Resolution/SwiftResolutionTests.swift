import CodeGraph
import Testing

@Suite("What names mean in Swift")
struct SwiftResolutionTests {
    @Test("files of a module see each other, and the modules that they import")
    func modules() async throws {
        let repository = try await SampleRepository([
            "Sources/Store/Load.swift": "func load() {}\npublic struct Item {}\n",
            "Sources/Store/Use.swift": "func use() { load(); _ = Item() }\n",
            "Sources/App/Load.swift": "func load() {}\n",
            "Sources/App/Main.swift": "import Store\nfunc main() { load(); _ = Item() }\n",
            "Sources/Alone/Main.swift": "struct Item {}\nfunc alone() { _ = Item() }\n",
        ])
        #expect(
            try repository.callers("Sources/Store/Load.swift:load") == [
                "Sources/Store/Use.swift:1 in use, import-resolved"
            ])
        #expect(
            try repository.callers("Sources/App/Load.swift:load") == [
                "Sources/App/Main.swift:2 in main, import-resolved"
            ])
        #expect(
            try repository.callers("Sources/Store/Load.swift:Item") == [
                "Sources/App/Main.swift:2 in main, import-resolved",
                "Sources/Store/Use.swift:1 in use, import-resolved",
            ])
    }

    @Test("members stand in extensions, see each other, and are found by the types of properties")
    func extensions() async throws {
        let repository = try await SampleRepository([
            "Store.swift": "struct Store { func read() {} }\nstruct Other { func check() {} }\n",
            "Store+Write.swift": "extension Store { func write() { check(); self.read() }; func check() {} }\n",
            "App.swift": """
            final class App {
                let store: Store
                var inner: App?
                init() { store = Store() }
                func run() { store.write(); self.store.read(); inner?.store.check() }
            }
            """,
        ])
        #expect(try repository.callers("Store.write") == ["App.swift:5 in App.run, type-inferred"])
        #expect(
            try repository.callers("Store.read") == [
                "App.swift:5 in App.run, type-inferred", "Store+Write.swift:1 in Store.write, import-resolved",
            ])
        #expect(
            try repository.callers("Store.check") == [
                "App.swift:5 in App.run, type-inferred", "Store+Write.swift:1 in Store.write, import-resolved",
            ])
        #expect(try repository.callers("Other.check").isEmpty)
    }

    @Test("protocols give their members to what conforms, in an extension too")
    func protocols() async throws {
        let repository = try await SampleRepository([
            "Shape.swift":
                "protocol Shape { func area() -> Double }\nextension Shape { func twice() -> Double { area() * 2 } }\n",
            "Square.swift": "struct Square {}\nextension Square: Shape { func area() -> Double { 1 } }\n",
            "Use.swift":
                "func measure(_ shape: any Shape, _ square: Square) { _ = shape.area(); _ = square.twice() }\n",
        ])
        #expect(
            try repository.callers("Shape.area") == [
                "Shape.swift:2 in Shape.twice, import-resolved", "Use.swift:1 in measure, type-inferred",
            ])
        #expect(try repository.callers("Shape.twice") == ["Use.swift:1 in measure, type-inferred"])
        #expect(
            try repository.places(repository.graph.implementers(of: repository.symbols("Shape"))) == [
                "Square.swift:1 Square"
            ])
    }
}
