internal import SQLite

extension LanguageRules {
    /// JavaScript and TypeScript: modules are files beside, named without their endings, or folders with an index.
    static let javaScript = LanguageRules(
        family: ["javascript", "typescript", "tsx"], containers: .javaScript, hasBlocks: true, implementsMembers: false,
        defaultExport: "default", separator: "/",
        modules: { (module, file, reader) throws(SQLiteError) in
            let name = module.trimmingCharacters(of: "\"'`")
            guard name.hasPrefix("."), let path = RepositoryPath.join(RepositoryPath.folder(of: file.path), name) else {
                return []
            }
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
        },
        isOutside: { (module, _, _) throws(SQLiteError) in
            !module.hasPrefix(".") && !module.hasPrefix("@/") && !module.hasPrefix("~")
        })

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
