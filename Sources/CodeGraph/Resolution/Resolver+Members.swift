internal import SQLite

extension Resolver {
    /// A name behind a dot. Without targets when it is known that no symbol of the repository is meant.
    func member(_ name: String, of receiver: String, at scope: Scope) throws(SQLiteError) -> Resolution? {
        guard let path = AccessPath(receiver) else { return nil }
        if path.steps.isEmpty, case .name(let own) = path.root, scope.rules.ownReceivers.contains(own),
            try enclosingType(scope.file, scope.container) == nil,
            let found = try ownedBeside(name, in: scope.file, container: scope.container, rules: scope.rules)
        {
            return found
        }
        let base = try meanings(of: path, at: scope)
        if base.isOutside { return Resolution(targets: [], provenance: .importResolved) }
        // What the types have themselves comes before what they inherit: types of one name may be parts of one.
        for meaning in base.all where base.all.count > 1 {
            guard let type = meaning.typeAtHand, let home = try reader.file(type.file) else { continue }
            let own = home.members(named: name, of: type.ordinal)
            if !own.isEmpty {
                let targets = own.map { SymbolID(file: type.file, ordinal: $0) }
                return Resolution(targets: targets, provenance: base.isInferred ? .typeInferred : .importResolved)
            }
        }
        for meaning in base.all {
            if let found = try targets(named: name, of: meaning, at: scope) {
                return Resolution(targets: found, provenance: base.isInferred ? .typeInferred : .importResolved)
            }
        }
        // An attribute that holds a function or an object.
        let held = try meanings(after: .member(name), base, at: scope)
        let called = try called(held, at: scope)
        if !called.isEmpty { return Resolution(targets: called, provenance: .typeInferred) }
        guard let names = path.names else { return nil }
        let found = try scope.rules.qualifiedNames?(names + [name], scope.file, scope.container, self)
        return found.map { Resolution(targets: $0, provenance: .importResolved) }
    }

    /// A member of a type or of the types that it inherits from, those nearest first.
    func member(_ name: String, ofType type: SymbolID, skipsOwn: Bool = false) throws(SQLiteError) -> [SymbolID]? {
        var found: [SymbolID] = []
        try forEachType(from: type) { (parts) throws(SQLiteError) in
            if skipsOwn && parts.contains(where: { $0.id == type }) { return false }
            for (id, file) in parts {
                let own = file.members(named: name, of: id.ordinal).map { SymbolID(file: file.id, ordinal: $0) }
                found += own
                if own.isEmpty { found += try owned(name, by: id, in: file) }
            }
            return !found.isEmpty
        }
        return found.isEmpty ? nil : found
    }

    /// Calls `body` with all that a type is put together from, then with the types that it inherits from, the nearest
    /// first, until it says true.
    func forEachType(
        from type: SymbolID, _ body: ([(id: SymbolID, file: GraphReader.FactsOfFile)]) throws(SQLiteError) -> Bool
    ) throws(SQLiteError) {
        var waiting = [type]
        var seen: Set<SymbolID> = []
        while let next = waiting.first {
            waiting.removeFirst()
            guard !seen.contains(next), seen.count < 64, let (home, _) = try reader.symbol(next) else { continue }
            var parts: [(id: SymbolID, file: GraphReader.FactsOfFile)] = []
            for part in try [next] + self.parts(of: next, rules: LanguageRules.of(home.language))
            where seen.insert(part).inserted {
                if let (file, _) = try reader.symbol(part) { parts.append((part, file)) }
            }
            if try body(parts) { return }
            for (id, file) in parts { waiting += try supertypes(of: id, in: file) }
        }
    }

    func findSupertypes(of type: SymbolID, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> [SymbolID] {
        let rules = LanguageRules.of(file.language)
        var found: [SymbolID] = []
        for var reference in file.heads(of: type.ordinal, besideToo: rules.implementsBeside)
        where reference.role == .inherit || rules.implementsMembers {
            // Wherever the implementation stands, names in its head are those around the type.
            let isBeside = Int(reference.container) != type.ordinal
            if isBeside { reference.container = file.facts.symbols[type.ordinal].parent }
            let resolution = try descend { () throws(SQLiteError) in try resolve(reference, in: file) }
            guard let resolution, resolution.provenance <= .uniqueName else { continue }
            found += resolution.targets.filter { $0 != type }
        }
        let fact = file.facts.symbols[type.ordinal]
        if fact.kind == .typeAlias, fact.type != 0 {
            let scope = Scope(file: file, container: Int(fact.parent), rules: rules)
            let meant = try descend { () throws(SQLiteError) in
                try meanings(ofType: file.facts.names[fact.type], at: scope)
            }
            found += meant?.all.compactMap(\.typeAtHand).filter { $0 != type } ?? []
        }
        return found
    }
}
