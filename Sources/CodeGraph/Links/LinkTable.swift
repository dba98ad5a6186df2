package import SQLite

/// The links between files, kept in the index and brought up to date with it when they are asked for. What they say
/// depends on the files only, never on the order of changes: what is patched equals what is made anew.
package struct LinkTable {
    let reader: GraphReader
    private var store: GraphStore { reader.store }

    package init(_ reader: GraphReader) { self.reader = reader }

    /// Patches what changed, or makes all links anew where that is less work. Within a snapshot, which only reads, they stay
    /// as they are.
    package func update() throws(SQLiteError) {
        guard !store.database.isInTransaction else { return }
        let isMade = try store.fact("links") == Self.version
        let changed = try Set(store.database.rows("SELECT file FROM unlinked") { $0.int(0) })
        if isMade, changed.isEmpty { return }
        try store.transaction { () throws(SQLiteError) in
            if isMade, let affected = try affected(by: changed) {
                try patch(changed: changed, affected: affected)
            } else {
                try rebuild()
            }
            try store.database.execute("DELETE FROM unlinked")
            try store.setFact("links", Self.version)
        }
    }

    /// The files that may import a file, by path: its name or its folder's stands in an import of theirs. After `update`.
    func importers(of id: Int) throws(SQLiteError) -> [Int] {
        guard let file = try reader.file(id) else { return [] }
        var found: Set<Int> = []
        if KnownFile.isFace(file.path) {
            // It is meant by the name of its folder, or by dots alone.
            let statement = try store.statement("SELECT file FROM links")
            try statement.bind([])
            while try statement.step() { found.insert(statement.int(0)) }
        } else {
            try scan("mentioned", for: Set(FileNames.modules(naming: file.path))) { file, _ in found.insert(file) }
        }
        var ordered: [(path: String, id: Int)] = []
        for id in found {
            if let file = try reader.file(id) { ordered.append((file.path, id)) }
        }
        return ordered.sorted { $0.path.utf8.lexicographicallyPrecedes($1.path.utf8) }.map(\.id)
    }

    /// Raised when what links say changes its meaning.
    private static let version = "2"
    /// Beyond this many files all are made anew.
    private static let patchLimit = 400

    // MARK: All files

    private func rebuild() throws(SQLiteError) {
        try store.database.execute("DELETE FROM links")
        var known: [KnownFile] = []
        let statement = try store.statement("SELECT id, path, language, traits, facts FROM files ORDER BY id")
        try statement.bind([])
        while try statement.step() {
            let path = statement.string(1)
            let facts = try store.decoded(StoredFacts(bytes: statement.bytes(4)), path: path)
            known.append(
                KnownFile(
                    statement.int(0), path, statement.isNull(2) ? nil : statement.string(2), statement.int(3), facts))
        }
        var imports: [Int: Set<Int>] = [:]
        var definers: [NameHash: [Int]] = [:]
        for place in known.indices {
            imports[known[place].id] = try Set(known[place].imported(reader))
            for name in known[place].names.defined { definers[name, default: []].append(known[place].id) }
        }
        let faces = Set(known.filter(\.isFace).map(\.id))
        for file in known {
            var imported = imports[file.id] ?? []
            for face in imported.intersection(faces) { imported.formUnion(imports[face] ?? []) }
            try put(file, FileLinks(file.id, file.names, imported: imported) { definers[$0] ?? [] })
        }
    }

    private func put(_ file: KnownFile, _ links: FileLinks) throws(SQLiteError) {
        let mentioned = file.names.modules.union(file.names.used.map(\.name)).sorted()
        let statement = try store.statement(
            "INSERT OR REPLACE INTO links(file, path, traits, defined, mentioned, used) VALUES(?1, ?2, ?3, ?4, ?5, ?6)")
        try statement.run(
            file.id, file.path, file.traits, NameHash.bytes(file.names.defined), NameHash.bytes(mentioned),
            links.encoded)
    }

    // MARK: Some files

    private func patch(changed: Set<Int>, affected: Set<Int>) throws(SQLiteError) {
        let forget = try store.statement("DELETE FROM links WHERE file=?1")
        for id in changed { try forget.run(id) }
        var files: [KnownFile] = []
        var wanted: Set<NameHash> = []
        for id in affected.sorted() {
            guard let file = try known(id) else { continue }
            wanted.formUnion(file.names.used.map(\.name))
            files.append(file)
        }
        // What changed defines its names as it is now.
        for file in files where changed.contains(file.id) { try put(file, FileLinks(file.id, file.names)) }
        var definers: [NameHash: [Int]] = [:]
        try scan("defined", for: wanted) { definers[$1, default: []].append($0) }
        for file in files {
            var imported = try Set(file.imported(reader))
            for id in imported.sorted() {
                if let face = try known(id), face.isFace { imported.formUnion(try face.imported(reader)) }
            }
            try put(file, FileLinks(file.id, file.names, imported: imported) { definers[$0] ?? [] })
        }
    }

    /// The files whose links may be others now, of those that are still there; nil when it is better to make all anew.
    private func affected(by changed: Set<Int>) throws(SQLiteError) -> Set<Int>? {
        guard changed.count <= Self.patchLimit else { return nil }
        var affected: Set<Int> = []
        var names: Set<NameHash> = []
        var modules: Set<NameHash> = []
        for id in changed {
            let old = try store.statement("SELECT path, defined FROM links WHERE file=?1").first(id) { row in
                (path: row.string(0), defined: NameHash.hashes(row.bytes(1)))
            }
            let new = try known(id)
            // What passes names on matters to all that import it.
            if old.map({ KnownFile.isFace($0.path) }) ?? false || new?.isFace ?? false { return nil }
            // So does what says how modules are called.
            if [old?.path, new?.path].contains(where: { $0?.hasSuffix("go.mod") ?? false }) { return nil }
            if new != nil { affected.insert(id) }
            if old?.path != new?.path {
                for path in [old?.path, new?.path].compactMap(\.self) {
                    modules.formUnion(FileNames.modules(naming: path))
                }
            }
            names.formUnion(Set(old?.defined ?? []).symmetricDifference(new?.names.defined ?? []))
        }
        try scan("mentioned", for: names.union(modules)) { file, _ in affected.insert(file) }
        for id in changed where try known(id) == nil { affected.remove(id) }
        guard affected.count <= Self.patchLimit else { return nil }
        if !modules.isEmpty {
            // What passes names on may now import another file.
            for id in affected where try known(id)?.isFace ?? false { return nil }
        }
        return affected
    }

    private func known(_ id: Int) throws(SQLiteError) -> KnownFile? {
        try reader.file(id).map { KnownFile($0.id, $0.path, $0.language, $0.traits, $0.facts) }
    }

    /// Calls `body` with each file and each of the wanted names that a column of it has, by the files' numbers.
    private func scan(
        _ column: String, for wanted: Set<NameHash>, _ body: (_ file: Int, NameHash) -> Void
    ) throws(SQLiteError) {
        guard !wanted.isEmpty else { return }
        let statement = try store.statement("SELECT file, \(column) FROM links ORDER BY file")
        try statement.bind([])
        while try statement.step() {
            let id = statement.int(0)
            for name in NameHash.hashes(statement.bytes(1)) where wanted.contains(name) { body(id, name) }
        }
    }
}

/// A file as far as links depend on it.
private struct KnownFile {
    let id: Int
    let path: String
    let traits: Int
    let names: FileNames
    /// Without symbols and references: enough to follow imports.
    private let importer: GraphReader.FactsOfFile

    init(_ id: Int, _ path: String, _ language: String?, _ traits: Int, _ facts: FileFacts) {
        self.id = id
        self.path = path
        self.traits = traits
        names = FileNames(facts, language: language)
        var imports = FileFacts()
        imports.names = facts.names
        imports.imports = facts.imports
        importer = GraphReader.FactsOfFile(id: id, path: path, language: language, traits: traits, facts: imports)
    }

    func imported(_ reader: GraphReader) throws(SQLiteError) -> [Int] {
        var found: [Int] = []
        for item in importer.facts.imports { found += try reader.files(importedBy: item, in: importer) }
        return found
    }

    /// Whether it stands for its folder, and passes on what others define.
    var isFace: Bool { Self.isFace(path) }

    static func isFace(_ path: String) -> Bool {
        let file = path.split(separator: "/").last ?? ""
        if file.hasSuffix(".rs") { return ["lib.rs", "main.rs", "mod.rs"].contains(file) }
        let name = file.prefix { $0 != "." }
        return name == "__init__" || name == "index" || file == "Cargo.toml"
    }
}
