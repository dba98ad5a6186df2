package import SQLite

/// A part of a repository: some files, or some symbols and what is in them.
package struct GraphPart: Sendable {
    private let files: Set<Int>
    private let symbols: Set<SymbolID>
    private let symbolFiles: Set<Int>

    /// Files in a folder, a file by its path or the end of it, or the symbols that a pattern names.
    /// - Returns: nil when there is nothing of that name.
    package init?(_ name: String, _ graph: GraphQueries) throws(SQLiteError) {
        var path = name[...]
        while path.hasPrefix("./") { path = path.dropFirst(2) }
        while path.hasSuffix("/") { path = path.dropLast() }
        var files: Set<Int> = []
        for (id, file) in try graph.filesByPath() where file.utf8.starts(with: (path + "/").utf8) { files.insert(id) }
        if files.isEmpty { files = Set(try graph.reader.fileIDs(pathEnding: String(path))) }
        self.files = files
        var symbols: Set<SymbolID> = []
        if files.isEmpty, let pattern = SymbolPattern(name) { symbols = Set(try graph.symbols(pattern)) }
        self.symbols = symbols
        symbolFiles = Set(symbols.map(\.file))
        if files.isEmpty && symbols.isEmpty { return nil }
    }

    /// Whether a node is in it.
    package func contains(_ node: GraphNode, _ reader: GraphReader) throws(SQLiteError) -> Bool {
        if files.contains(node.file) { return true }
        guard node.ordinal >= 0, symbolFiles.contains(node.file), let facts = try reader.file(node.file)?.facts else {
            return false
        }
        var place = node.ordinal
        while place >= 0 {
            if symbols.contains(SymbolID(file: node.file, ordinal: place)) { return true }
            place = Int(facts.symbols[place].parent)
        }
        return false
    }
}

extension GraphQueries {
    /// All files, in the order of their paths.
    package func filesByPath() throws(SQLiteError) -> [(id: Int, path: String)] {
        let statement = try reader.store.statement("SELECT id, path FROM files")
        try statement.bind([])
        var found: [(id: Int, path: String)] = []
        while try statement.step() { found.append((statement.int(0), statement.string(1))) }
        return found.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }
    }
}
