import CodeGraph
import JSON

/// Writes a graph for programs: an object of three arrays, one object a line, nothing kept in memory but one file.
///
/// A file's id is its place in the order of paths, a symbol's that and its place in the file: `12` and `12.3`.
struct GraphJSON {
    let walk: EdgeWalk
    let graph: GraphQueries
    let output: GraphOutput

    /// - Parameter part: what edges have to touch; nil for all.
    func write(part: GraphPart?) throws {
        guard let part else { return try writeAll() }
        // What is at the other ends of its edges is known when these are.
        var edges: [GraphEdge] = []
        var nodes: Set<GraphNode> = []
        try walk.forEachEdge { edge in
            guard try part.contains(edge.from, graph.reader) || part.contains(edge.to, graph.reader) else { return }
            edges.append(edge)
            nodes.formUnion([edge.from, edge.to])
        }
        let ends = Set(nodes.map(\.file))
        try writeNodes { node in
            try nodes.contains(node) || (node.ordinal < 0 && ends.contains(node.file))
                || part.contains(node, graph.reader)
        }
        var list = ListWriter(output, "edges")
        for edge in edges { try list.add(object(edge)) }
        try list.end(isLast: true)
    }

    private func writeAll() throws {
        try writeNodes { _ in true }
        var list = ListWriter(output, "edges")
        try walk.forEachEdge { try list.add(object($0)) }
        try list.end(isLast: true)
    }

    private func writeNodes(where isKept: (GraphNode) throws -> Bool) throws {
        try output.write("{")
        var files = ListWriter(output, "files")
        for (place, file) in walk.files.enumerated() where try isKept(GraphNode(file: file.id)) {
            guard let known = try graph.reader.file(file.id) else { continue }
            var object = ObjectWriter()
            object.add("id", "\(place)")
            object.add("path", file.path)
            if let language = known.language { object.add("language", language) }
            object.add("lines", known.facts.lineCount)
            try files.add(object)
        }
        try files.end(isLast: false)
        var symbols = ListWriter(output, "symbols")
        for file in walk.files {
            guard let known = try graph.reader.file(file.id), !known.facts.symbols.isEmpty else { continue }
            var text: TextPlaces?
            for ordinal in known.facts.symbols.indices where try isKept(GraphNode(file: file.id, ordinal: ordinal)) {
                let places = try text ?? TextPlaces(graph.reader.text(file.id))
                text = places
                try symbols.add(object(ordinal, in: known, places))
            }
        }
        try symbols.end(isLast: false)
    }

    private func object(_ ordinal: Int, in file: GraphReader.FactsOfFile, _ text: TextPlaces) -> ObjectWriter {
        let symbol = file.facts.symbols[ordinal]
        let name = file.facts.names.utf8(symbol.name)
        var object = ObjectWriter()
        object.add("id", id(GraphNode(file: file.id, ordinal: ordinal)))
        if symbol.parent >= 0 { object.add("parent", id(GraphNode(file: file.id, ordinal: Int(symbol.parent)))) }
        object.add("path", file.path)
        object.add("line", Int(symbol.line))
        object.add("column", text.column(of: name, line: Int(symbol.line), from: Int(symbol.start)))
        object.add("end_line", Int(symbol.endLine))
        object.add("name", String(decoding: name, as: UTF8.self))
        object.add("qualified_name", file.qualifiedName(ordinal))
        object.add("kind", symbol.kind.name)
        if symbol.isDeclaration { object.add("is_declaration", true) }
        return object
    }

    private func object(_ edge: GraphEdge) -> ObjectWriter {
        var object = ObjectWriter()
        object.add("from", id(edge.from))
        object.add("to", id(edge.to))
        object.add("kind", edge.kind.rawValue)
        object.add("provenance", edge.provenance.name)
        object.add("path", walk.files[walk.place(ofFile: edge.file)].path)
        object.add("line", edge.line)
        object.add("column", edge.column)
        return object
    }

    private func id(_ node: GraphNode) -> String {
        let file = walk.place(ofFile: node.file)
        return node.ordinal < 0 ? "\(file)" : "\(file).\(node.ordinal)"
    }
}

/// A JSON object, member by member.
private struct ObjectWriter {
    private(set) var bytes: [UInt8] = [UInt8(ascii: "{")]

    mutating func add(_ name: StaticString, _ value: String) {
        begin(name)
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 { JSONEscape.write(byte, to: &bytes) }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func add(_ name: StaticString, _ value: Int) {
        begin(name)
        bytes += String(value).utf8
    }

    mutating func add(_ name: StaticString, _ value: Bool) {
        begin(name)
        bytes += (value ? "true" : "false").utf8
    }

    private mutating func begin(_ name: StaticString) {
        bytes += (bytes.count > 1 ? ",\"" : "\"").utf8
        bytes += UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount)
        bytes += "\":".utf8
    }
}

/// A member of the object at the top that is an array of objects, each on a line of its own.
private struct ListWriter {
    private let output: GraphOutput
    private let name: String
    private var isEmpty = true

    init(_ output: GraphOutput, _ name: String) {
        self.output = output
        self.name = name
    }

    mutating func add(_ object: ObjectWriter) throws {
        try begin()
        try output.write(object.bytes + [UInt8(ascii: "}")])
    }

    mutating func end(isLast: Bool) throws {
        if isEmpty { try output.write("\"\(name)\":[") }
        try output.write(isLast ? "]}\n" : "],\n")
    }

    private mutating func begin() throws {
        try output.write(isEmpty ? "\"\(name)\":[\n" : ",\n")
        isEmpty = false
    }
}
