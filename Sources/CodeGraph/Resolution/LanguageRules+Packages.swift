internal import SQLite

extension LanguageRules {
    /// Java, Kotlin and Scala: packages are folders, and classes are imported by their full names.
    static let java = LanguageRules(
        family: ["java", "kotlin", "scala"], seesMembersWithoutReceiver: true, callsNoVariables: true,
        callsWithoutParentheses: true, importsModulesByName: true,
        modules: { (module, _, reader) throws(SQLiteError) in
            let path = module.replacing(".", with: "/")
            for ending in [".java", ".kt", ".scala"] {
                let found = try reader.fileIDs(pathEnding: path + ending)
                if !found.isEmpty { return found }
            }
            return try reader.files(inFolder: path, language: nil)
        },
        sharedNames: { (name, _, file, reader) throws(SQLiteError) in
            try neighbours(name, of: file, reader) { ["java", "kotlin", "scala"].contains($0) }
        })

    /// Symbols at the top of the files in the same folder.
    static func neighbours(
        _ name: String, of file: GraphReader.FactsOfFile, _ reader: GraphReader, isOfFamily: (String) -> Bool
    ) throws(SQLiteError) -> [SymbolID]? {
        let folder = RepositoryPath.folder(of: file.path)
        var found: [SymbolID] = []
        for id in try reader.definitions(named: name) {
            guard let (home, fact) = try reader.symbol(id), fact.parent < 0, fact.owner == 0 else { continue }
            if isOfFamily(home.language ?? ""), RepositoryPath.folder(of: home.path) == folder { found.append(id) }
        }
        return found.isEmpty ? nil : found
    }
}
