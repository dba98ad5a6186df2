package import SQLite

/// Answers questions about symbols. One thread at a time.
package final class GraphQueries {
    package let reader: GraphReader
    let resolver: Resolver

    /// - Parameter vectors: what search compares meanings by, where there is something.
    package init(_ store: GraphStore, vectors: @escaping @Sendable () -> (any TextVectors)? = { nil }) {
        reader = GraphReader(store, vectors: vectors)
        resolver = Resolver(reader)
    }

    // MARK: Symbols

    /// The symbols that a pattern names, definitions before declarations, otherwise in order. When nothing has the exact
    /// name, what has it in other letter case.
    package func symbols(_ pattern: SymbolPattern) throws(SQLiteError) -> [SymbolID] {
        if let line = pattern.line { return try symbols(at: line, path: pattern.path ?? "") }
        guard let name = pattern.names.last else { return [] }
        if pattern.isRoute { return try routes(name) }
        var candidates = try reader.definitions(named: name)
        if candidates.isEmpty {
            let statement = try reader.store.statement(
                "SELECT file, ordinal FROM definitions WHERE name=?1 COLLATE NOCASE ORDER BY file, ordinal LIMIT 1000")
            try statement.bind([name])
            while try statement.step() {
                candidates.append(SymbolID(file: statement.int(0), ordinal: statement.int(1)))
            }
        }
        var definitions: [SymbolID] = []
        var declarations: [SymbolID] = []
        for id in candidates {
            guard let (file, fact) = try reader.symbol(id) else { continue }
            if let path = pattern.path, file.path != path, !file.path.hasSuffix("/" + path) { continue }
            let around = file.qualifiedName(id.ordinal).split(separator: ".").map(String.init)
            guard around.count >= pattern.names.count,
                zip(around.reversed().dropFirst(), pattern.names.reversed().dropFirst()).allSatisfy(==)
            else { continue }
            if fact.isDeclaration { declarations.append(id) } else { definitions.append(id) }
        }
        return definitions + declarations
    }

    /// Routes that answer a verb, or any, and whose paths begin so; the shortest first.
    private func routes(_ text: String) throws(SQLiteError) -> [SymbolID] {
        guard let (verb, path) = RouteName.parse(text) else { return [] }
        let statement = try reader.store.statement("SELECT name, file, ordinal FROM definitions WHERE kind=?1")
        try statement.bind([Int(SymbolKind.route.rawValue)])
        var found: [(name: String, id: SymbolID)] = []
        while try statement.step() {
            let name = statement.string(0)
            guard RouteName.fits(name, verb: verb, path: path) else { continue }
            found.append((name, SymbolID(file: statement.int(1), ordinal: statement.int(2))))
        }
        return found.sorted { ($0.name.count, $0.name, $0.id) < ($1.name.count, $1.name, $1.id) }.map(\.id)
    }

    /// The innermost symbol at a line.
    private func symbols(at line: Int, path: String) throws(SQLiteError) -> [SymbolID] {
        var found: [SymbolID] = []
        for id in try reader.fileIDs(pathEnding: path) {
            guard let file = try reader.file(id) else { continue }
            let inner = file.facts.symbols.indices.last { ordinal in
                let symbol = file.facts.symbols[ordinal]
                return Int(symbol.line) <= line && line <= Int(symbol.endLine)
            }
            if let inner { found.append(SymbolID(file: id, ordinal: inner)) }
        }
        return found
    }

    // MARK: Relations

    /// One use of a symbol.
    package struct Use: Hashable, Sendable {
        /// Where it stands: the innermost symbol around it, nil for a file's top.
        package var user: SymbolID?
        package var file: Int
        package var line: Int
        /// Of the name, in bytes.
        package var start: Int
        package var role: ReferenceRole
        /// What is meant.
        package var targets: [SymbolID]
        package var provenance: Provenance
        /// What the role does not say: into which field a function is put, for what it is bound.
        package var note: String?
    }

    /// All uses of these symbols, in order. Ambiguous ones are those that could mean them among others.
    package func uses(
        of symbols: [SymbolID], roles: Set<ReferenceRole> = Set(ReferenceRole.allCases)
    ) throws(SQLiteError) -> [Use] {
        let wanted = Set(symbols)
        let names = try UsedNames(of: symbols, reader)
        var found: [Use] = []
        for id in names.files.sorted() {
            guard let file = try reader.file(id) else { continue }
            for reference in file.facts.references
            where roles.contains(reference.role) && names.contains(file.facts.names[reference.name], in: id) {
                guard let meaning = try resolver.resolve(reference, in: file),
                    meaning.targets.contains(where: wanted.contains)
                else { continue }
                found.append(try use(reference, in: file, meaning))
            }
        }
        return found
    }

    /// What a symbol uses, itself or in the symbols within it, in the order of the text.
    func uses(
        by symbol: SymbolID, roles: Set<ReferenceRole> = Set(ReferenceRole.allCases)
    ) throws(SQLiteError) -> [Use] {
        guard let (file, fact) = try reader.symbol(symbol) else { return [] }
        var found: [Use] = []
        for reference in file.facts.references
        where roles.contains(reference.role) && reference.start >= fact.start && reference.start < fact.end {
            guard reference.container >= symbol.ordinal, let meaning = try resolver.resolve(reference, in: file) else {
                continue
            }
            found.append(try use(reference, in: file, meaning))
        }
        return found
    }

    private func use(
        _ reference: ReferenceFact, in file: GraphReader.FactsOfFile, _ meaning: Resolution
    ) throws(SQLiteError) -> Use {
        var user = reference.container >= 0 ? SymbolID(file: file.id, ordinal: Int(reference.container)) : nil
        if let type = try resolver.typeBeside(reference, in: file) { user = type }
        return Use(
            user: user, file: file.id, line: Int(reference.line), start: Int(reference.start), role: reference.role,
            targets: meaning.targets, provenance: meaning.provenance, note: try note(on: reference, in: file))
    }

    // MARK: Types

    /// Types that inherit from or implement these, directly and through others.
    package func implementers(of symbols: [SymbolID]) throws -> [SymbolID] {
        try implementers(of: symbols) { uses, _ in uses }.map(\.symbol)
    }

    /// Methods of the same name in types that inherit from a method's type.
    package func overrides(of method: SymbolID) throws -> [SymbolID] {
        try overrides(of: method) { uses, _ in uses }.map(\.symbol)
    }
}
