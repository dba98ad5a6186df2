internal import SQLite

extension LanguageRules {
    /// Rust: files are modules of a crate, and `use` brings names from one into another.
    static let rust: LanguageRules = {
        var rules = LanguageRules(
            family: ["rust"], ownReceivers: ["self", "Self"], ownTypes: ["Self"], superReceivers: [],
            hasOwners: true, importsModulesByName: true, separator: ":",
            modules: { (module, file, reader) throws(SQLiteError) in
                try reader.rustCrates().files(QualifiedNames.components(module), from: file, reader)
            },
            sharedNames: { (name, _, file, reader) throws(SQLiteError) in
                // Macros of a crate are seen in all of it.
                let crates = try reader.rustCrates()
                let own = try crates.module(of: file.path, reader).folder
                var found: [SymbolID] = []
                for id in try reader.definitions(named: name) {
                    guard let (home, fact) = try reader.symbol(id), fact.kind == .macro, home.language == "rust"
                    else { continue }
                    if try crates.module(of: home.path, reader).folder == own { found.append(id) }
                }
                return found.isEmpty ? nil : try reader.orderedByPath(found)
            })
        rules.implementsBeside = true
        rules.macrosHaveOwnNames = true
        rules.distrustsNames = true
        rules.wrappers = ["Option", "Result", "RefCell", "Cell", "Mutex", "RwLock", "Cow"]
        rules.passingMembers = [
            "unwrap", "expect", "unwrap_or_default", "unwrap_or", "unwrap_or_else", "ok", "clone", "as_ref", "as_mut",
            "as_deref", "borrow", "borrow_mut", "lock", "to_owned",
        ]
        rules.qualifiedNames = { (path, file, container, resolver) throws(SQLiteError) in
            guard path.count > 1 else { return nil }
            var full = path
            // What the first name stands for here.
            let short = file.facts.imports.first { item in
                let known = item.alias != 0 ? item.alias : item.name
                return known != 0 && file.facts.names[known] == path[0]
            }
            if let short {
                full = QualifiedNames.components(file.facts.names[short.module]) + [file.facts.names[short.name]]
                full += path.dropFirst()
            }
            // As many names as can be are modules; then comes one of the last module, and members of that.
            for count in (1..<full.count).reversed() {
                let module = Array(full.prefix(count))
                for id in try resolver.reader.rustCrates().files(module, from: file, resolver.reader) {
                    let top = try resolver.exported(full[count], by: id, rules: .rust, depth: 0)
                    guard case .symbols(let top) = top else { continue }
                    let rest = full.dropFirst(count + 1)
                    if let found = try resolver.members(rest, of: top.targets, rules: .rust) { return found }
                }
            }
            return nil
        }
        return rules
    }()
}
