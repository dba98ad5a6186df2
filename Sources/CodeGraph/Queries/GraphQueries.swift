package import SQLite

/// Answers questions about symbols. One thread at a time.
package final class GraphQueries {
    package let reader: GraphReader
    let resolver: Resolver

    package init(_ store: GraphStore) {
        reader = GraphReader(store)
        resolver = Resolver(reader)
    }

    // MARK: Symbols

    /// The symbols that a pattern names, definitions before declarations, otherwise in order. When nothing has the exact
    /// name, what has it in other letter case.
    package func symbols(_ pattern: SymbolPattern) throws(SQLiteError) -> [SymbolID] {
        if let line = pattern.line { return try symbols(at: line, path: pattern.path ?? "") }
        guard let name = pattern.names.last else { return [] }
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
        package var role: ReferenceRole
        /// What is meant.
        package var targets: [SymbolID]
        package var provenance: Provenance
    }

    /// All uses of these symbols, in order. Ambiguous ones are those that could mean them among others.
    package func uses(
        of symbols: [SymbolID], roles: Set<ReferenceRole> = Set(ReferenceRole.allCases)
    ) throws(SQLiteError) -> [Use] {
        let wanted = Set(symbols)
        var names: Set<String> = []
        for id in symbols {
            if let (file, fact) = try reader.symbol(id) { names.insert(file.facts.names[fact.name]) }
        }
        // Imports may give a symbol another name, and other files import it by that.
        var files: Set<Int> = []
        var waiting = Array(names)
        while let name = waiting.popLast() {
            for id in try reader.files(mentioning: name) {
                files.insert(id)
                guard let facts = try reader.file(id)?.facts else { continue }
                for item in facts.imports where item.alias != 0 && facts.names[item.name] == name {
                    let alias = facts.names[item.alias]
                    if names.insert(alias).inserted { waiting.append(alias) }
                }
            }
        }
        var found: [Use] = []
        for id in files.sorted() {
            guard let file = try reader.file(id) else { continue }
            for reference in file.facts.references
            where roles.contains(reference.role) && names.contains(file.facts.names[reference.name]) {
                guard let meaning = try resolver.resolve(reference, in: file),
                    meaning.targets.contains(where: wanted.contains)
                else { continue }
                found.append(use(reference, in: file, meaning))
            }
        }
        return found
    }

    /// What calls these symbols, makes or decorates with them.
    package func callers(of symbols: [SymbolID]) throws(SQLiteError) -> [Use] {
        try uses(of: symbols, roles: [.call, .construct])
    }

    /// What a symbol calls, itself or in the symbols within it; names that no symbol of the index has are left out.
    package func callees(of symbol: SymbolID) throws(SQLiteError) -> [Use] {
        try uses(by: symbol, roles: [.call, .construct, .slot])
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
            found.append(use(reference, in: file, meaning))
        }
        return found
    }

    private func use(_ reference: ReferenceFact, in file: GraphReader.FactsOfFile, _ meaning: Resolution) -> Use {
        Use(
            user: reference.container >= 0 ? SymbolID(file: file.id, ordinal: Int(reference.container)) : nil,
            file: file.id, line: Int(reference.line), role: reference.role, targets: meaning.targets,
            provenance: meaning.provenance)
    }

    // MARK: Types

    /// Types that inherit from or implement these, directly and through others.
    package func implementers(of symbols: [SymbolID]) throws(SQLiteError) -> [SymbolID] {
        var found: [SymbolID] = []
        var seen = Set(symbols)
        var waiting = symbols
        while let next = waiting.popLast() {
            for use in try uses(of: [next], roles: [.inherit, .implement]) where use.provenance < .ambiguous {
                guard let user = use.user, seen.insert(user).inserted else { continue }
                found.append(user)
                waiting.append(user)
            }
        }
        return found.sorted()
    }

    /// Methods of the same name in types that inherit from a method's type.
    package func overrides(of method: SymbolID) throws(SQLiteError) -> [SymbolID] {
        guard let (file, fact) = try reader.symbol(method), fact.parent >= 0,
            file.facts.symbols[Int(fact.parent)].kind.isType
        else { return [] }
        var found: [SymbolID] = []
        for type in try implementers(of: [SymbolID(file: method.file, ordinal: Int(fact.parent))]) {
            guard let home = try reader.file(type.file) else { continue }
            for ordinal in home.members(named: file.facts.names[fact.name], of: type.ordinal) {
                found.append(SymbolID(file: type.file, ordinal: ordinal))
            }
        }
        return found
    }
}
