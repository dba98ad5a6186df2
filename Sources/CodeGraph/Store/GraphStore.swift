package import SQLite

/// An index on disk: files, what they say, and the tables that find them. One thread at a time; several processes may
/// have the same one open, and readers see whole transactions.
package final class GraphStore {
    package let path: String
    let database: Connection
    private var statements: [String: Statement] = [:]

    /// - Throws: `.isCorrupt` errors for files that are damaged, no index, or one of another version; they can only be
    ///   removed and made anew.
    package init(path: String) throws(SQLiteError) {
        self.path = path
        database = try Connection(path: path)
        try database.add(.code)
        try database.add(.trigrams)
        try waitingForOthers { () throws(SQLiteError) in try prepareFile() }
    }

    private func prepareFile() throws(SQLiteError) {
        // Nothing is written before it is known that the file is ours.
        let isEmpty = try isEmpty()
        guard try isEmpty ? true : isCurrent() else { throw notAnIndex() }
        try checkLastPage()
        // Readers go on while another process writes; a power cut costs the last transactions, never the file.
        try database.execute(
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA cache_size=-65536; PRAGMA mmap_size=1073741824;"
        )
        guard isEmpty else { return }
        try transaction { () throws(SQLiteError) in
            guard try self.isEmpty() else { return }
            try database.execute(GraphDatabase.schema)
            try database.execute("PRAGMA application_id=\(GraphDatabase.applicationID)")
            try database.execute("PRAGMA user_version=\(GraphDatabase.version)")
        }
    }

    /// SQLite fills up a last page that was cut off with zeros, and takes it for what was written.
    private func checkLastPage() throws(SQLiteError) {
        let pageSize = try database.rows("PRAGMA page_size") { $0.integer(0) }.first ?? 4096
        guard let file = unsafe FileStatus(of: path, in: FileStatus.noFolder), file.byteCount % pageSize != 0 else {
            return
        }
        // A page whose writing was interrupted is whole in the log.
        let log = unsafe FileStatus(of: path + "-wal", in: FileStatus.noFolder)
        if log?.byteCount ?? 0 == 0 { throw .damaged("its end is missing", path: path) }
    }

    /// SQLite does not wait for locks in some moments, as when two processes make the same file.
    private func waitingForOthers(_ body: () throws(SQLiteError) -> Void) throws(SQLiteError) {
        let end = ContinuousClock.now + .seconds(60)
        while true {
            do throws(SQLiteError) {
                return try body()
            } catch {
                guard error.isBusy, ContinuousClock.now < end else { throw error }
                pauseThread(milliseconds: 5)
            }
        }
    }

    private func isEmpty() throws(SQLiteError) -> Bool {
        try database.rows("SELECT count(*) FROM sqlite_schema") { $0.int(0) } == [0]
    }

    private func isCurrent() throws(SQLiteError) -> Bool {
        let application = try database.rows("PRAGMA application_id") { $0.int(0) }.first
        let version = try database.rows("PRAGMA user_version") { $0.int(0) }.first
        return application == GraphDatabase.applicationID && version == GraphDatabase.version
    }

    private func notAnIndex() -> SQLiteError {
        .damaged("it is no index of version \(GraphDatabase.version)", path: path)
    }

    /// A statement that is compiled once.
    func statement(_ text: String) throws(SQLiteError) -> Statement {
        if let known = statements[text] { return known }
        let made = try database.prepare(text)
        statements[text] = made
        return made
    }

    /// What `body` does is done as a whole or, when it throws, not at all.
    package func transaction<R>(_ body: () throws(SQLiteError) -> R) throws(SQLiteError) -> R {
        try database.transaction(body) { $0 }
    }

    /// All that `body` reads is of one moment, whatever other processes commit meanwhile.
    package func snapshot<R>(_ body: () throws -> R) throws -> R { try database.snapshot(body) }

    // MARK: Facts of the index as a whole

    package func fact(_ name: String) throws(SQLiteError) -> String? {
        try statement("SELECT value FROM facts_of_index WHERE name=?1").first(name) { $0.string(0) }
    }

    package func setFact(_ name: String, _ value: String) throws(SQLiteError) {
        try statement("INSERT OR REPLACE INTO facts_of_index(name, value) VALUES(?1, ?2)").run(name, value)
    }
}
