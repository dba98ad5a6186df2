package import SQLite

extension GraphReader {
    /// The files that an import means, best first: a module that it names within another, or the module itself.
    package func files(importedBy item: ImportFact, in file: FactsOfFile) throws(SQLiteError) -> [Int] {
        let rules = LanguageRules.of(file.language)
        let module = file.facts.names[item.module]
        if item.name != 0, rules.importsModulesByName {
            let inner = rules.join(module, file.facts.names[item.name])
            let found = try rules.files(ofModule: inner, from: file, reader: self)
            if !found.isEmpty { return found }
        }
        return try rules.files(ofModule: module, from: file, reader: self)
    }
}
