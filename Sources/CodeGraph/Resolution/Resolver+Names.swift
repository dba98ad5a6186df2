internal import SQLite

/// What a name without a receiver was found to be.
enum Definition {
    case symbols(Resolution)
    /// A local variable of the symbol.
    case variable(of: Int)
    /// A module, by its files.
    case module([Int])
    /// It comes from a module that is not in the repository.
    case outside
}

extension Resolver {
    /// Where a name is defined: by the scopes around, then the imports, then what the language lets all files see.
    /// - Parameters:
    ///   - skipsVariables: where only types can stand.
    ///   - seesOwn: whether a variable counts that has the name of what is called to make it, `let store = store()`.
    func definition(
        of name: String, at scope: Scope, skipsVariables: Bool = false, seesOwn: Bool = true
    ) throws(SQLiteError) -> Definition? {
        let (file, rules) = (scope.file, scope.rules)
        var container = scope.container
        while container >= 0 {
            let symbol = file.facts.symbols[container]
            if !rules.hasMembers(symbol.kind) {
                // The members of an object that is written out need its name before them.
                let isObject = !symbol.kind.hasLocals && symbol.kind != .module
                let inner = isObject ? [] : file.members(named: name, of: container)
                let isVariable =
                    !skipsVariables && symbol.kind.hasLocals
                    && hides(name, in: container, at: scope, seesOwn: seesOwn)
                // TypeScript's types have names of their own.
                let isOnlyType = inner.allSatisfy { [.typeAlias, .interface].contains(file.facts.symbols[$0].kind) }
                if isVariable, isOnlyType { return .variable(of: container) }
                if !inner.isEmpty { return resolved(file, inner) }
                if let found = try imported(name, in: file, by: container, rules: rules) { return found }
            } else if rules.seesMembersWithoutReceiver {
                let id = SymbolID(file: file.id, ordinal: container)
                if let found = try member(name, ofType: id) {
                    return .symbols(Resolution(targets: found, provenance: .importResolved))
                }
                if let found = try imported(name, in: file, by: container, rules: rules) { return found }
            } else if container == scope.container {
                let own = file.members(named: name, of: container)
                if !own.isEmpty { return resolved(file, own) }
            }
            if symbol.owner != 0, rules.seesMembersWithoutReceiver, name != file.facts.names[symbol.owner],
                let found = try memberOfOwner(name, of: container, in: file, rules: rules)
            {
                return .symbols(found)
            }
            container = Int(symbol.parent)
        }
        // Those of blocks that stand in no symbol: functions that are handed to another.
        let isInBlock = visible(name, in: -1, at: scope).contains { file.facts.bindings[$0].end != 0 }
        if !skipsVariables, isInBlock { return .variable(of: -1) }
        let top = file.members(named: name, of: -1)
        let definitions = seen(top.filter { !file.facts.symbols[$0].isDeclaration }, at: scope)
        if !definitions.isEmpty { return resolved(file, definitions) }
        if let found = try rules.qualifiedNames?([name], file, scope.container, self) {
            return .symbols(Resolution(targets: found, provenance: .importResolved))
        }
        if let found = try imported(name, in: file, by: -1, rules: rules) { return found }
        if let shared = try rules.sharedNames(name, skipsVariables, file, reader) {
            return .symbols(Resolution(targets: shared, provenance: .importResolved))
        }
        return top.isEmpty ? nil : resolved(file, top)
    }

    /// Of several functions of one name, which stand in blocks that are no symbols, the last one before the place.
    private func seen(_ ordinals: [Int], at scope: Scope) -> [Int] {
        let symbols = scope.file.facts.symbols
        guard scope.rules.hasBlocks, ordinals.count > 1, scope.place != Int.max,
            ordinals.allSatisfy({ symbols[$0].kind == symbols[ordinals[0]].kind && !symbols[$0].kind.isType })
        else { return ordinals }
        return ordinals.last { Int(symbols[$0].start) <= scope.place }.map { [$0] } ?? []
    }

    private func resolved(_ file: GraphReader.FactsOfFile, _ ordinals: [Int]) -> Definition {
        .symbols(Resolution(ordinals, in: file))
    }

    /// Whether a variable of a scope has the name at that place.
    private func hides(_ name: String, in container: Int, at scope: Scope, seesOwn: Bool) -> Bool {
        visible(name, in: container, at: scope).contains { index in
            let binding = scope.file.facts.bindings[index]
            if binding.form != .made || binding.type != binding.name { return true }
            return seesOwn && isFollowable(binding, in: scope.file)
        }
    }

    /// What an import gives a name.
    /// - Parameter container: the symbol in which it stands; -1 for the file, nil for all that others see.
    private func imported(
        _ name: String, in file: GraphReader.FactsOfFile, by container: Int?, rules: LanguageRules, depth: Int = 0
    ) throws(SQLiteError) -> Definition? {
        // Modules that pass names on, `__init__.py` and index files, do so over a few steps.
        guard depth < 8 else { return nil }
        let facts = file.facts
        func isSeen(_ item: ImportFact) -> Bool {
            if let container { return Int(item.container) == container }
            return item.container < 0 || !facts.symbols[Int(item.container)].kind.isCallable
        }
        for item in facts.imports where isSeen(item) && (!item.isWildcard || item.alias != 0) {
            let module = facts.names[item.module]
            let original = facts.names[item.name]
            let local =
                item.alias != 0
                ? facts.names[item.alias] : item.name != 0 ? original : rules.localName(ofModule: module)
            guard local == name else { continue }
            if let found = try meaning(of: item, in: file, rules: rules, depth: depth) { return found }
            if try rules.isOutside(module, file.path, reader) { return .outside }
        }
        // What a module exports without a name is not among all its names.
        guard name != rules.defaultExport else { return nil }
        for item in facts.imports where isSeen(item) && item.isWildcard && item.alias == 0 {
            for target in try rules.files(ofModule: facts.names[item.module], from: file, reader: reader) {
                if let found = try exported(name, by: target, rules: rules, depth: depth) { return found }
            }
        }
        return nil
    }

    /// What an import stands for: a name of a module, a module within it, or the module.
    private func meaning(
        of item: ImportFact, in file: GraphReader.FactsOfFile, rules: LanguageRules, depth: Int
    ) throws(SQLiteError) -> Definition? {
        let module = file.facts.names[item.module]
        let name = file.facts.names[item.name]
        let files = try rules.files(ofModule: module, from: file, reader: reader)
        if name.isEmpty {
            // What `import f from "./f"` brings has no name there.
            if !item.isWildcard, let defaultExport = rules.defaultExport {
                for target in files {
                    if let found = try exported(defaultExport, by: target, rules: rules, depth: depth) { return found }
                }
            }
            return files.isEmpty ? nil : .module(files)
        }
        for target in files {
            if let found = try exported(name, by: target, rules: rules, depth: depth) { return found }
        }
        guard rules.importsModulesByName else { return nil }
        let inner = try rules.files(ofModule: rules.join(module, name), from: file, reader: reader)
        return inner.isEmpty ? nil : .module(inner)
    }

    /// A name at the top of a file, defined there or passed on by it.
    func exported(_ name: String, by id: Int, rules: LanguageRules, depth: Int) throws(SQLiteError) -> Definition? {
        guard depth < 8, let file = try reader.file(id) else { return nil }
        let top = file.members(named: name, of: -1)
        if !top.isEmpty { return resolved(file, top) }
        // `export { f as g }`, `export default f`.
        for index in file.bindings(named: name, in: -1) {
            let binding = file.facts.bindings[index]
            let own = file.facts.names[binding.type]
            guard binding.form == .assigned, own != name || rules.defaultExport != nil else { continue }
            let here = file.members(named: own, of: -1)
            if !here.isEmpty { return resolved(file, here) }
            if let found = try imported(own, in: file, by: nil, rules: rules, depth: depth + 1) { return found }
        }
        return try imported(name, in: file, by: nil, rules: rules, depth: depth + 1)
    }
}
