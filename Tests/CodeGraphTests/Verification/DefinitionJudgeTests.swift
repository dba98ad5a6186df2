import CodeGraph
import Foundation
import TestSupport
import Testing

@Suite("What a language server says of a use")
struct DefinitionJudgeTests {
    /// - Parameters:
    ///   - use: a call, by its file and line.
    ///   - places: where the server says that the name is defined, as `path:text that begins there`; other texts are
    ///     names of files elsewhere.
    /// - Returns: the verdict, with symbols as `path:line name`.
    private func judge(
        _ repository: SampleRepository, _ use: (path: String, line: Int), definedAt places: [String]
    ) throws -> String {
        let graph = repository.graph
        let file = try #require(try graph.reader.fileID(path: use.path))
        let facts = try #require(try graph.reader.file(file)).facts
        var found: GraphQueries.Use?
        for reference in facts.references where Int(reference.line) == use.line && reference.role == .call {
            let names = try graph.symbols(try #require(SymbolPattern(facts.names[reference.name])))
            found = try graph.callers(of: names).first {
                $0.file == file && $0.start == Int(reference.start)
            }
        }
        let judged = try DefinitionJudge(graph.reader).judge(
            #require(found),
            definedAt: places.map { place in
                let parts = place.split(separator: ":", maxSplits: 1).map(String.init)
                guard parts.count == 2, let id = try graph.reader.fileID(path: parts[0]) else {
                    return .elsewhere(name: place)
                }
                let text = String(decoding: try graph.reader.text(id), as: UTF8.self)
                let start = try #require(text.range(of: parts[1])).lowerBound
                return .file(id, offset: text.utf8.distance(from: text.startIndex, to: start))
            })
        switch judged {
        case .confirmed(let symbols): return "confirmed " + (try repository.places(symbols)).joined(separator: ", ")
        case .narrowed(let symbols): return "narrowed to " + (try repository.places(symbols)).joined(separator: ", ")
        case .contradicted(let symbols):
            return "contradicted " + (try repository.places(symbols)).joined(separator: ", ")
        case .unsettled: return "unsettled"
        }
    }

    private func python() async throws -> SampleRepository {
        try await SampleRepository([
            "store.py": """
            class Store:
                def __init__(self): pass
                @property
                def size(self): return 1
                def load(self, load=None): return load

            class Cache:
                def load(self): return 2

            """,
            "names.py": "from store import Store as Kept\n",
            "main.py": """
            from names import Kept
            from store import Store
            def run(things):
                load = things.load
                things.load()
                Store()

            """,
        ])
    }

    @Test("picks one of the symbols that the graph has, or rules them out")
    func picks() async throws {
        let repository = try await python()
        let call = (path: "main.py", line: 5)
        #expect(try judge(repository, call, definedAt: ["store.py:load(self,"]) == "confirmed store.py:5 Store.load")
        #expect(try judge(repository, call, definedAt: ["store.py:load(self)"]) == "confirmed store.py:8 Cache.load")
        #expect(
            try judge(repository, call, definedAt: ["store.py:load(self,", "store.py:load(self)"])
                == "narrowed to store.py:5 Store.load, store.py:8 Cache.load")
        #expect(
            try judge(repository, call, definedAt: ["store.py:load(self,", "other.py"])
                == "narrowed to store.py:5 Store.load")
        #expect(
            try judge(repository, call, definedAt: ["store.py:load(self,", "store.py:def load(self,"])
                == "confirmed store.py:5 Store.load")
        // A range that begins where the definition does.
        #expect(
            try judge(repository, call, definedAt: ["store.py:def load(self)"]) == "confirmed store.py:8 Cache.load")
        // A local variable, and another symbol.
        #expect(try judge(repository, call, definedAt: ["main.py:load = "]) == "contradicted ")
        #expect(try judge(repository, call, definedAt: ["store.py:size"]) == "contradicted store.py:4 Store.size")
        #expect(try judge(repository, call, definedAt: ["other.py"]) == "contradicted ")
    }

    @Test("does not tell where it leads to an import, or to another copy of the file")
    func unsettled() async throws {
        let repository = try await python()
        let call = (path: "main.py", line: 5)
        #expect(try judge(repository, call, definedAt: ["store.py"]) == "unsettled")
        #expect(try judge(repository, (path: "main.py", line: 6), definedAt: ["names.py:Kept"]) == "unsettled")
        #expect(try judge(repository, (path: "main.py", line: 6), definedAt: ["names.py:Store"]) == "unsettled")
        // As clangd has it where a header is missing.
        #expect(try judge(repository, (path: "main.py", line: 6), definedAt: ["main.py:Store()"]) == "unsettled")
    }

    @Test("means a type where it names what makes an instance")
    func constructors() async throws {
        let repository = try await python()
        let call = (path: "main.py", line: 6)
        #expect(try judge(repository, call, definedAt: ["store.py:__init__"]) == "confirmed store.py:1 Store")
        #expect(try judge(repository, call, definedAt: ["store.py:Store"]) == "confirmed store.py:1 Store")
        #expect(try judge(repository, call, definedAt: ["store.py:size"]) == "contradicted store.py:4 Store.size")
    }

    @Test("means a definition where it names its declaration, unless it could be that of several")
    func declarations() async throws {
        let call = (path: "main.c", line: 2)
        var files = [
            "api.h": "int open_it(void);\n", "main.c": "#include \"api.h\"\nint go(void) { return open_it(); }\n",
            "x86.c": "int open_it(void) { return 1; }\n",
        ]
        let declared = "api.h:open_it"
        let one = try await SampleRepository(files)
        #expect(try judge(one, call, definedAt: [declared]) == "confirmed x86.c:1 open_it")
        #expect(
            try DefinitionJudge(one.graph.reader).judge(
                use(of: "x86.c:open_it", in: one), definedAt: [place(declared, in: one)])
                == .confirmed(one.symbols("x86.c:open_it")))
        // The linker knows which one.
        files["arm.c"] = "int open_it(void) { return 2; }\n"
        let two = try await SampleRepository(files)
        #expect(
            try DefinitionJudge(two.graph.reader).judge(
                use(of: "x86.c:open_it", in: two), definedAt: [place(declared, in: two)]) == .unsettled)
    }

    @Test("never means what is static in another file than its declaration", arguments: ["arm.c", "arm.cpp"])
    func statics(name: String) async throws {
        let hidden = try await SampleRepository([
            "api.h": "int open_it(void);\n", "main.c": "#include \"api.h\"\nint go(void) { return open_it(); }\n",
            "x86.c": "int open_it(void) { return 1; }\n", name: "static int open_it(void) { return 2; }\n",
        ])
        let judge = DefinitionJudge(hidden.graph.reader)
        let place = try place("api.h:open_it", in: hidden)
        #expect(
            try judge.judge(use(of: "x86.c:open_it", in: hidden), definedAt: [place])
                == .confirmed(hidden.symbols("x86.c:open_it")))
        #expect(
            try judge.judge(use(of: "\(name):open_it", in: hidden), definedAt: [place])
                == .contradicted(hidden.symbols("api.h:open_it")))
    }

    /// The call in main.c, as if the graph had taken it for a symbol.
    private func use(of pattern: String, in repository: SampleRepository) throws -> GraphQueries.Use {
        let all = try repository.graph.callers(of: repository.symbols("open_it"))
        var use = try #require(all.first)
        use.targets = try repository.symbols(pattern)
        return use
    }

    private func place(_ text: String, in repository: SampleRepository) throws -> DefinitionJudge.Place {
        let id = try #require(try repository.graph.reader.fileID(path: "api.h"))
        return .file(id, offset: 4)
    }

    @Test("reaches implementers and overrides through all steps")
    func heirs() async throws {
        let repository = try await SampleRepository([
            "shapes.py": """
            class Shape:
                def area(self): return 0
            class Square(Shape):
                def area(self): return 1
            class Tile(Square):
                def area(self): return 2
            class Round(Shape):
                def area(self): return 3

            """
        ])
        let graph = repository.graph
        let shape = try repository.symbols("Shape")
        // Nothing is taken for exact but what is checked; what is contradicted goes, with all behind it.
        let heirs = try graph.implementers(of: shape) { uses, meant in
            #expect(!meant.isEmpty)
            return uses.filter { $0.line != 7 }.map { use in
                var use = use
                if use.line == 3 { use.provenance = .exact }
                return use
            }
        }
        #expect(try repository.places(heirs.map(\.symbol)) == ["shapes.py:3 Square", "shapes.py:5 Tile"])
        #expect(heirs.map(\.provenance) == [.exact, .importResolved])
        let overrides = try graph.overrides(of: repository.symbols("Shape.area")[0]) { uses, _ in
            uses.filter { $0.line != 3 }
        }
        #expect(try repository.places(overrides.map(\.symbol)) == ["shapes.py:8 Round.area"])
        let all = try graph.implementers(of: shape) { uses, _ in uses }
        #expect(try all.map(\.symbol) == graph.implementers(of: shape))
    }

    @Test("may need the folders that includes start from")
    func includeFolders() async throws {
        let repository = try await SampleRepository([
            "include/net/if.h": "#include <net/addr.h>\nint up(void);\n", "include/net/addr.h": "int a;\n",
            "src/main.c": "#include <net/if.h>\n#include \"local.h\"\n", "src/local.h": "#include \"top.h\"\n",
            "top.h": "int t;\n",
        ])
        let main = try #require(try repository.graph.reader.fileID(path: "src/main.c"))
        #expect(try repository.graph.includeFolders(of: [main]) == ["include", "", "src"])
    }
}
