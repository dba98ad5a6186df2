import CodeGraph
import Testing

struct ImportsTests {
    private let python = [
        "shop/__init__.py": "from .store import Store\n",
        "shop/store.py": "import os\nfrom . import money\n\nclass Store:\n    pass\n\ndef load():\n    pass\n",
        "shop/money.py": "def total():\n    pass\n",
        "app.py": "from shop.store import load as fetch\nfrom shop.money import *\nimport shop\n",
    ]

    private func lines(_ items: [GraphQueries.Import], _ graph: GraphQueries) throws -> [String] {
        try items.map { item in
            let files = try item.targets.map { try graph.reader.file($0)?.path ?? "" }
            let path = try graph.reader.file(item.file)?.path ?? ""
            return "\(path):\(item.line) \(item.module) \(item.name ?? "-") \(files.joined(separator: " "))"
        }
    }

    private func file(_ path: String, _ graph: GraphQueries) throws -> Int {
        try #require(try graph.reader.fileID(path: path))
    }

    @Test("shows what a Python file imports, with the files that are meant")
    func forward() async throws {
        let graph = try await IndexedSources(python).graph
        #expect(
            try lines(graph.imports(of: file("app.py", graph)), graph) == [
                "app.py:1 shop.store load shop/store.py", "app.py:2 shop.money * shop/money.py",
                "app.py:3 shop - shop/__init__.py",
            ])
        #expect(
            try lines(graph.imports(of: file("shop/store.py", graph)), graph) == [
                "shop/store.py:1 os - ", "shop/store.py:2 . money shop/money.py",
            ])
    }

    @Test("shows what imports a file, a name of it, or a package")
    func reverse() async throws {
        let graph = try await IndexedSources(python).graph
        let store = try file("shop/store.py", graph)
        #expect(
            try lines(graph.importers(of: store), graph) == [
                "app.py:1 shop.store load shop/store.py", "shop/__init__.py:1 .store Store shop/store.py",
            ])
        #expect(
            try lines(graph.importers(of: store, name: "Store"), graph) == [
                "shop/__init__.py:1 .store Store shop/store.py"
            ])
        #expect(
            try lines(graph.importers(of: file("shop/__init__.py", graph)), graph) == [
                "app.py:3 shop - shop/__init__.py"
            ])
        #expect(
            try lines(graph.importers(of: file("shop/money.py", graph)), graph) == [
                "app.py:2 shop.money * shop/money.py", "shop/store.py:2 . money shop/money.py",
            ])
    }

    @Test("follows C's includes beside the file and by the only path that ends so, letter case included")
    func includes() async throws {
        let graph = try await IndexedSources([
            "src/main.c": "#include \"list.h\"\n#include <lib/tree.h>\n#include <stdio.h>\n",
            "src/list.h": "int list_length(void);\n",
            "include/lib/tree.h": "int tree_size(void);\n",
            "include/lib/Tree.h": "int other;\n",
            "old/list.h": "int old;\n",
        ]).graph
        #expect(
            try lines(graph.imports(of: file("src/main.c", graph)), graph) == [
                "src/main.c:1 \"list.h\" - src/list.h", "src/main.c:2 <lib/tree.h> - include/lib/tree.h",
                "src/main.c:3 <stdio.h> - ",
            ])
        #expect(
            try lines(graph.importers(of: file("include/lib/tree.h", graph)), graph) == [
                "src/main.c:2 <lib/tree.h> - include/lib/tree.h"
            ])
        #expect(try graph.importers(of: file("old/list.h", graph)).isEmpty)
    }
}
