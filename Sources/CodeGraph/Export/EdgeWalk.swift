package import SQLite

/// All edges of an index, one after the other: those that `GraphQueries` finds for one symbol at a time.
package struct EdgeWalk {
    let graph: GraphQueries
    /// In the order of their paths.
    package let files: [(id: Int, path: String)]
    let kinds: Set<EdgeKind>
    private let includesAmbiguous: Bool
    private let places: [Int: Int]

    /// - Parameters:
    ///   - kinds: of edges to find.
    ///   - includesAmbiguous: also what is known by its name only, where several symbols have that name.
    package init(
        _ graph: GraphQueries, kinds: Set<EdgeKind> = Set(EdgeKind.allCases), includesAmbiguous: Bool = false
    ) throws(SQLiteError) {
        self.graph = graph
        self.kinds = kinds
        self.includesAmbiguous = includesAmbiguous
        files = try graph.filesByPath()
        places = Dictionary(uniqueKeysWithValues: files.enumerated().map { ($1.id, $0) })
    }

    /// The place of a file in the order of paths. Unlike its number, it does not depend on when it was indexed.
    package func place(ofFile id: Int) -> Int { places[id] ?? -1 }

    /// Calls `body` with each edge: by the paths of files, in each of them imports, then uses in the order of the text;
    /// in the end what overrides what.
    package func forEachEdge(_ body: (GraphEdge) throws -> Void) throws {
        var inheritance = Inheritance()
        for (id, _) in files {
            guard let file = try graph.reader.file(id), file.language != nil else { continue }
            let text = TextPlaces(try graph.reader.text(id))
            if kinds.contains(.imports) { try forEachImport(of: file, text, body) }
            try forEachUse(in: file, text) { edge in
                if edge.kind == .inherits, edge.provenance < .ambiguous { inheritance.add(edge) }
                if kinds.contains(edge.kind) { try body(edge) }
            }
        }
        if kinds.contains(.overrides) { try forEachOverride(inheritance, body) }
    }

    private func forEachImport(
        of file: GraphReader.FactsOfFile, _ text: TextPlaces, _ body: (GraphEdge) throws -> Void
    ) throws {
        // One for each line and file, however many names are taken.
        var seen: Set<[Int]> = []
        for item in file.facts.imports {
            let line = Int(item.line)
            let column = text.column(of: file.facts.names.utf8(item.module), line: line)
            for target in try graph.reader.files(importedBy: item, in: file)
            where target != file.id && seen.insert([line, target]).inserted {
                try body(
                    GraphEdge(
                        from: GraphNode(file: file.id), to: GraphNode(file: target), kind: .imports,
                        provenance: .importResolved, file: file.id, line: line, column: column))
            }
        }
    }

    private func forEachUse(
        in file: GraphReader.FactsOfFile, _ text: TextPlaces, _ body: (GraphEdge) throws -> Void
    ) throws {
        for reference in file.facts.references {
            let kind = EdgeKind(reference.role)
            // What overrides what depends on what inherits from what.
            guard kinds.contains(kind) || (kind == .inherits && kinds.contains(.overrides)) else { continue }
            guard let meaning = try graph.resolver.resolve(reference, in: file),
                includesAmbiguous || meaning.provenance < .ambiguous
            else { continue }
            let line = Int(reference.line)
            let beside = try graph.resolver.typeBeside(reference, in: file)
            let from = beside.map(GraphNode.init) ?? GraphNode(file: file.id, ordinal: Int(reference.container))
            let column = text.column(of: Int(reference.start), line: line)
            for target in meaning.targets {
                // A type that seems to inherit from itself inherits from one of the same name that is not here.
                if kind == .inherits, GraphNode(target) == from { continue }
                try body(
                    GraphEdge(
                        from: from, to: GraphNode(target), kind: kind, provenance: meaning.provenance, file: file.id,
                        line: line, column: column))
            }
        }
    }
}
