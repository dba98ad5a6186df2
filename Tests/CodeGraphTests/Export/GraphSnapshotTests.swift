import CodeGraph
import Testing

struct GraphSnapshotTests {
    private func snapshot(_ part: String? = nil, limit: Int = .max) async throws -> GraphSnapshot {
        let graph = try await SampleRepository(ExportedSources.files).graph
        try LinkTable(graph.reader).update()
        let chosen = try part.map { try GraphPart($0, graph) } ?? nil
        return try GraphSnapshot(EdgeWalk(graph), part: chosen, symbolLimit: limit)
    }

    private func name(_ node: Int, _ snapshot: GraphSnapshot) -> String {
        snapshot.symbol(atNode: node)?.name ?? snapshot.files[node].path
    }

    @Test("has every file, symbol and use")
    func whole() async throws {
        let graph = try await SampleRepository(ExportedSources.files).graph
        try LinkTable(graph.reader).update()
        var edges = 0
        try EdgeWalk(graph).forEachEdge { _ in edges += 1 }
        let snapshot = try GraphSnapshot(EdgeWalk(graph))
        #expect(snapshot.files.map(\.path) == ExportedSources.files.keys.sorted())
        let count = try graph.reader.store.symbolCount()
        #expect(snapshot.symbols.count == count)
        #expect(snapshot.edges.count == edges)
        #expect(abs(snapshot.files.reduce(0) { $0 + $1.rank } - 1) < 0.01)
        for (place, symbol) in snapshot.symbols.enumerated() {
            #expect(symbol.parent < snapshot.files.count + place)
            #expect(snapshot.files[symbol.file].id == symbol.id.file)
        }
    }

    @Test("of a part has what touches it, and what is around that")
    func part() async throws {
        let snapshot = try await snapshot("Circle.area")
        let edges = snapshot.edges.map { "\(name($0.from, snapshot)) \($0.kind) \(name($0.to, snapshot))" }
        #expect(edges == ["area overrides area", "area call scale", "area overrides area", "area call area"])
        #expect(snapshot.files.map(\.path) == ["shapes/base.py", "shapes/tools.py"])
        #expect(snapshot.symbols.map(\.name) == ["Shape", "area", "Circle", "area", "Dot", "area", "scale"])
    }

    @Test("without room keeps the symbols of the files that matter most, and the uses of the others as theirs")
    func limit() async throws {
        let snapshot = try await snapshot(limit: 12)
        #expect(snapshot.symbols.count <= 12 && !snapshot.symbols.isEmpty)
        let poor = snapshot.files.filter { $0.symbolsLeftOut > 0 }
        #expect(!poor.isEmpty)
        let kept = Set(snapshot.symbols.map(\.file))
        for (place, file) in snapshot.files.enumerated() where file.symbolsLeftOut > 0 {
            #expect(!kept.contains(place))
        }
        // No two edges say the same, and none leads nowhere.
        let ofFiles = snapshot.edges.filter { $0.from < snapshot.files.count && $0.to < snapshot.files.count }
        #expect(Set(ofFiles).count == ofFiles.count)
        #expect(snapshot.edges.allSatisfy { max($0.from, $0.to) < snapshot.files.count + snapshot.symbols.count })
    }
}
