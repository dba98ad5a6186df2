import SQLite
import TestSupport
import Testing

@Suite("SQLite connections")
struct ConnectionTests {
    @Test("values come back as they went in, empty and null ones too")
    func values() throws {
        let folder = try TemporaryFolder()
        let database = try Connection(path: folder.path + "/a.db")
        try database.execute("CREATE TABLE t(i, r, s, b, n)")
        let insert = try database.prepare("INSERT INTO t VALUES(?1, ?2, ?3, ?4, ?5)")
        try insert.run(-7, 0.5, "é\u{0}x", [UInt8](), String?.none)
        try insert.run(Int.max, -1e300, "", [0, 255] as [UInt8], "there")
        let rows = try database.rows("SELECT i, r, s, b, n FROM t ORDER BY rowid") { row in
            (row.int(0), row.real(1), row.string(2), row.bytes(3), row.isNull(4))
        }
        #expect(rows.map(\.0) == [-7, .max] && rows.map(\.1) == [0.5, -1e300])
        #expect(
            rows.map(\.2) == ["é\u{0}x", ""] && rows.map(\.3) == [[], [0, 255]] && rows.map(\.4) == [true, false])
        #expect(database.lastInsertedRow == 2)
    }

    @Test("a transaction that fails leaves nothing behind, and the connection goes on")
    func transactions() throws {
        struct Refused: Error {}
        let folder = try TemporaryFolder()
        let database = try Connection(path: folder.path + "/a.db")
        try database.execute("CREATE TABLE t(i)")
        #expect(throws: Refused.self) {
            try database.transaction { () throws(any Error) in
                try database.execute("INSERT INTO t VALUES(1)")
                throw Refused()
            } failure: {
                $0
            }
        }
        try database.transaction { () throws(SQLiteError) in
            try database.execute("INSERT INTO t VALUES(2)")
        } failure: {
            $0
        }
        #expect(try database.rows("SELECT i FROM t") { $0.int(0) } == [2])
    }

    @Test("errors say what, where and in which statement")
    func errors() throws {
        let folder = try TemporaryFolder()
        let path = try folder.write(String(repeating: "no database ", count: 100), to: "text")
        let error = try #require(throws: SQLiteError.self) {
            try Connection(path: path).execute("SELECT * FROM sqlite_schema")
        }
        #expect(error.isCorrupt && error.description.contains(path) && error.description.contains("sqlite_schema"))
        let missing = try #require(throws: SQLiteError.self) { try Connection(path: folder.path + "/none/a.db") }
        #expect(missing.description.contains("unable to open"))
        let wrong = try #require(throws: SQLiteError.self) {
            try Connection(path: folder.path + "/a.db").prepare("SELEKT 1")
        }
        #expect(wrong.description.contains("SELEKT") && !wrong.isCorrupt)
    }

    @Test("a full-text table uses a tokenizer of ours, with alternatives at the same place")
    func tokenizer() throws {
        let folder = try TemporaryFolder()
        let database = try Connection(path: folder.path + "/a.db")
        // Words between spaces, and for each its first letter.
        try database.add(
            FullTextTokenizer(name: "initials") { text, isQuery, emit in
                var start = 0
                for end in 0...text.count where end == text.count || text[end] == 32 {
                    if end > start {
                        guard emit(UnsafeBufferPointer(rebasing: text[start..<end]), start..<end, false) else { return }
                        if !isQuery, end > start + 1 {
                            let initial = UnsafeBufferPointer(rebasing: text[start..<start + 1])
                            guard emit(initial, start..<start + 1, true) else { return }
                        }
                    }
                    start = end + 1
                }
            })
        try database.execute("CREATE VIRTUAL TABLE w USING fts5(x, tokenize='initials')")
        try database.execute("INSERT INTO w VALUES('apple pie'), ('a piece')")
        func matches(_ query: String) throws -> [Int] {
            try database.rows("SELECT rowid FROM w WHERE w MATCH ?1 ORDER BY rowid", query) { $0.int(0) }
        }
        #expect(try matches("a") == [1, 2] && matches("apple") == [1] && matches("\"a pie\"") == [1])
        #expect(try matches("p") == [1, 2] && matches("le") == [])
    }
}
