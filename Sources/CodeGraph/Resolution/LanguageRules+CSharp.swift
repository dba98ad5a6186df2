internal import SQLite

extension LanguageRules {
    /// C#: types are known by their namespaces; `using` makes those of one visible, and files of a folder need have
    /// nothing to do with each other.
    static let cSharp: LanguageRules = {
        var rules = LanguageRules(
            family: ["c#"], superReceivers: ["base"], seesMembersWithoutReceiver: true
        ) { (_, _, _) throws(SQLiteError) in [] }
        rules.wrappers = ["Task", "ValueTask", "Lazy", "Nullable"]
        rules.parts = { (id, reader) throws(SQLiteError) in try QualifiedNames.parts(of: id, reader: reader) }
        rules.qualifiedNames = { (path, file, container, resolver) throws(SQLiteError) in
            var path = path
            if let alias = file.facts.imports.first(where: { file.facts.names[$0.alias] == path.first }) {
                path = QualifiedNames.components(file.facts.names[alias.module]) + path.dropFirst()
            }
            let around = QualifiedNames.surroundings(of: container, in: file)
            let used = file.facts.imports.filter { $0.isWildcard }.map {
                QualifiedNames.components(file.facts.names[$0.module])
            }
            // The namespaces around come first, then what is used; the namespace without a name is the last.
            let own = QualifiedNames.beginnings(of: around).dropLast()
            return try QualifiedNames.find(
                path, behind: own + used + [[]], language: "c#", reader: resolver.reader
            ) { $0.kind.isType }
        }
        return rules
    }()
}
