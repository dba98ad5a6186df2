internal import SQLite

/// A graph in memory, for pictures: files by path, their symbols, and the uses that join them.
///
/// Nodes are numbered: first the files, then the symbols.
package struct GraphSnapshot: Sendable {
    package struct File: Sendable {
        package var id: Int
        package var path: String
        /// Nil for text that is not parsed.
        package var language: String?
        package var traits: FileTraits
        package var lines: Int
        /// PageRank over the links between files, 1 for all files together.
        package var rank: Float
        /// How many of its symbols are not here.
        package var symbolsLeftOut = 0
    }

    package struct Symbol: Sendable {
        package var id: SymbolID
        /// The node of the file.
        package var file: Int
        /// The node of the symbol around it, or of the file.
        package var parent: Int
        package var name: String
        /// The type that it belongs to where it does not stand in it; empty for none.
        package var owner: String
        package var fact: SymbolFact
    }

    package struct Edge: Hashable, Sendable {
        package var from: Int
        package var to: Int
        package var kind: EdgeKind
        package var provenance: Provenance
        /// Counted from 1.
        package var line: Int
    }

    package private(set) var files: [File] = []
    package private(set) var symbols: [Symbol] = []
    /// By the nodes that they leave, then by line.
    package private(set) var edges: [Edge] = []

    package func symbol(atNode node: Int) -> Symbol? { node >= files.count ? symbols[node - files.count] : nil }

    /// - Parameters:
    ///   - part: what edges have to touch; nil for all.
    ///   - symbolLimit: symbols at most. The files that matter least are then there without theirs, and edges of these
    ///     are the files'.
    package init(_ walk: EdgeWalk, part: GraphPart? = nil, symbolLimit: Int = .max) throws {
        let reader = walk.graph.reader
        var found: [GraphEdge]?
        var wanted: Set<GraphNode> = []
        if let part {
            var touching: [GraphEdge] = []
            try walk.forEachEdge { edge in
                guard try part.contains(edge.from, reader) || part.contains(edge.to, reader) else { return }
                touching.append(edge)
                wanted.formUnion([edge.from, edge.to])
            }
            found = touching
        }
        let numbers = try addNodes(walk, part, wanted, symbolLimit)
        var seen: Set<Edge> = []
        let add = { (edge: GraphEdge, into: inout [Edge]) in
            guard let from = numbers.number(edge.from), let to = numbers.number(edge.to) else { return }
            var known = Edge(from: from, to: to, kind: edge.kind, provenance: edge.provenance, line: edge.line)
            if numbers.isWhole(edge.from), numbers.isWhole(edge.to) {
                into.append(known)
                return
            }
            // Uses among symbols that are not here: one edge stands for all of a kind.
            known.line = 1
            if from != to, seen.insert(known).inserted { into.append(known) }
        }
        var edges: [Edge] = []
        if let found {
            for edge in found { add(edge, &edges) }
        } else {
            try walk.forEachEdge { add($0, &edges) }
        }
        let order = edges.indices.sorted { a, b in
            (edges[a].from, edges[a].line, a) < (edges[b].from, edges[b].line, b)
        }
        self.edges = order.map { edges[$0] }
    }

    /// The numbers that nodes have here.
    private struct Numbers {
        var files: [Int: Int] = [:]
        /// The number of a file's first symbol, by the file's id; then they follow one another unless there is a map.
        var symbols: [Int: Int] = [:]
        var chosen: [GraphNode: Int]?

        /// A symbol that is not here is its file.
        func number(_ node: GraphNode) -> Int? {
            guard node.ordinal >= 0 else { return files[node.file] }
            if let chosen { return chosen[node] ?? files[node.file] }
            return symbols[node.file].map { $0 + node.ordinal } ?? files[node.file]
        }

        func isWhole(_ node: GraphNode) -> Bool {
            node.ordinal < 0 || (chosen.map { $0[node] != nil } ?? (symbols[node.file] != nil))
        }
    }

    private mutating func addNodes(
        _ walk: EdgeWalk, _ part: GraphPart?, _ wanted: Set<GraphNode>, _ symbolLimit: Int
    ) throws -> Numbers {
        let reader = walk.graph.reader
        let links = try LinkGraph(reader.store)
        let ranks = links.ranks()
        var numbers = Numbers()
        let touched = Set(wanted.map(\.file))
        for (id, path) in walk.files {
            guard let file = try reader.file(id) else { continue }
            let isInPart = try part?.contains(GraphNode(file: id), reader) ?? true
            guard isInPart || touched.contains(id) else { continue }
            numbers.files[id] = files.count
            files.append(
                File(
                    id: id, path: path, language: file.language, traits: FileTraits(rawValue: file.traits),
                    lines: file.facts.lineCount, rank: links.indexes[id].map { ranks[$0] } ?? 0))
        }
        if part != nil { numbers.chosen = [:] }
        // Whole files, the most important first, as long as there is room.
        var room = symbolLimit
        var hasRoom = Set<Int>()
        for index in files.indices.sorted(by: { (files[$1].rank, $0) < (files[$0].rank, $1) }) {
            let count = try reader.file(files[index].id)?.facts.symbols.count ?? 0
            if count <= room {
                room -= count
                hasRoom.insert(index)
            } else {
                files[index].symbolsLeftOut = count
            }
        }
        for index in files.indices where hasRoom.contains(index) {
            guard let facts = try reader.file(files[index].id)?.facts else { continue }
            try addSymbols(of: index, facts, part, wanted, &numbers, reader)
        }
        return numbers
    }

    private mutating func addSymbols(
        of index: Int, _ facts: FileFacts, _ part: GraphPart?, _ wanted: Set<GraphNode>, _ numbers: inout Numbers,
        _ reader: GraphReader
    ) throws {
        let id = files[index].id
        numbers.symbols[id] = files.count + symbols.count
        var isKept = [Bool](repeating: part == nil, count: facts.symbols.count)
        if part != nil {
            // With what is around those that are kept.
            for ordinal in facts.symbols.indices.reversed() {
                let node = GraphNode(file: id, ordinal: ordinal)
                if try wanted.contains(node) || part!.contains(node, reader) { isKept[ordinal] = true }
                let parent = Int(facts.symbols[ordinal].parent)
                if isKept[ordinal], parent >= 0 { isKept[parent] = true }
            }
        }
        var places: [Int: Int] = [:]
        for (ordinal, fact) in facts.symbols.enumerated() where isKept[ordinal] {
            let place = files.count + symbols.count
            places[ordinal] = place
            if part != nil { numbers.chosen?[GraphNode(file: id, ordinal: ordinal)] = place }
            symbols.append(
                Symbol(
                    id: SymbolID(file: id, ordinal: ordinal), file: index, parent: places[Int(fact.parent)] ?? index,
                    name: facts.names[fact.name], owner: facts.names[fact.owner], fact: fact))
        }
    }
}
