package import SQLite

extension GraphQueries {
    /// One import of a file.
    package struct Import: Hashable, Sendable {
        /// The file that imports.
        package var file: Int
        /// Counted from 1.
        package var line: Int
        /// As it is written.
        package var module: String
        /// What is taken from it; nil for the module itself.
        package var name: String?
        /// The files that are meant, best first; none for what is not in the repository.
        package var targets: [Int]
    }

    /// What a file imports, in the order of its text.
    package func imports(of id: Int) throws(SQLiteError) -> [Import] {
        guard let file = try reader.file(id) else { return [] }
        var found: [Import] = []
        for item in file.facts.imports {
            found.append(
                Import(
                    file: id, line: Int(item.line), module: file.facts.names[item.module],
                    name: item.isWildcard ? "*" : item.name != 0 ? file.facts.names[item.name] : nil,
                    targets: try reader.files(importedBy: item, in: file)))
        }
        return found
    }

    /// What imports a file, or one of the names that it gives to others, by file and line.
    /// - Parameter name: only imports that take this from the file, or all of it.
    package func importers(of id: Int, name: String? = nil) throws(SQLiteError) -> [Import] {
        try LinkTable(reader).update()
        var found: [Import] = []
        for file in try LinkTable(reader).importers(of: id) {
            for item in try imports(of: file) where item.targets.contains(id) {
                if let name, let taken = item.name, taken != "*", taken != name { continue }
                found.append(item)
            }
        }
        return found
    }
}
