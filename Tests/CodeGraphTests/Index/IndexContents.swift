import CodeGraph
import Foundation
import SQLite

/// All that an index can answer, as lines that do not depend on the numbers of its files.
struct IndexContents {
    let lines: Set<String>

    /// - Parameter words: what the full-text tables are asked for, besides the names of all symbols.
    init(of path: String, words: [String] = []) throws {
        let store = try GraphStore(path: path)
        var found: Set<String> = []
        let paths = try Self.files(store, &found)
        let symbols = try Self.relations(store, paths, &found)
        try Self.fullText(path, paths, symbols.union(words), &found)
        lines = found
    }

    /// What one has and the other has not; a few of each.
    func difference(from other: IndexContents) -> [String] {
        lines.subtracting(other.lines).sorted().prefix(5).map { "+ " + $0 }
            + other.lines.subtracting(lines).sorted().prefix(5).map { "- " + $0 }
    }

    private static func files(_ store: GraphStore, _ found: inout Set<String>) throws -> [Int: String] {
        var paths: [Int: String] = [:]
        for (path, known) in try store.knownFiles() {
            paths[known.id] = path
            guard let file = try store.file(known.id) else { continue }
            found.insert("file \(path) \(known.language ?? "-") \(file.traits) \(file.lines) \(known.hash)")
            found.insert("facts \(path) \(file.facts.encoded())")
            found.insert("text \(path) \(String(decoding: file.text, as: UTF8.self))")
        }
        return paths
    }

    private static func relations(
        _ store: GraphStore, _ paths: [Int: String], _ found: inout Set<String>
    ) throws -> Set<String> {
        let graph = GraphQueries(store)
        let database = try Connection(path: store.path)
        var names: Set<String> = []
        let rows = try database.rows("SELECT name, file, ordinal, kind FROM definitions") { row in
            (row.string(0), SymbolID(file: row.int(1), ordinal: row.int(2)), row.int(3))
        }
        func place(_ id: SymbolID) throws -> String {
            "\(paths[id.file] ?? "?"):\(id.ordinal) \(try graph.reader.qualifiedName(id))"
        }
        func text(_ use: GraphQueries.Use) throws -> String {
            let targets = try use.targets.map(place).sorted()
            return "\(paths[use.file] ?? "?"):\(use.line) \(use.role) \(use.provenance.name) \(targets)"
        }
        for (name, id, kind) in rows {
            names.insert(name)
            let symbol = try place(id)
            found.insert("definition \(symbol) \(name) \(kind)")
            for use in try graph.callers(of: [id]) {
                found.insert("caller of \(symbol): \(try use.user.map(place) ?? "-") \(try text(use))")
            }
            for use in try graph.callees(of: id) { found.insert("callee of \(symbol): \(try text(use))") }
            for type in try graph.implementers(of: [id]) { found.insert("subtype of \(symbol): \(try place(type))") }
        }
        return names
    }

    private static func fullText(
        _ path: String, _ paths: [Int: String], _ words: Set<String>, _ found: inout Set<String>
    ) throws {
        let database = try Connection(path: path)
        try database.add(.code)
        try database.add(.trigrams)
        try database.execute("INSERT INTO words(words) VALUES('integrity-check')")
        try database.execute("INSERT INTO trigrams(trigrams) VALUES('integrity-check')")
        for word in words where !word.contains("\"") {
            let hits = try database.rows(
                "SELECT rowid, bm25(words) FROM words WHERE words MATCH ?1", "\"\(word)\""
            ) { ($0.int(0), $0.real(1)) }
            for (id, score) in hits {
                found.insert("word \(word): \(paths[id] ?? "?") \(String(format: "%.9f", score))")
            }
            guard word.utf8.count >= 3 else { continue }
            let group = word.utf8.prefix(3).map { String(format: "%02x", $0) }.joined()
            let holding = try database.rows(
                "SELECT rowid FROM trigrams WHERE trigrams MATCH ?1", "\"\(group)\""
            ) { $0.int(0) }
            for id in holding { found.insert("trigram \(group): \(paths[id] ?? "?")") }
        }
    }
}
