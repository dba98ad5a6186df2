internal import SQLite

extension LanguageRules {
    static let python = LanguageRules(
        family: ["python"], ownReceivers: ["self", "cls"], superReceivers: ["super("], importsModulesByName: true
    ) { (module, file, reader) throws(SQLiteError) in
        let dots = module.prefix { $0 == "." }.count
        let path = String(module.dropFirst(dots)).replacing(".", with: "/")
        if dots > 0 {
            var folder = RepositoryPath.folder(of: file.path)
            for _ in 1..<dots { folder = RepositoryPath.folder(of: folder) }
            return try files(path.isEmpty ? folder : folder.isEmpty ? path : folder + "/" + path, reader)
        }
        // From the top of the repository, or of whatever folder the sources are in: the nearest one counts.
        var folder = RepositoryPath.folder(of: file.path)
        while true {
            let found = try files(folder.isEmpty ? path : folder + "/" + path, reader)
            if !found.isEmpty { return found }
            if folder.isEmpty { break }
            folder = RepositoryPath.folder(of: folder)
        }
        let found = try reader.fileIDs(pathEnding: path + ".py") + reader.fileIDs(pathEnding: path + "/__init__.py")
        return found.count == 1 ? found : []
    }

    private static func files(_ path: String, _ reader: GraphReader) throws(SQLiteError) -> [Int] {
        var found: [Int] = []
        for ending in [".py", "/__init__.py", ".pyi", "/__init__.pyi"] {
            if let id = try reader.fileID(path: path + ending) { found.append(id) }
        }
        return found
    }
}
