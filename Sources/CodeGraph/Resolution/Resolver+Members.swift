internal import SQLite

extension Resolver {
    /// A name behind a dot.
    func member(
        _ name: String, of receiver: String, in file: GraphReader.FactsOfFile, container: Int, rules: LanguageRules
    ) throws(SQLiteError) -> Resolution? {
        if rules.ownReceivers.contains(receiver) || rules.superReceivers.contains(where: { receiver.hasPrefix($0) }) {
            guard let type = enclosingType(file, container) else { return nil }
            let isSuper = !rules.ownReceivers.contains(receiver)
            let found = try self.member(name, ofType: type, rules: rules, skipsOwn: isSuper)
            return found.map { Resolution(targets: $0, provenance: .importResolved) }
        }
        // A module that was imported under this name, or a type.
        for item in file.facts.imports where item.name == 0 || rules.importsModulesByName {
            let module = file.facts.names[item.module]
            let imported = file.facts.names[item.name]
            let known =
                item.alias != 0
                ? file.facts.names[item.alias] : imported.isEmpty ? rules.localName(ofModule: module) : imported
            guard known == receiver else { continue }
            let full = imported.isEmpty ? module : rules.join(module, imported)
            for target in try rules.files(ofModule: full, from: file, reader: reader) {
                if let found = try exported(name, by: target, rules: rules, depth: 0) {
                    return Resolution(targets: found, provenance: .importResolved)
                }
            }
        }
        if let found = try plain(receiver, in: file, container: container, rules: rules) {
            for target in found.targets {
                guard let (_, fact) = try reader.symbol(target) else { continue }
                if fact.kind.isType, let members = try self.member(name, ofType: target, rules: rules) {
                    return Resolution(targets: members, provenance: .importResolved)
                }
            }
        }
        guard let type = try type(of: receiver, in: file, container: container, rules: rules) else { return nil }
        return try self.member(name, ofType: type, rules: rules).map {
            Resolution(targets: $0, provenance: .typeInferred)
        }
    }

    func enclosingType(_ file: GraphReader.FactsOfFile, _ container: Int) -> SymbolID? {
        var scope = container
        while scope >= 0 {
            if file.facts.symbols[scope].kind.isType { return SymbolID(file: file.id, ordinal: scope) }
            scope = Int(file.facts.symbols[scope].parent)
        }
        return nil
    }

    /// A member of a type or of the types that it inherits from, those nearest first.
    func member(
        _ name: String, ofType type: SymbolID, rules: LanguageRules, skipsOwn: Bool = false
    ) throws(SQLiteError) -> [SymbolID]? {
        var waiting = [type]
        var seen: Set<SymbolID> = []
        while let next = waiting.first {
            waiting.removeFirst()
            guard seen.insert(next).inserted, seen.count < 64, let (file, fact) = try reader.symbol(next) else {
                continue
            }
            if !(skipsOwn && next == type) {
                var found = file.members(named: name, of: next.ordinal).map { SymbolID(file: file.id, ordinal: $0) }
                if found.isEmpty {
                    found = try owned(name, by: file.facts.names[fact.name], language: file.language, rules: rules)
                }
                if !found.isEmpty { return found }
            }
            waiting += try supertypes(of: next, in: file, rules: rules)
        }
        return nil
    }

    /// What names a type as its owner without standing in it.
    private func owned(
        _ name: String, by owner: String, language: String?, rules: LanguageRules
    ) throws(SQLiteError) -> [SymbolID] {
        guard rules.hasOwners else { return [] }
        var found: [SymbolID] = []
        for id in try reader.definitions(named: name) {
            guard let (file, fact) = try reader.symbol(id), fact.owner != 0, file.language == language else { continue }
            if file.facts.names[fact.owner] == owner { found.append(id) }
        }
        return found
    }

    func supertypes(
        of type: SymbolID, in file: GraphReader.FactsOfFile, rules: LanguageRules
    ) throws(SQLiteError) -> [SymbolID] {
        var found: [SymbolID] = []
        for reference in file.facts.references
        where Int(reference.container) == type.ordinal && (reference.role == .inherit || reference.role == .implement) {
            let parent = Int(file.facts.symbols[type.ordinal].parent)
            var outer = reference
            // Looked up from outside: a class may inherit from one of its own name.
            outer.container = Int32(parent)
            let resolution = try descend { () throws(SQLiteError) in try resolve(outer, in: file) }
            guard let resolution, resolution.provenance <= .uniqueName else { continue }
            found += resolution.targets.filter { $0 != type }
        }
        return found
    }

    /// The type of a variable: what it was declared as, or what was called to make it.
    private func type(
        of receiver: String, in file: GraphReader.FactsOfFile, container: Int, rules: LanguageRules
    ) throws(SQLiteError) -> SymbolID? {
        let facts = file.facts
        var scopes: [Int32] = [-1]
        var scope = container
        while scope >= 0 {
            scopes.append(Int32(scope))
            scope = Int(facts.symbols[scope].parent)
        }
        let own = enclosingType(file, container)
        let isOwnField = rules.ownReceivers.contains { receiver.hasPrefix($0 + ".") }
        for binding in facts.bindings where facts.names[binding.name] == receiver {
            // A field may be set in any method of the class.
            let isSeen =
                scopes.contains(binding.container)
                || (isOwnField && enclosingType(file, Int(binding.container)) == own)
            guard isSeen, binding.type != 0 else { continue }
            let written = facts.names[binding.type]
            if let found = try typeNamed(
                written, isCall: binding.isCall, in: file, container: Int(binding.container), rules: rules)
            {
                return found
            }
        }
        return nil
    }

    /// The type that a declaration names, or that a call makes: a class, or a function that says what it returns.
    private func typeNamed(
        _ written: String, isCall: Bool, in file: GraphReader.FactsOfFile, container: Int, rules: LanguageRules
    ) throws(SQLiteError) -> SymbolID? {
        let path = rules.typePath(written)
        guard let name = path.last else { return nil }
        let receiver = path.dropLast().joined(separator: ".")
        let resolution =
            receiver.isEmpty
            ? try plain(name, in: file, container: container, rules: rules)
            : try descend { () throws(SQLiteError) in
                try member(name, of: receiver, in: file, container: container, rules: rules)
            }
        guard let target = resolution?.targets.first, let (home, fact) = try reader.symbol(target) else {
            // A variable that was given another's value.
            guard isCall, path.count == 1 else { return nil }
            return try descend { () throws(SQLiteError) in
                try type(of: name, in: file, container: container, rules: rules)
            }
        }
        if fact.kind.isType { return target }
        guard fact.kind.isCallable, fact.type != 0 else { return nil }
        return try descend { () throws(SQLiteError) in
            try typeNamed(
                home.facts.names[fact.type], isCall: false, in: home, container: Int(fact.parent), rules: rules)
        }
    }
}
