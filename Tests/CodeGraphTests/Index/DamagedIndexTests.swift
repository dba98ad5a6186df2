import CodeGraph
import Foundation
import SQLite
import TestSupport
import Testing

@Suite("Damaged indexes")
struct DamagedIndexTests {
    private let index: TestIndex

    init() throws {
        index = try TestIndex()
        var edits = RandomEdits(root: index.repository.path, seed: 3)
        try edits.make()
    }

    @Test("are errors that say so when the file is something else")
    func noDatabase() async throws {
        let other = try TemporaryFolder()
        for bytes in [noise(5000), Array("no database\n".utf8), noise(16)] {
            let path = other.path + "/index.db"
            try Data(bytes).write(to: URL(fileURLWithPath: path))
            let error = try #require(throws: SQLiteError.self) { try GraphStore(path: path) }
            #expect(error.isCorrupt, "\(error)")
            #expect(error.path == path)
        }
    }

    @Test("are errors when the file is another application's, or of another version, and it stays as it is")
    func otherVersions() throws {
        let folder = try TemporaryFolder()
        for change in ["user_version=1", "user_version=99", "application_id=1"] {
            let path = folder.path + "/\(change).db"
            _ = try GraphStore(path: path)
            try Connection(path: path).execute("PRAGMA \(change)")
            let error = try #require(throws: SQLiteError.self) { try GraphStore(path: path) }
            #expect(error.isCorrupt)
        }
        let path = folder.path + "/other.db"
        try Connection(path: path).execute("CREATE TABLE words(a); INSERT INTO words VALUES('kept')")
        #expect(throws: SQLiteError.self) { try GraphStore(path: path) }
        #expect(try Connection(path: path).rows("SELECT a FROM words") { $0.string(0) } == ["kept"])
    }

    @Test("are errors or right answers when the file is cut off", arguments: 1...4)
    func cutOff(seed: Int) async throws {
        let whole = try await self.whole()
        var random = SplitMix64(seed: UInt64(seed))
        for _ in 0..<12 {
            let count = random.below(3) == 0 ? random.below(whole.count / 4096) * 4096 : random.below(whole.count)
            try await check(Array(whole.prefix(count)), "cut to \(count) of \(whole.count)")
        }
    }

    /// Bytes of a page that are not checked by anybody can make names and words unfindable; what is found is right.
    @Test("never crash, nor show what was not written, when pages are changed", arguments: 1...4)
    func changedPages(seed: Int) async throws {
        let whole = try await self.whole()
        var random = SplitMix64(seed: UInt64(seed) + 100)
        for round in 0..<20 {
            var bytes = whole
            for _ in 0...random.below(6) {
                // Not the first page: there the version is.
                let page = 1 + random.below(bytes.count / 4096 - 1)
                if round % 2 == 0 {
                    bytes[page * 4096 + random.below(4096)] ^= UInt8(1 << random.below(8))
                } else {
                    for place in 0..<4096 { bytes[page * 4096 + place] = UInt8(truncatingIfNeeded: random.next()) }
                }
            }
            try await check(bytes, "round \(round)", isComplete: false)
        }
    }

    // MARK: What an index of these bytes does

    private func whole() async throws -> [UInt8] {
        try await index.update()
        // Into one file.
        try Connection(path: index.path).execute("PRAGMA wal_checkpoint(TRUNCATE)")
        return Array(try Data(contentsOf: URL(fileURLWithPath: index.path)))
    }

    private func check(_ bytes: [UInt8], _ what: String, isComplete: Bool = true) async throws {
        let path = index.folder.path + "/damaged.db"
        IndexLocation.remove(path)
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        do {
            // Words that cannot be found any more make room for other files among the best ones.
            let right = try facts(of: index.path, withSearches: isComplete)
            let found = try facts(of: path, withSearches: isComplete)
            if isComplete && !bytes.isEmpty { #expect(found == right, "\(what)") }
            #expect(found.subtracting(right) == [], "\(what)")
            try await index.update(path)
        } catch let error as SQLiteError {
            #expect(error.isCorrupt, "\(what): \(error)")
        }
        // Made again, it is as good as new.
        IndexLocation.remove(path)
        try await index.update(path)
        #expect(try facts(of: path) == facts(of: index.path))
    }

    /// What is found by asking for each symbol.
    private func facts(of path: String, withSearches: Bool = true) throws -> Set<String> {
        let store = try GraphStore(path: path)
        return try store.snapshot {
            let graph = GraphQueries(store)
            var found: Set<String> = []
            for name in ["load", "save", "open_store", "parseHTTP", "run", "Table", "Store", "Item", "close"] {
                let symbols = try graph.symbols(#require(SymbolPattern(name)))
                for id in symbols {
                    guard let (file, fact) = try graph.reader.symbol(id) else { continue }
                    found.insert("\(name): \(file.path):\(fact.line) \(try graph.signature(id))")
                }
                for use in try graph.callers(of: symbols) {
                    guard let file = try graph.reader.file(use.file) else { continue }
                    found.insert("\(name) from \(file.path):\(use.line) \(try graph.line(use.line, ofFile: use.file))")
                }
                guard withSearches else { continue }
                for hit in try Searcher(graph.reader).files(SearchQuery("\(name) \"def\""), limit: 5) {
                    found.insert("\(name) in \(try graph.reader.file(hit.file)?.path ?? "?")")
                }
            }
            return found
        }
    }
}
