import CodeGraph
import Testing

struct GraphPartTests {
    private func contents(_ name: String) async throws -> [String]? {
        let graph = try await SampleRepository(ExportedSources.files).graph
        guard let part = try GraphPart(name, graph) else { return nil }
        var found: [String] = []
        for file in try graph.filesByPath() {
            if try part.contains(GraphNode(file: file.id), graph.reader) { found.append(file.path) }
            guard !found.contains(file.path), let facts = try graph.reader.file(file.id)?.facts else { continue }
            for ordinal in facts.symbols.indices {
                let node = GraphNode(file: file.id, ordinal: ordinal)
                if try part.contains(node, graph.reader), let symbol = node.symbol {
                    found.append(try graph.reader.qualifiedName(symbol))
                }
            }
        }
        return found
    }

    @Test(
        "is a folder, a file, or symbols and what is in them",
        arguments: [
            ("shapes", ["shapes/base.py", "shapes/tools.py"]), ("./shapes/", ["shapes/base.py", "shapes/tools.py"]),
            ("base.py", ["shapes/base.py"]), ("web/model.ts", ["web/model.ts"]),
            ("Ruler", ["Ruler", "Ruler.measure", "Ruler.read"]), ("Circle.area", ["Circle.area"]),
            ("main.py:6", ["main"]), ("push", ["push", "push", "operations.push"]),
        ])
    func names(_ name: String, _ wanted: [String]) async throws {
        let found = try await contents(name)
        #expect(found?.sorted() == wanted.sorted(), "\(name): \(found ?? [])")
    }

    @Test("is nothing when there is nothing of that name")
    func nothing() async throws {
        for name in ["shap", "no/such/folder", "nobody", ""] { #expect(try await contents(name) == nil, "\(name)") }
    }
}
