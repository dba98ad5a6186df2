package import SQLite

/// Finds what a name in a file means: by the scopes around it, by what the file imports, by the types of variables, and in
/// the end by there being only one symbol of that name.
package final class Resolver {
    let reader: GraphReader
    /// How far the name at hand has been followed; programs can refer to themselves without end.
    private var depth = 0
    private var steps = 0
    private static let depthLimit = 40
    private static let stepLimit = 600
    /// The variables that are being followed.
    private var followed: Set<Variable> = []
    /// How often that was the end: what is found meanwhile may not be all.
    private var ends = 0
    /// For one state of the index.
    private var partsOfTypes: [SymbolID: [SymbolID]] = [:]
    private var supertypesOfTypes: [SymbolID: [SymbolID]] = [:]
    private var ownersOfSymbols: [SymbolID: [SymbolID]] = [:]

    private struct Variable: Hashable {
        var file: Int
        var binding: BindingFact
    }

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
        guard depth < Self.depthLimit, steps < Self.stepLimit else {
            ends += 1
            return nil
        }
        depth += 1
        defer { depth -= 1 }
        return try body()
    }

    /// Whether a variable is not one of those on whose account it is asked for.
    func isFollowable(_ binding: BindingFact, in file: GraphReader.FactsOfFile) -> Bool {
        guard followed.contains(Variable(file: file.id, binding: binding)) else { return true }
        ends += 1
        return false
    }

    func following<R>(
        _ binding: BindingFact, in file: GraphReader.FactsOfFile, _ body: () throws(SQLiteError) -> R
    ) throws(SQLiteError) -> R {
        let variable = Variable(file: file.id, binding: binding)
        followed.insert(variable)
        defer { followed.remove(variable) }
        return try body()
    }

    private func meaning(of reference: ReferenceFact, in file: GraphReader.FactsOfFile) throws(SQLiteError)
        -> Resolution?
    {
        let name = file.facts.names[reference.name]
        let rules = LanguageRules.of(file.language)
        if reference.role == .route, let found = annotated(reference, in: file) { return found }
        var container = Int(reference.container)
        let isInHead = reference.role == .inherit || reference.role == .implement
        // Looked up from outside: a class may inherit from one of its own name.
        if isInHead, container >= 0, rules.hasMembers(file.facts.symbols[container].kind) {
            container = Int(file.facts.symbols[container].parent)
        }
        let scope = Scope(file: file, container: container, rules: rules, place: Int(reference.start))
        let hasReceiver = reference.receiver != 0 && reference.role.receiverHasName
        var found =
            if hasReceiver, !(isInHead && rules.implementsBeside) {
                try member(name, of: file.facts.names[reference.receiver], at: scope)
            } else {
                try plain(name, at: scope, isCall: reference.role == .call)
            }
        if rules.macrosHaveOwnNames { found = try separated(found, fromMacrosNamed: name, reference.role, at: scope) }
        // Without targets it is known that none is meant.
        if let found { return found.targets.isEmpty ? nil : found }
        return try byName(name, role: reference.role, hasReceiver: hasReceiver, rules: rules)
    }

    /// Rust's macros have names of their own: a value of that name is something else, and hides none of them.
    private func separated(
        _ found: Resolution?, fromMacrosNamed name: String, _ role: ReferenceRole, at scope: Scope
    ) throws(SQLiteError) -> Resolution? {
        guard let found else { return nil }
        if role != .call {
            guard let target = found.targets.first else { return found }
            return try reader.symbol(target)?.fact.kind == .macro ? nil : found
        }
        guard found.targets.isEmpty else { return found }
        var macros: [SymbolID] = []
        for id in try scope.rules.sharedNames(name, false, scope.file, reader) ?? []
        where try reader.symbol(id)?.fact.kind == .macro {
            macros.append(id)
        }
        return macros.isEmpty ? found : Resolution(targets: macros, provenance: .importResolved)
    }

    // MARK: What is asked for again and again

    func parts(of type: SymbolID, rules: LanguageRules) throws(SQLiteError) -> [SymbolID] {
        try known(\.partsOfTypes, type) { () throws(SQLiteError) in try rules.parts(type, reader) }
    }

    func supertypes(of type: SymbolID, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> [SymbolID] {
        try known(\.supertypesOfTypes, type) { () throws(SQLiteError) in try findSupertypes(of: type, in: file) }
    }

    func owner(of ordinal: Int, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> SymbolID? {
        let id = SymbolID(file: file.id, ordinal: ordinal)
        return try known(\.ownersOfSymbols, id) { () throws(SQLiteError) in
            try findOwner(of: ordinal, in: file).map { [$0] } ?? []
        }.first
    }

    private func known(
        _ table: ReferenceWritableKeyPath<Resolver, [SymbolID: [SymbolID]]>, _ id: SymbolID,
        _ find: () throws(SQLiteError) -> [SymbolID]
    ) throws(SQLiteError) -> [SymbolID] {
        if let known = self[keyPath: table][id] { return known }
        let before = ends
        let found = try find()
        if ends == before { self[keyPath: table][id] = found }
        return found
    }

    // MARK: Names without a receiver

    /// By the scopes around, then the imports, then what the language lets all files see.
    private func plain(
        _ name: String, at scope: Scope, isCall: Bool
    ) throws(SQLiteError) -> Resolution? {
        let rules = scope.rules
        if rules.ownTypes.contains(name), !isAssigned(name, at: scope) {
            return try enclosingType(scope.file, scope.container).map {
                Resolution(targets: [$0], provenance: .importResolved)
            }
        }
        if rules.superReceivers.contains(name), let type = try enclosingType(scope.file, scope.container),
            let file = try reader.file(type.file)
        {
            let found = try supertypes(of: type, in: file)
            return Resolution(targets: found, provenance: .importResolved)
        }
        switch try definition(of: name, at: scope, skipsVariables: isCall && rules.callsNoVariables) {
        case .symbols(let found): return found
        case .variable(let container):
            let values = try meanings(ofVariable: name, in: container, at: scope)
            let targets = try called(values, at: scope)
            if targets.isEmpty, isCall, case .symbols(let found) = try definition(of: name, at: scope, seesOwn: false) {
                return found
            }
            return Resolution(targets: targets, provenance: .typeInferred)
        case .module: return nil
        case .outside: return Resolution(targets: [], provenance: .importResolved)
        case nil: return nil
        }
    }

    /// The functions and types that a variable's values are, and what is called where they are objects.
    func called(_ values: Meanings, at scope: Scope) throws(SQLiteError) -> [SymbolID] {
        for value in values.all {
            switch value {
            case .function(let id, _), .type(let id): return [id]
            case .instance(let type):
                guard let name = scope.rules.callMember, let found = try member(name, ofType: type) else { continue }
                return found
            case .module, .supertypes, .returning, .container: continue
            }
        }
        return []
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
                case .construct, .inherit, .implement, .type: rules.hasMembers(fact.kind)
                case .use, .slot, .inject, .bind, .route: fact.kind.isCallable || fact.kind.isType
                }
            // What is within a function is seen there only.
            let parent = fact.parent >= 0 ? file.facts.symbols[Int(fact.parent)].kind : .module
            guard fits, !parent.hasLocals else { continue }
            // Methods are called with something before them, but where the language looks into types.
            if !hasReceiver, fact.kind == .method, rules.hasMembers(parent), !rules.seesMembersWithoutReceiver {
                continue
            }
            if rules.distrustsNames, !rules.couldMean(fact, in: file, role: role, hasReceiver: hasReceiver) { continue }
            found.append(id)
            if !fact.isDeclaration { defined.append(id) }
        }
        if !defined.isEmpty { found = defined }
        if found.isEmpty { return nil }
        // `unwrap` may be anybody's, `read_all_lines` is somebody's.
        let isTelling = !hasReceiver || FileNames.isCompound(Array(name.utf8)[...])
        return Resolution(targets: found, provenance: found.count == 1 && isTelling ? .uniqueName : .ambiguous)
    }
}
