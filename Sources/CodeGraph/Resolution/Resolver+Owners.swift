internal import SQLite

/// Members that stand outside of the type that they say they belong to.
extension Resolver {
    /// The type that the code around belongs to: it stands in it, or says that it is its owner.
    func enclosingType(_ file: GraphReader.FactsOfFile, _ container: Int) throws(SQLiteError) -> SymbolID? {
        let rules = LanguageRules.of(file.language)
        var scope = container
        while scope >= 0 {
            let symbol = file.facts.symbols[scope]
            if rules.hasMembers(symbol.kind) { return SymbolID(file: file.id, ordinal: scope) }
            if symbol.owner != 0, let owner = try owner(of: scope, in: file) { return owner }
            scope = Int(symbol.parent)
        }
        return nil
    }

    /// The type that `impl A for B` is about, which stands elsewhere; nil for other references.
    func typeBeside(_ reference: ReferenceFact, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> SymbolID? {
        guard reference.role == .inherit || reference.role == .implement, reference.receiver != 0 else { return nil }
        let rules = LanguageRules.of(file.language)
        guard rules.implementsBeside else { return nil }
        let scope = Scope(file: file, container: Int(reference.container), rules: rules)
        return try typesAtHand(file.facts.names[reference.receiver], at: scope).first
    }

    /// The type that a member outside of it says it belongs to.
    func findOwner(of ordinal: Int, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> SymbolID? {
        let symbol = file.facts.symbols[ordinal]
        let scope = Scope(file: file, container: Int(symbol.parent), rules: LanguageRules.of(file.language))
        return try typesAtHand(file.facts.names[symbol.owner], at: scope).first
    }

    /// The types whose members values of a written type have.
    func typesAtHand(_ written: String, at scope: Scope) throws(SQLiteError) -> [SymbolID] {
        let meant = try descend { () throws(SQLiteError) in try meanings(ofType: written, at: scope) }
        return meant?.all.compactMap(\.typeAtHand) ?? []
    }

    /// What code in a member that stands outside of its type sees of that type.
    func memberOfOwner(
        _ name: String, of container: Int, in file: GraphReader.FactsOfFile, rules: LanguageRules
    ) throws(SQLiteError) -> Resolution? {
        guard let owner = try owner(of: container, in: file) else {
            return try ownedBeside(name, in: file, container: container, rules: rules)
        }
        return try member(name, ofType: owner).map { Resolution(targets: $0, provenance: .importResolved) }
    }

    /// What has the same owner as the code around, by the owner's name: its type is not known.
    func ownedBeside(
        _ name: String, in file: GraphReader.FactsOfFile, container: Int, rules: LanguageRules
    ) throws(SQLiteError) -> Resolution? {
        guard rules.hasOwners, container >= 0, file.facts.symbols[container].owner != 0 else { return nil }
        let owner = file.facts.names[file.facts.symbols[container].owner]
        let found = try owned(name, byTypeNamed: owner, folder: nil) { rules.reaches($0) }
        let beside = found.filter { $0.file == file.id }
        let targets = beside.isEmpty ? found : beside
        return targets.isEmpty ? nil : Resolution(targets: targets, provenance: .typeInferred)
    }

    /// What names a type as its owner without standing in it.
    func owned(_ name: String, by type: SymbolID, in home: GraphReader.FactsOfFile) throws(SQLiteError) -> [SymbolID] {
        let rules = LanguageRules.of(home.language)
        guard rules.hasOwners else { return [] }
        let owner = home.facts.names[home.facts.symbols[type.ordinal].name]
        let folder = rules.modulesAreFolders ? RepositoryPath.folder(of: home.path) : nil
        let found = try owned(name, byTypeNamed: owner, folder: folder) { $0 == home.language }
        // A folder has one type of a name, though several files may have parts of it for several systems.
        guard found.count > 1, folder == nil else { return found }
        // Types of that name may be several: what stands in the type's own file is its own, else the name tells.
        let beside = found.filter { $0.file == type.file }
        if !beside.isEmpty { return beside }
        var types = 0
        for id in try reader.definitions(named: owner) {
            guard let (file, fact) = try reader.symbol(id), fact.kind.isType else { continue }
            if file.language == home.language { types += 1 }
        }
        guard types > 1 else { return found }
        var own: [SymbolID] = []
        for id in found {
            guard let (file, _) = try reader.symbol(id) else { continue }
            if try self.owner(of: id.ordinal, in: file) == type { own.append(id) }
        }
        return own
    }

    /// Members of a name that name their owner, by their paths.
    private func owned(
        _ name: String, byTypeNamed owner: String, folder: String?, where isOfLanguage: (String?) -> Bool
    ) throws(SQLiteError) -> [SymbolID] {
        var found: [SymbolID] = []
        for id in try reader.definitions(named: name) {
            guard let (file, fact) = try reader.symbol(id), fact.owner != 0, isOfLanguage(file.language),
                file.facts.names[fact.owner] == owner
            else { continue }
            if let folder, RepositoryPath.folder(of: file.path) != folder { continue }
            found.append(id)
        }
        return try reader.orderedByPath(found)
    }
}
