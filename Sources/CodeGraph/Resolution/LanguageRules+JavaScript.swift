internal import SQLite

extension LanguageRules {
    /// JavaScript and TypeScript: modules are files, named without their endings, or folders with an index; by their places or
    /// by names that the repository gives them.
    static let javaScript = LanguageRules(
        family: ["javascript", "typescript", "tsx"], containers: .javaScript, hasBlocks: true, implementsMembers: false,
        defaultExport: "default", separator: "/",
        modules: { (module, file, reader) throws(SQLiteError) in try files(ofModule: module, from: file.path, reader) },
        isOutside: { (module, path, reader) throws(SQLiteError) in
            guard !module.hasPrefix("."), !module.hasPrefix("@/"), !module.hasPrefix("~") else { return false }
            return try files(ofModule: module, from: path, reader).isEmpty
        })

    private static func files(
        ofModule module: String, from path: String, _ reader: GraphReader
    ) throws(SQLiteError) -> [Int] {
        let name = module.trimmingCharacters(of: "\"'`")
        if name.hasPrefix(".") {
            guard let joined = RepositoryPath.join(RepositoryPath.folder(of: path), name) else { return [] }
            return try files(at: joined, reader)
        }
        for candidate in try reader.javaScriptPackages().candidates(for: name, from: path) {
            let found = try files(at: candidate, reader)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// The files that a path without its ending means, best first.
    private static func files(at path: String, _ reader: GraphReader) throws(SQLiteError) -> [Int] {
        if let id = try reader.fileID(path: path) { return [id] }
        // TypeScript sources import what they will be compiled to.
        let isOutput = [".js", ".mjs", ".cjs", ".jsx"].contains { path.hasSuffix($0) }
        let stem = isOutput ? String(path[..<path.lastIndex(of: ".")!]) : path
        var found: [Int] = []
        for ending in endings {
            if let id = try reader.fileID(path: stem.isEmpty ? String(ending.dropFirst()) : stem + ending) {
                found.append(id)
            }
        }
        return found
    }

    private static let endings = [
        ".ts", ".tsx", ".mts", ".cts", ".d.ts", ".js", ".jsx", ".mjs", ".cjs", "/index.ts", "/index.tsx", "/index.mts",
        "/index.d.ts", "/index.js",
    ]
}

extension String {
    fileprivate func trimmingCharacters(of set: String) -> String {
        var text = Substring(self)
        while let first = text.first, set.contains(first) { text.removeFirst() }
        while let last = text.last, set.contains(last) { text.removeLast() }
        return String(text)
    }
}
