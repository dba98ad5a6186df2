package import SQLite

/// Reads an index, and keeps the facts of files that were read last. One thread at a time.
package final class GraphReader {
    package let store: GraphStore
    /// Gives what search compares meanings by, where there is something; asked for in the first search only.
    let vectors: @Sendable () -> (any TextVectors)?
    private var cache: [Int: CachedFile] = [:]
    private var clock = 0
    private var lastText: (file: Int, text: [UInt8])?
    private var definitionCache: [String: [SymbolID]] = [:]
    private var pathIDs: [String: Int?] = [:]
    private var paths: PathTable?
    private var crates: RustCrates?
    private var packages: JavaScriptPackages?
    /// What a file includes, itself and through others; Resolution/LanguageRules+C.swift fills them.
    var includesCache: [Int: [Int]] = [:]
    var inclusionCache: [Int: Inclusion] = [:]
    var goModuleCache: [(name: String, folder: String)]?
    /// Files whose facts are kept at most.
    private let cacheLimit = 4096

    private struct CachedFile {
        var file: FactsOfFile
        var used: Int
    }

    package init(_ store: GraphStore, vectors: @escaping @Sendable () -> (any TextVectors)? = { nil }) {
        self.store = store
        self.vectors = vectors
    }

    /// What is needed of a file to follow names through it.
    package struct FactsOfFile: Sendable {
        package let id: Int
        package let path: String
        package let language: String?
        package let traits: Int
        package let facts: FileFacts
        /// Symbols that code can mean, by name, in the order of the text.
        let byName: [String: [Int]]
        /// Bindings by the number of their name, in the order of the text.
        private let bindingsByName: [NameTable.ID: [Int]]
        private let numbers: [String: NameTable.ID]
        /// What types inherit from and implement.
        private let heads: [Int32: [Int]]
        /// The same by the name before it, which is the type's where that stands beside its implementation.
        private let headsBeside: [NameTable.ID: [Int]]

        init(id: Int, path: String, language: String?, traits: Int, facts: FileFacts) {
            self.id = id
            self.path = path
            self.language = language
            self.traits = traits
            self.facts = facts
            let nameable = facts.symbols.indices.filter { facts.symbols[$0].kind.isNameable }
            byName = Dictionary(grouping: nameable) { facts.names[facts.symbols[$0].name] }
            bindingsByName = Dictionary(grouping: facts.bindings.indices) { facts.bindings[$0].name }
            numbers = Dictionary(uniqueKeysWithValues: bindingsByName.keys.map { (facts.names[$0], $0) })
            let heads = facts.references.indices.filter { index in
                facts.references[index].role == .inherit || facts.references[index].role == .implement
            }
            self.heads = Dictionary(grouping: heads) { facts.references[$0].container }
            headsBeside = Dictionary(grouping: heads.filter { facts.references[$0].receiver != 0 }) {
                facts.references[$0].receiver
            }
        }

        /// What is known of variables of a name, in the order of the text.
        func bindings(named name: String) -> [Int] { numbers[name].flatMap { bindingsByName[$0] } ?? [] }

        /// The same for those of one symbol, or of the file for -1.
        func bindings(named name: String, in container: Int) -> [Int] {
            bindings(named: name).filter { Int(facts.bindings[$0].container) == container }
        }

        /// What a type says that it inherits from and implements.
        /// - Parameter besideToo: also what implementations beside the type say.
        func heads(of type: Int, besideToo: Bool) -> [ReferenceFact] {
            var found = heads[Int32(type)] ?? []
            if besideToo { found = Set(found + (headsBeside[facts.symbols[type].name] ?? [])).sorted() }
            return found.map { facts.references[$0] }
        }
    }

    package func file(_ id: Int) throws(SQLiteError) -> FactsOfFile? {
        clock += 1
        if let known = cache[id] {
            cache[id]?.used = clock
            return known.file
        }
        guard let row = try stored(id, all: true) else { return nil }
        if cache.count >= cacheLimit {
            let oldest = cache.sorted { $0.value.used < $1.value.used }.prefix(cacheLimit / 4)
            for (id, _) in oldest { cache[id] = nil }
        }
        cache[id] = CachedFile(file: row, used: clock)
        return row
    }

    /// What a file imports, to follow that only: the rest of its facts takes longer to put in order than to read.
    func importer(_ id: Int) throws(SQLiteError) -> FactsOfFile? {
        if let known = cache[id] { return known.file }
        return try stored(id, all: false)
    }

    private func stored(_ id: Int, all: Bool) throws(SQLiteError) -> FactsOfFile? {
        let select = try store.statement("SELECT path, language, traits, facts FROM files WHERE id=?1")
        let found = try select.first(id) { row in
            (
                path: row.string(0), language: row.isNull(1) ? nil : row.string(1), traits: row.int(2),
                facts: StoredFacts(bytes: row.bytes(3))
            )
        }
        guard let found else { return nil }
        var facts = try store.decoded(found.facts, path: found.path)
        if !all {
            var imports = FileFacts()
            imports.names = facts.names
            imports.imports = facts.imports
            facts = imports
        }
        return FactsOfFile(id: id, path: found.path, language: found.language, traits: found.traits, facts: facts)
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
        try files(mentioningAll: [name], limit: .max)
    }

    /// The first files in whose text all these names stand.
    func files(mentioningAll names: [String], limit: Int) throws(SQLiteError) -> [Int] {
        let statement = try store.statement("SELECT rowid FROM words WHERE words MATCH ?1 ORDER BY rowid")
        let words = names.map { "\"\($0.replacing("\"", with: "\"\""))\"" }
        try statement.bind(["{symbols body} : (\(words.joined(separator: " AND ")))"])
        var found: [Int] = []
        while found.count < limit, try statement.step() { found.append(statement.int(0)) }
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

    /// Files directly in a folder, of one language.
    func files(inExactFolder folder: String, language: String) throws(SQLiteError) -> [Int] {
        try pathTable().ids(inExactFolder: folder, language: language)
    }

    /// The path of a file, without reading what it says.
    func path(_ id: Int) throws(SQLiteError) -> String? { try pathTable().path(id) }

    /// All paths, read when something asks for the end of one: a query for each would look at all of them each time.
    private func pathTable() throws(SQLiteError) -> PathTable {
        if let paths { return paths }
        let made = try PathTable(store)
        paths = made
        return made
    }

    /// The crates of the repository, read when something asks for the file of a module.
    func rustCrates() throws(SQLiteError) -> RustCrates {
        if let crates { return crates }
        let made = try RustCrates(self)
        crates = made
        return made
    }

    /// The packages of the repository, and other names for its files, read when something asks for what has no dot before it.
    func javaScriptPackages() throws(SQLiteError) -> JavaScriptPackages {
        if let packages { return packages }
        let made = try JavaScriptPackages(self)
        packages = made
        return made
    }

    /// Symbols by their paths, so that which comes first does not depend on when files were indexed.
    func orderedByPath(_ ids: [SymbolID]) throws(SQLiteError) -> [SymbolID] {
        guard ids.count > 1 else { return ids }
        var keyed: [(path: String, id: SymbolID)] = []
        for id in ids { keyed.append((try file(id.file)?.path ?? "", id)) }
        return keyed.sorted { ($0.path, $0.id.ordinal) < ($1.path, $1.id.ordinal) }.map(\.id)
    }

    /// A symbol's name with those of the symbols around it: `Store.load`.
    package func qualifiedName(_ id: SymbolID) throws(SQLiteError) -> String {
        guard let (file, _) = try symbol(id) else { return "" }
        return file.qualifiedName(id.ordinal)
    }
}

extension GraphReader.FactsOfFile {
    package func qualifiedName(_ ordinal: Int) -> String { facts.qualifiedName(ordinal) }

    /// Whether a symbol has others in it; these come next in the order of the text.
    func hasMembers(_ ordinal: Int) -> Bool {
        ordinal + 1 < facts.symbols.count && Int(facts.symbols[ordinal + 1].parent) == ordinal
            && facts.symbols[ordinal + 1].kind.isNameable
    }

    /// Symbols directly within another, or at the top of the file for -1.
    /// - Parameter ownersToo: also members of types that stand elsewhere.
    func members(named name: String, of parent: Int, ownersToo: Bool = false) -> [Int] {
        (byName[name] ?? []).filter {
            Int(facts.symbols[$0].parent) == parent && (ownersToo || facts.symbols[$0].owner == 0)
        }
    }
}

extension FileFacts {
    /// A symbol's name after those of the symbols around it.
    func qualifiedName(_ ordinal: Int) -> String {
        // An address says enough, wherever it is written.
        if symbols[ordinal].kind == .route { return names[symbols[ordinal].name] }
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
