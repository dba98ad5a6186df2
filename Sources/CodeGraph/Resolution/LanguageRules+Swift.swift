internal import SQLite

extension LanguageRules {
    /// Swift: all files of a module see each other's names, and those of the modules that they import.
    static let swift: LanguageRules = {
        var rules = LanguageRules(
            family: ["swift"], ownReceivers: ["self", "Self"], ownTypes: ["Self"], seesMembersWithoutReceiver: true,
            hasOwners: true,
            modules: { (_, _, _) throws(SQLiteError) in [] },
            sharedNames: { (name, _, file, reader) throws(SQLiteError) in
                let own = module(of: file.path)
                let imports = Set(file.facts.imports.map { file.facts.names[$0.module] })
                var found: [SymbolID] = []
                var imported: [SymbolID] = []
                for id in try reader.definitions(named: name) {
                    guard let (home, fact) = try reader.symbol(id), fact.parent < 0, fact.owner == 0,
                        home.language == "swift"
                    else { continue }
                    let other = module(of: home.path)
                    if other == own {
                        found.append(id)
                    } else if imports.contains(other.name) {
                        imported.append(id)
                    }
                }
                let visible = found.isEmpty ? imported : found
                return visible.isEmpty ? nil : try reader.orderedByPath(visible)
            })
        rules.implementsBeside = true
        rules.macrosHaveOwnNames = true
        rules.distrustsNames = true
        return rules
    }()

    private struct Module: Hashable {
        var name: String
        var folder: String
    }

    /// The folder of a package's target, whose name is the module's; all that is in none is one module.
    private static func module(of path: String) -> Module {
        let parts = path.split(separator: "/").map(String.init)
        let roots: Set<String> = ["Sources", "Tests", "Source", "Benchmarks", "Plugins", "Examples"]
        guard let place = parts.firstIndex(where: roots.contains), place + 2 < parts.count else {
            return Module(name: "", folder: "")
        }
        return Module(name: parts[place + 1], folder: parts[...(place + 1)].joined(separator: "/"))
    }
}
