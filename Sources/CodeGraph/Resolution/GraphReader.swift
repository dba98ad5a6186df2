package import SQLite

/// Reads an index, and keeps the facts of files that were read last. One thread at a time.
package final class GraphReader {
    package let store: GraphStore
    private var cache: [Int: CachedFile] = [:]
    private var clock = 0
    private var lastText: (file: Int, text: [UInt8])?
    private var definitionCache: [String: [SymbolID]] = [:]
    private var pathIDs: [String: Int?] = [:]
    private var paths: PathTable?
    /// Files whose facts are kept at most.
    private let cacheLimit = 4096

    private struct CachedFile {
        var file: FactsOfFile
        var used: Int
    }

    package init(_ store: GraphStore) { self.store = store }

    /// What is needed of a file to follow names through it.
    package struct FactsOfFile: Sendable {
        package let id: Int
        package let path: String
        package let language: String?
        package let traits: Int
        package let facts: FileFacts
        /// Symbols by name, in the order of the text.
        let byName: [String: [Int]]

        init(id: Int, path: String, language: String?, traits: Int, facts: FileFacts) {
            self.id = id
            self.path = path
            self.language = language
            self.traits = traits
            self.facts = facts
            byName = Dictionary(grouping: facts.symbols.indices) { facts.names[facts.symbols[$0].name] }
        }
    }

    package func file(_ id: Int) throws(SQLiteError) -> FactsOfFile? {
        clock += 1
        if let known = cache[id] {
            cache[id]?.used = clock
            return known.file
        }
        let select = try store.statement("SELECT path, language, traits, facts FROM files WHERE id=?1")
        let found = try select.first(id) { row in
            (
                path: row.string(0), language: row.isNull(1) ? nil : row.string(1), traits: row.int(2),
                facts: StoredFacts(bytes: row.bytes(3))
            )
        }
        guard let found else { return nil }
        let row = FactsOfFile(
            id: id, path: found.path, language: found.language, traits: found.traits,
            facts: try store.decoded(found.facts, path: found.path))
        if cache.count >= cacheLimit {
            let oldest = cache.sorted { $0.value.used < $1.value.used }.prefix(cacheLimit / 4)
            for (id, _) in oldest { cache[id] = nil }
        }
        cache[id] = CachedFile(file: row, used: clock)
        return row
    }

    /// A file's text as it was indexed. That of the last file asked for is kept: questions go file by file.
    package func text(_ id: Int) throws(SQLiteError) -> [UInt8] {
        if let lastText, lastText.file == id { return lastText.text }
        let text = try store.file(id)?.text ?? []
        lastText = (id, text)
        return text
    }

    package func symbol(_ id: SymbolID) throws(SQLiteError) -> (file: FactsOfFile, fact: SymbolFact)? {
        guard let file = try file(id.file), file.facts.symbols.indices.contains(id.ordinal) else { return nil }
        return (file, file.facts.symbols[id.ordinal])
    }

    /// All symbols of a name, in order.
    package func definitions(named name: String) throws(SQLiteError) -> [SymbolID] {
        if let known = definitionCache[name] { return known }
        let statement = try store.statement(
            "SELECT file, ordinal FROM definitions WHERE name=?1 ORDER BY file, ordinal")
        try statement.bind([name])
        var found: [SymbolID] = []
        while try statement.step() { found.append(SymbolID(file: statement.int(0), ordinal: statement.int(1))) }
        if definitionCache.count > 10_000 { definitionCache = [:] }
        definitionCache[name] = found
        return found
    }

    /// Files in whose text a name stands, in order: more than those where it is used, never fewer.
    package func files(mentioning name: String) throws(SQLiteError) -> [Int] {
        let statement = try store.statement("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid")
        try statement.bind(["{symbols body} : \"\(name.replacing("\"", with: "\"\""))\""])
        var found: [Int] = []
        while try statement.step() { found.append(statement.int(0)) }
        return found
    }

    package func fileID(path: String) throws(SQLiteError) -> Int? {
        if let paths { return paths.id(path: path) }
        if let known = pathIDs[path] { return known }
        let id = try store.statement("SELECT id FROM files WHERE path=?1").first(path) { $0.int(0) }
        pathIDs[path] = .some(id)
        return id
    }

    /// Files whose paths end in `/suffix` or are it, in order.
    package func fileIDs(pathEnding suffix: String) throws(SQLiteError) -> [Int] {
        try pathTable().ids(pathEnding: suffix)
    }

    /// Files directly in folders whose path is the given one or ends in it; of one language, or of all for nil.
    func files(inFolder folder: String, language: String?) throws(SQLiteError) -> [Int] {
        try pathTable().ids(inFolder: folder, language: language)
    }

    /// All paths, read when something asks for the end of one: a query for each would look at all of them each time.
    private func pathTable() throws(SQLiteError) -> PathTable {
        if let paths { return paths }
        let made = try PathTable(store)
        paths = made
        return made
    }

    /// A symbol's name with those of the symbols around it: `Store.load`.
    package func qualifiedName(_ id: SymbolID) throws(SQLiteError) -> String {
        guard let (file, _) = try symbol(id) else { return "" }
        return file.qualifiedName(id.ordinal)
    }
}

extension GraphReader.FactsOfFile {
    package func qualifiedName(_ ordinal: Int) -> String { facts.qualifiedName(ordinal) }

    /// Symbols directly within another, or at the top of the file for -1.
    func members(named name: String, of parent: Int) -> [Int] {
        (byName[name] ?? []).filter { Int(facts.symbols[$0].parent) == parent && facts.symbols[$0].owner == 0 }
    }
}

extension FileFacts {
    /// A symbol's name after those of the symbols around it.
    func qualifiedName(_ ordinal: Int) -> String {
        var parts: [String] = []
        var place = ordinal
        while place >= 0, parts.count < 32 {
            let symbol = symbols[place]
            parts.append(names[symbol.name])
            if symbol.owner != 0 { parts.append(names[symbol.owner]) }
            place = Int(symbol.parent)
        }
        return parts.reversed().joined(separator: ".")
    }
}
