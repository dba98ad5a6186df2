internal import SQLite

extension LanguageRules {
    /// Ruby: constants are looked up in the modules around, whichever file adds to them; methods also in what is included.
    static let ruby: LanguageRules = {
        var rules = LanguageRules(
            family: ["ruby"], ownReceivers: ["self"], superReceivers: ["super"], seesMembersWithoutReceiver: true,
            separator: "/",
            modules: { (module, file, reader) throws(SQLiteError) in
                let name = module.hasSuffix(".rb") ? module : module + ".rb"
                if let beside = RepositoryPath.join(RepositoryPath.folder(of: file.path), name),
                    let id = try reader.fileID(path: beside)
                {
                    return [id]
                }
                let found = try reader.fileIDs(pathEnding: "lib/" + name)
                return found.count == 1 ? found : []
            },
            sharedNames: { (name, _, file, reader) throws(SQLiteError) in
                // A function at the top of a file that this one requires.
                for item in file.facts.imports {
                    for id in try LanguageRules.ruby.modules(file.facts.names[item.module], file, reader) {
                        guard let top = try reader.file(id)?.members(named: name, of: -1), !top.isEmpty else {
                            continue
                        }
                        return top.map { SymbolID(file: id, ordinal: $0) }
                    }
                }
                return nil
            })
        rules.distrustsNames = true
        rules.modulesHaveMembers = true
        rules.callsWithoutParentheses = true
        rules.fieldMark = "@"
        rules.parts = { (id, reader) throws(SQLiteError) in try QualifiedNames.parts(of: id, reader: reader) }
        rules.qualifiedNames = { (path, file, container, resolver) throws(SQLiteError) in
            guard path.last?.first?.isUppercase == true else { return nil }
            let around = QualifiedNames.surroundings(of: container, in: file)
            return try QualifiedNames.find(
                path, behind: QualifiedNames.beginnings(of: around), language: "ruby", reader: resolver.reader
            ) { $0.kind.isType || $0.kind == .module || $0.kind == .constant }
        }
        return rules
    }()
}
