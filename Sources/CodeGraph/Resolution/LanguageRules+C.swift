internal import SQLite

extension LanguageRules {
    /// C and C++: headers are included, and functions of all files are linked together.
    static let c = LanguageRules(
        family: ["c", "c++"], superReceivers: [], seesMembersWithoutReceiver: true, hasOwners: true,
        separator: "/",
        modules: { (module, file, reader) throws(SQLiteError) in
            let path = module.trimmingPrefix { "<\"".contains($0) }.prefix { $0 != ">" && $0 != "\"" }
            if module.hasPrefix("\""),
                let beside = RepositoryPath.join(RepositoryPath.folder(of: file.path), String(path)),
                let id = try reader.fileID(path: beside)
            {
                return [id]
            }
            let found = try reader.fileIDs(pathEnding: String(path))
            return found.count == 1 ? found : []
        },
        sharedNames: { (name, file, reader) throws(SQLiteError) in
            // One definition rule: a function that is defined once is the one that is meant wherever it is declared.
            var defined: [SymbolID] = []
            for id in try reader.definitions(named: name) {
                guard let (home, fact) = try reader.symbol(id), fact.parent < 0 else { continue }
                if ["c", "c++"].contains(home.language), fact.kind.isCallable, !fact.isDeclaration {
                    defined.append(id)
                }
            }
            return defined.count == 1 ? defined : nil
        })
}
