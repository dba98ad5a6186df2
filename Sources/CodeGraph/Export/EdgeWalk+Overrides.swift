internal import SQLite

extension EdgeWalk {
    /// The types that each type inherits from directly, and how sure that is.
    struct Inheritance {
        private(set) var types: [SymbolID] = []
        private var supertypes: [SymbolID: [(type: SymbolID, provenance: Provenance)]] = [:]

        mutating func add(_ edge: GraphEdge) {
            guard let type = edge.from.symbol, let supertype = edge.to.symbol else { return }
            if supertypes[type] == nil { types.append(type) }
            supertypes[type, default: []].append((supertype, edge.provenance))
        }

        func supertypes(of type: SymbolID) -> [(type: SymbolID, provenance: Provenance)] { supertypes[type] ?? [] }
    }

    /// Calls `body` for each method with the methods that it stands in for, the nearest on every way up.
    func forEachOverride(_ inheritance: Inheritance, _ body: (GraphEdge) throws -> Void) throws {
        for type in inheritance.types {
            guard let file = try graph.reader.file(type.file) else { continue }
            var text: TextPlaces?
            for (ordinal, member) in file.facts.symbols.enumerated()
            where Int(member.parent) == type.ordinal && member.owner == 0 && member.isOverridable {
                let name = file.facts.names.utf8(member.name)
                for (target, provenance) in try overridden(String(decoding: name, as: UTF8.self), in: type, inheritance)
                {
                    let known = try text ?? TextPlaces(graph.reader.text(type.file))
                    text = known
                    try body(
                        GraphEdge(
                            from: GraphNode(file: type.file, ordinal: ordinal), to: GraphNode(target),
                            kind: .overrides, provenance: provenance, file: type.file, line: Int(member.line),
                            column: known.column(of: name, line: Int(member.line), from: Int(member.start))))
                }
            }
        }
    }

    private func overridden(
        _ name: String, in type: SymbolID, _ inheritance: Inheritance
    ) throws(SQLiteError) -> [(SymbolID, Provenance)] {
        var found: [(SymbolID, Provenance)] = []
        var seen: Set<SymbolID> = [type]
        var waiting = inheritance.supertypes(of: type)[...]
        while let next = waiting.popFirst() {
            guard seen.insert(next.type).inserted, let file = try graph.reader.file(next.type.file) else { continue }
            let members = file.members(named: name, of: next.type.ordinal).filter {
                file.facts.symbols[$0].isOverridable
            }
            found += members.map { (SymbolID(file: next.type.file, ordinal: $0), next.provenance) }
            guard members.isEmpty else { continue }
            waiting += inheritance.supertypes(of: next.type).map { ($0.type, max($0.provenance, next.provenance)) }
        }
        return found
    }
}

extension SymbolFact {
    fileprivate var isOverridable: Bool { kind.isCallable || kind == .property }
}
