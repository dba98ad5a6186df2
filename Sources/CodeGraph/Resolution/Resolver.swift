package import SQLite

/// Finds what a name in a file means: by the scopes around it, by what the file imports, by the types of variables, and in
/// the end by there being only one symbol of that name.
package final class Resolver {
    let reader: GraphReader
    /// How far the name at hand has been followed; programs can refer to themselves without end.
    private var depth = 0
    private var steps = 0
    private static let depthLimit = 12
    private static let stepLimit = 400

    package init(_ reader: GraphReader) { self.reader = reader }

    /// Nil when no symbol of the index has that name.
    package func resolve(_ reference: ReferenceFact, in file: GraphReader.FactsOfFile) throws(SQLiteError)
        -> Resolution?
    {
        if depth == 0 { steps = 0 }
        return try descend { () throws(SQLiteError) in try meaning(of: reference, in: file) }
    }

    /// Follows a name one step further, unless it has been followed too far.
    func descend<R>(_ body: () throws(SQLiteError) -> R?) throws(SQLiteError) -> R? {
        steps += 1
        guard depth < Self.depthLimit, steps < Self.stepLimit else { return nil }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    private func meaning(of reference: ReferenceFact, in file: GraphReader.FactsOfFile) throws(SQLiteError)
        -> Resolution?
    {
        let name = file.facts.names[reference.name]
        let rules = LanguageRules.of(file.language)
        let container = Int(reference.container)
        if reference.receiver == 0 || reference.role == .slot {
            if let found = try plain(name, in: file, container: container, rules: rules) { return found }
        } else {
            let receiver = file.facts.names[reference.receiver]
            if let found = try member(name, of: receiver, in: file, container: container, rules: rules) { return found }
        }
        return try byName(name, role: reference.role, hasReceiver: reference.receiver != 0, rules: rules)
    }

    // MARK: Names without a receiver

    /// By the scopes around, then the imports, then what the language lets all files see.
    func plain(
        _ name: String, in file: GraphReader.FactsOfFile, container: Int, rules: LanguageRules
    ) throws(SQLiteError) -> Resolution? {
        var scope = container
        while scope >= 0 {
            let symbol = file.facts.symbols[scope]
            if !symbol.kind.isType {
                let inner = file.members(named: name, of: scope)
                if !inner.isEmpty { return resolved(file, inner) }
            } else if rules.seesMembersWithoutReceiver,
                let found = try self.member(name, ofType: SymbolID(file: file.id, ordinal: scope), rules: rules)
            {
                return Resolution(targets: found, provenance: .importResolved)
            }
            scope = Int(symbol.parent)
        }
        let top = file.members(named: name, of: -1)
        let definitions = top.filter { !file.facts.symbols[$0].isDeclaration }
        if !definitions.isEmpty { return resolved(file, definitions) }
        if let imported = try imported(name, in: file, rules: rules) {
            return Resolution(targets: imported, provenance: .importResolved)
        }
        if let shared = try rules.shared(name, in: file, reader: reader) {
            return Resolution(targets: shared, provenance: .importResolved)
        }
        return top.isEmpty ? nil : resolved(file, top)
    }

    private func resolved(_ file: GraphReader.FactsOfFile, _ ordinals: [Int]) -> Resolution {
        Resolution(targets: ordinals.map { SymbolID(file: file.id, ordinal: $0) }, provenance: .importResolved)
    }

    /// What an import of the file gives this name.
    func imported(
        _ name: String, in file: GraphReader.FactsOfFile, rules: LanguageRules, depth: Int = 0
    ) throws(SQLiteError) -> [SymbolID]? {
        // Modules that pass names on, `__init__.py` and index files, do so over a few steps.
        guard depth < 6 else { return nil }
        let facts = file.facts
        for item in facts.imports where item.name != 0 && facts.names[item.alias != 0 ? item.alias : item.name] == name
        {
            let original = facts.names[item.name]
            for target in try rules.files(ofModule: facts.names[item.module], from: file, reader: reader) {
                if let found = try exported(original, by: target, rules: rules, depth: depth) { return found }
            }
        }
        for item in facts.imports where item.isWildcard {
            for target in try rules.files(ofModule: facts.names[item.module], from: file, reader: reader) {
                if let found = try exported(name, by: target, rules: rules, depth: depth) { return found }
            }
        }
        return nil
    }

    /// A name at the top of a file, defined there or passed on by it.
    func exported(_ name: String, by id: Int, rules: LanguageRules, depth: Int) throws(SQLiteError) -> [SymbolID]? {
        guard let file = try reader.file(id) else { return nil }
        let top = file.members(named: name, of: -1)
        if !top.isEmpty { return top.map { SymbolID(file: id, ordinal: $0) } }
        return try imported(name, in: file, rules: rules, depth: depth + 1)
    }

    // MARK: By name alone

    /// The symbols of that name that the reference could mean, wherever they are.
    private func byName(
        _ name: String, role: ReferenceRole, hasReceiver: Bool, rules: LanguageRules
    ) throws(SQLiteError) -> Resolution? {
        var found: [SymbolID] = []
        var defined: [SymbolID] = []
        for id in try reader.definitions(named: name) {
            guard let (file, fact) = try reader.symbol(id), rules.reaches(file.language) else { continue }
            let fits =
                switch role {
                case .call: fact.kind.isCallable || fact.kind.isType || (hasReceiver && fact.kind == .field)
                case .construct, .inherit, .implement, .type: fact.kind.isType
                case .use, .slot: fact.kind.isCallable || fact.kind.isType
                }
            // What is within a function is seen there only.
            let parent = fact.parent >= 0 ? file.facts.symbols[Int(fact.parent)].kind : .module
            guard fits, !parent.isCallable else { continue }
            found.append(id)
            if !fact.isDeclaration { defined.append(id) }
        }
        if !defined.isEmpty { found = defined }
        if found.isEmpty { return nil }
        return Resolution(targets: found, provenance: found.count == 1 ? .uniqueName : .ambiguous)
    }
}
