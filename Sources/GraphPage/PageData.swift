package import CodeGraph
internal import JSON

/// What the page reads: columns of numbers and texts. `Files/graph.js` is the other side of it.
package enum PageData {
    /// - Parameters:
    ///   - name: of what is shown.
    ///   - notes: sentences that the page begins with.
    package static func json(
        _ snapshot: GraphSnapshot, _ graph: GraphQueries, name: String, notes: [String]
    ) throws -> [UInt8] {
        let files = snapshot.files
        var counts = [Int](repeating: 0, count: files.count)
        for symbol in snapshot.symbols { counts[symbol.file] += 1 }
        let kinds = SymbolKind.allCases
        var last = 0
        let value: JSONValue = [
            "name": .string(name), "notes": .array(notes.map(JSONValue.string)),
            "kinds": .array(kinds.map { .string($0.name) }),
            "files": [
                "path": .array(files.map { .string($0.path) }),
                "language": .array(files.map { .string($0.language ?? "") }),
                "lines": numbers(files.map(\.lines)),
                // In millionths.
                "rank": numbers(files.map { Int(($0.rank * 1_000_000).rounded()) }),
                "test": numbers(files.map { $0.traits.contains(.test) ? 1 : 0 }),
                "left_out": numbers(files.map(\.symbolsLeftOut)),
            ],
            "symbols": try symbols(snapshot, graph, counts),
            "edges": [
                // How many nodes further than that of the edge before.
                "from": numbers(
                    snapshot.edges.map { edge in
                        defer { last = edge.from }
                        return edge.from - last
                    }),
                "to": numbers(snapshot.edges.map(\.to)),
                "kind": numbers(snapshot.edges.map { EdgeKind.allCases.firstIndex(of: $0.kind) ?? 0 }),
                "provenance": numbers(snapshot.edges.map(\.provenance.rawValue)),
                "line": numbers(snapshot.edges.map(\.line)),
            ],
        ]
        return value.bytes
    }

    private static func symbols(
        _ snapshot: GraphSnapshot, _ graph: GraphQueries, _ counts: [Int]
    ) throws -> JSONValue {
        let symbols = snapshot.symbols
        var parents: [Int] = []
        var signatures: [JSONValue] = []
        var docs: [JSONValue] = []
        for (place, symbol) in symbols.enumerated() {
            let node = snapshot.files.count + place
            parents.append(symbol.parent == symbol.file ? 0 : node - symbol.parent)
            signatures.append(.string(try graph.signature(symbol.id)))
            docs.append(.string(try graph.summary(symbol.id)))
        }
        return [
            // By file.
            "count": numbers(counts),
            "parent": numbers(parents),
            "kind": numbers(symbols.map { SymbolKind.allCases.firstIndex(of: $0.fact.kind) ?? 0 }),
            "name": .array(symbols.map { .string($0.name) }),
            "owner": .array(symbols.map { .string($0.owner) }),
            "line": numbers(symbols.map { Int($0.fact.line) }),
            // How many lines further it ends.
            "lines": numbers(symbols.map { Int($0.fact.endLine) - Int($0.fact.line) }),
            "signature": .array(signatures),
            "doc": .array(docs),
        ]
    }

    private static func numbers(_ numbers: [Int]) -> JSONValue { .array(numbers.map { .integer($0) }) }
}
