import CodeGraph
import Testing

struct ChainTests {
    private func chain(_ graph: GraphQueries, _ start: String, _ end: String, steps: Int = 12) throws -> [String]? {
        let found = try graph.chain(from: graph.named(start), to: graph.named(end), stepLimit: steps)
        guard case .found(let steps) = found else { return nil }
        return try steps.map { "\(try graph.reader.qualifiedName($0.symbol)):\($0.use?.line ?? 0)" }
    }

    private let python = [
        "a.py": """
        from b import middle, short

        def start():
            middle()
            short()

        def alone():
            pass
        """,
        "b.py": """
        from c import end, Box

        def middle():
            inner()

        def inner():
            end()

        def short():
            return Box()
        """,
        "c.py": """
        def end():
            start_over()

        def start_over():
            end()

        class Box:
            def open(self):
                end()
        """,
    ]

    @Test("finds the shortest chain, and of several the one that comes first in the text")
    func shortest() async throws {
        let graph = try await IndexedSources(python).graph
        // start -> middle -> inner -> end and start -> short -> Box -> end take three steps each.
        #expect(try chain(graph, "start", "end") == ["start:0", "middle:4", "inner:4", "end:7"])
        #expect(try chain(graph, "short", "end") == ["short:0", "Box:10", "end:9"])
        #expect(try chain(graph, "start", "start") == ["start:0"])
    }

    @Test("says whether there is no chain at all, or none within the bound")
    func none() async throws {
        let graph = try await IndexedSources(python).graph
        let end = try graph.named("end")
        #expect(try graph.chain(from: graph.named("alone"), to: end) == .none(isWhole: true))
        // `end` and `start_over` call each other without end.
        #expect(try graph.chain(from: end, to: graph.named("start")) == .none(isWhole: true))
        #expect(try graph.chain(from: graph.named("start"), to: end, stepLimit: 2) == .none(isWhole: false))
        #expect(try graph.chain(from: graph.named("start"), to: end, symbolLimit: 2) == .none(isWhole: false))
        #expect(try chain(graph, "start", "end", steps: 3)?.count == 4)
    }

    @Test("does not follow names that several symbols have")
    func ambiguous() async throws {
        let graph = try await IndexedSources([
            "a.py": "def start(x):\n    x.close()\n",
            "b.py": "from c import end\n\nclass File:\n    def close(self):\n        end()\n",
            "d.py": "class Door:\n    def close(self):\n        pass\n",
            "c.py": "def end():\n    pass\n",
        ]).graph
        #expect(try chain(graph, "start", "end") == nil)
        #expect(try chain(graph, "File.close", "end") == ["File.close:0", "end:5"])
    }

    @Test("leads through C's functions, declared or handed on")
    func c() async throws {
        let graph = try await IndexedSources([
            "main.c": "#include \"run.h\"\nint main(void) { return run(work); }\n",
            "run.h": "int run(int (*f)(void));\nint work(void);\n",
            "work.c": "static int deep(void) { return 1; }\nint work(void) { return deep(); }\n",
            "run.c": "int run(int (*f)(void)) { return f(); }\n",
        ]).graph
        #expect(try chain(graph, "main", "deep") == ["main:0", "work:2", "deep:2"])
    }
}
