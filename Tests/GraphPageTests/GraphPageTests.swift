import CodeGraph
import Foundation
import GrammarFiles
import GraphPage
import JSON
import TestSupport
import Testing

@Suite("The page of a graph")
struct GraphPageTests {
    private static let hostile =
        "hacked\"><img src=x onerror=window.hacked=1>'&amp;</script><script>window.hacked=3;.py"

    private static let sources = [
        "shapes/base.py": """
        from shapes.tools import scale, Ruler

        class Shape:
            \"\"\"Something with an area.\"\"\"

            def area(self):
                return 0

            def double(self):
                return scale(self.area(), 2)


        class Circle(Shape):
            def area(self):
                return scale(3, 2)
        """,
        "shapes/tools.py": """
        def scale(x, by):
            return x * by


        class Ruler:
            def measure(self, shape):
                return shape.length()
        """,
        "main.py": """
        from shapes.base import Circle

        everything = [Circle()]


        def main():
            circle = Circle()
            print(circle.double())
        """,
        "lib/queue.c": """
        struct queue { int size; };
        static int grow_to(struct queue *q, int n) { q->size = n; return n; }
        int push(struct queue *q, int value) { return grow_to(q, value); }
        """,
        "lib/area.py": "def area():\n    pass\n",
        "lib/\(hostile)": "def hacked():\n    \"\"\"<img src=x onerror=window.hacked=2> </script>\"\"\"\n",
    ]

    /// The data and the page of the sources.
    private func page(named name: String = "sample") async throws -> (data: [UInt8], page: [UInt8]) {
        let (folder, index) = (try TemporaryFolder(), try TemporaryFolder())
        for (path, text) in Self.sources { try folder.write(text, to: path) }
        let root = try RepositoryRoot(folder.path)
        let grammars = GrammarStore(environment: ProcessInfo.processInfo.environment)
        let indexer = GraphIndexer(
            root: root.path, languages: LanguageQueries { try grammars.grammar(named: $0) }, workers: 2)
        let store = try GraphStore(path: index.path + "/index.db")
        _ = try await indexer.update(store, with: RepositoryScan(of: root))
        let graph = GraphQueries(store)
        try LinkTable(graph.reader).update()
        let data = try PageData.json(GraphSnapshot(EdgeWalk(graph)), graph, name: name, notes: [])
        return (data, GraphPage.document(name: name, data: data))
    }

    @Test(
        "works in a real browser: clicks, keys, search, addresses, both themes, a phone; and asks the network for nothing"
    )
    func browser() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/graph of <sample>.html"
        try await Data(page().page).write(to: URL(fileURLWithPath: path))
        let run = try await CommandRun.run(
            "/usr/bin/env", ["python3", Repository.root + "/Tests/GraphPageTests/page_test.py", path])
        #expect(run.status == 0, "\(run.errors)")
        #expect(
            run.text.split(separator: "\n") == [
                "load", "same map", "clicks", "panel", "search", "addresses", "keyboard", "lines", "hostile names",
                "themes", "phone", "no network",
            ])
    }

    @Test("nothing in the graph ends a part of the page, and nothing in the page names another")
    func escapes() async throws {
        let text = String(decoding: try await page(named: "</title><script>x</script>").page, as: UTF8.self)
        // The data, and the script.
        #expect(text.components(separatedBy: "<script").count == 3)
        #expect(text.components(separatedBy: "</script>").count == 3)
        #expect(text.contains("<title>&lt;/title&gt;&lt;script&gt;x&lt;/script&gt; – code graph</title>"))
        #expect(!text.contains("onerror"))
        #expect(text.matches(of: /(src|href)="(?!#|data:)/).isEmpty)
        #expect(!text.contains("innerHTML") && !text.contains("import("))
        // An XML namespace is a name, not an address.
        #expect(text.replacing("http://www.w3.org/2000/svg", with: "").matches(of: /https?:\/\//).isEmpty)
    }

    @Test("the data have all nodes and edges, in columns of the same length")
    func data() async throws {
        let data = try JSONValue(parsing: try await page().data)
        func column(_ table: String, _ name: String) -> [JSONValue] {
            data.object?[table]?.object?[name]?.array ?? []
        }
        #expect(column("files", "path").count == Self.sources.count)
        for name in ["language", "lines", "rank", "test", "left_out"] {
            #expect(column("files", name).count == Self.sources.count, "\(name)")
        }
        let symbols = column("symbols", "name").count
        #expect(symbols >= 15)
        for name in ["parent", "kind", "owner", "line", "lines", "signature", "doc"] {
            #expect(column("symbols", name).count == symbols, "\(name)")
        }
        let edges = column("edges", "to").count
        #expect(edges >= 8)
        for name in ["from", "kind", "provenance", "line"] { #expect(column("edges", name).count == edges, "\(name)") }
    }

    @Test("is the same each time")
    func stable() async throws {
        let pages = (try await page().page, try await page().page)
        #expect(pages.0 == pages.1)
    }
}
