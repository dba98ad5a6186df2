package import SQLite

/// Fields of structs that hold functions: who is put into them, and who is called through them.
extension Resolver {
    /// The field that a function is put into; nil where the struct's type is not known.
    package func slot(_ reference: ReferenceFact, in file: GraphReader.FactsOfFile) throws(SQLiteError) -> SymbolID? {
        guard var path = AccessPath(file.facts.names[reference.receiver]) else { return nil }
        let container = Int(reference.container)
        let rules = LanguageRules.of(file.language)
        let scope = Scope(file: file, container: container, rules: rules, place: Int(reference.start))
        if case .member(let field) = path.steps.last {
            path.steps.removeLast()
            for meaning in try meanings(of: path, at: scope).all {
                if let type = meaning.typeAtHand, let found = try self.field(field, of: type) { return found }
            }
            return nil
        }
        guard path.steps.isEmpty, case .name(let field) = path.root else { return nil }
        // A literal of a type: `Handler{Read: read}`.
        let before = file.facts.references.prefix { $0.start < reference.start }.suffix(40).reversed()
        for literal in before where literal.role == .construct && literal.container == reference.container {
            for type in try resolve(literal, in: file)?.targets ?? [] {
                if let found = try self.field(field, of: type) { return found }
            }
        }
        guard container >= 0 else { return nil }
        // An initializer: of what is defined here, or of a local variable that was declared last.
        let symbol = file.facts.symbols[container]
        var types = [(symbol.type, Int(symbol.parent))]
        if symbol.kind.isCallable {
            let own = file.facts.bindings.filter {
                Int($0.container) == container && $0.form == .declared && $0.start < reference.start
            }
            types = own.suffix(12).reversed().map { ($0.type, container) }
        }
        for (type, container) in types where type != 0 {
            let place = Scope(file: file, container: container, rules: rules)
            for type in try typesAtHand(file.facts.names[type], at: place) {
                if let found = try self.field(field, of: type) { return found }
            }
        }
        return nil
    }

    /// A field of a struct, or of the only struct within it that has one of that name: `.ops = { .read = f }`.
    private func field(_ name: String, of type: SymbolID) throws(SQLiteError) -> SymbolID? {
        if let own = try member(name, ofType: type)?.first { return own }
        guard let (file, _) = try reader.symbol(type) else { return nil }
        let scope = Scope(file: file, container: type.ordinal, rules: LanguageRules.of(file.language))
        var found: Set<SymbolID> = []
        for ordinal in file.facts.symbols.indices.dropFirst(type.ordinal + 1) {
            let inner = file.facts.symbols[ordinal]
            guard inner.start < file.facts.symbols[type.ordinal].end else { break }
            guard Int(inner.parent) == type.ordinal, inner.kind == .field, inner.type != 0 else { continue }
            for home in try typesAtHand(file.facts.names[inner.type], at: scope) where home != type {
                if let own = try member(name, ofType: home)?.first { found.insert(own) }
            }
        }
        return found.count == 1 ? found.first : nil
    }
}
