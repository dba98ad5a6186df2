internal import SQLite

extension LanguageRules {
    /// Go: the files of a folder are one package.
    static let go = LanguageRules(
        family: ["go"], ownReceivers: [], superReceivers: [], hasOwners: true, modulesAreFolders: true, separator: "/",
        modules: { (module, file, reader) throws(SQLiteError) in
            let path = module.filter { $0 != "\"" && $0 != "`" }
            let modules = try reader.goModules()
            if !modules.isEmpty {
                for (name, folder) in modules where path == name || path.hasPrefix(name + "/") {
                    let rest = path.dropFirst(name.count + 1)
                    let inner = folder.isEmpty || rest.isEmpty ? folder + rest : folder + "/" + rest
                    return try reader.files(inExactFolder: inner, language: "go")
                }
                return []
            }
            // Without a module's name: the longest end of the import that is a folder counts.
            var parts = path.split(separator: "/").map(String.init)
            while !parts.isEmpty {
                let found = try reader.files(inFolder: parts.joined(separator: "/"), language: "go")
                if !found.isEmpty { return found }
                parts.removeFirst()
            }
            return []
        },
        sharedNames: { (name, _, file, reader) throws(SQLiteError) in
            try neighbours(name, of: file, reader) { $0 == "go" }
        },
        isOutside: { (module, _, reader) throws(SQLiteError) in
            // What no folder has the name of comes from elsewhere.
            guard try reader.goModules().isEmpty else { return true }
            return try reader.files(inFolder: String(module.split(separator: "/").last ?? ""), language: "go").isEmpty
        })
}

extension GraphReader {
    /// The Go modules of the repository by their import paths, the longest first, and the folders of their go.mod.
    func goModules() throws(SQLiteError) -> [(name: String, folder: String)] {
        if let goModuleCache { return goModuleCache }
        var found: [(name: String, folder: String)] = []
        for id in try fileIDs(pathEnding: "go.mod") {
            guard let path = try file(id)?.path else { continue }
            for line in String(decoding: try text(id), as: UTF8.self).split(separator: "\n") {
                let words = line.split(separator: " ")
                guard words.first == "module", words.count > 1 else { continue }
                found.append((words[1].filter { $0 != "\"" }, RepositoryPath.folder(of: path)))
                break
            }
        }
        found.sort { ($0.name.utf8.count, $1.folder) > ($1.name.utf8.count, $0.folder) }
        goModuleCache = found
        return found
    }
}
