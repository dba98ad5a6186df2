internal import SQLite

extension LanguageRules {
    static let python = LanguageRules(
        family: ["python"], ownReceivers: ["self", "cls"], ownTypes: ["cls"], superReceivers: ["super("],
        callMember: "__call__", enterMember: "__enter__", elementMembers: ["__getitem__", "__iter__"],
        decoratorsReplace: true,
        importsModulesByName: true,
        modules: { (module, file, reader) throws(SQLiteError) in
            let dots = module.prefix { $0 == "." }.count
            let path = String(module.dropFirst(dots)).replacing(".", with: "/")
            if dots > 0 {
                var folder = RepositoryPath.folder(of: file.path)
                for _ in 1..<dots { folder = RepositoryPath.folder(of: folder) }
                return try files(path.isEmpty ? folder : folder.isEmpty ? path : folder + "/" + path, reader)
            }
            return try absolute(path, from: file.path, reader)
        },
        submodule: { (name, path, reader) throws(SQLiteError) in
            guard path.hasSuffix("/__init__.py") || path.hasSuffix("/__init__.pyi") else { return [] }
            return try files(RepositoryPath.folder(of: path) + "/" + name, reader)
        },
        isOutside: { (module, path, reader) throws(SQLiteError) in
            guard !module.hasPrefix("."), let top = module.split(separator: ".").first.map(String.init) else {
                return false
            }
            guard try absolute(top, from: path, reader).isEmpty else { return false }
            return try reader.files(inFolder: top, language: "python").isEmpty
        })

    /// From the top of the repository, or of whatever folder the sources are in: the nearest one counts.
    private static func absolute(_ path: String, from place: String, _ reader: GraphReader) throws(SQLiteError) -> [Int]
    {
        var folder = RepositoryPath.folder(of: place)
        while true {
            // Modules of one's own package are imported with the package's name.
            let face = folder.isEmpty ? nil : try reader.fileID(path: folder + "/__init__.py")
            if face == nil {
                let found = try files(folder.isEmpty ? path : folder + "/" + path, reader)
                if !found.isEmpty { return found }
            }
            if folder.isEmpty { break }
            folder = RepositoryPath.folder(of: folder)
        }
        // Folders of sources are near the top: src/, lib/.
        var best: [(depth: Int, id: Int)] = []
        for ending in [".py", "/__init__.py"] {
            for id in try reader.fileIDs(pathEnding: path + ending) {
                guard let found = try reader.file(id)?.path else { continue }
                let root = String(found.dropLast((path + ending).count))
                let depth = root.filter { $0 == "/" }.count
                // Within a package it would be imported with the package's name.
                if try reader.fileID(path: root + "__init__.py") != nil { continue }
                best.append((depth, id))
            }
        }
        guard let least = best.map(\.depth).min() else { return [] }
        let nearest = best.filter { $0.depth == least }
        return nearest.count == 1 ? nearest.map(\.id) : []
    }

    private static func files(_ path: String, _ reader: GraphReader) throws(SQLiteError) -> [Int] {
        var found: [Int] = []
        for ending in [".py", "/__init__.py", ".pyi", "/__init__.pyi"] {
            if let id = try reader.fileID(path: path + ending) { found.append(id) }
        }
        return found
    }
}
