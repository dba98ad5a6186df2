internal import SQLite

/// What was said of a repository's files when they were changed. Who asks for what is to be done often says it as somebody
/// did who has done the like before.
/// - SeeAlso: Wang and Lo 2014, "Version history, similar report, and structure: putting them together for improved bug
///   localization".
struct CommitHistory {
    let store: GraphStore

    private static let head = "history.head"
    /// Commits that a question is compared with.
    private static let commitLimit = 200

    /// Reads the last commits, if others are checked out than at the last time.
    /// - Parameter root: of the repository.
    func update(fromRepositoryAt root: String) throws(SQLiteError) {
        let head = GitFolder.head(ofRepositoryAt: root) ?? ""
        guard try store.fact(Self.head) ?? "" != head else { return }
        let commits = head.isEmpty ? [] : GitLog.commits(ofRepositoryAt: root)
        try store.transaction { () throws(SQLiteError) in
            try store.database.execute("DELETE FROM commits; INSERT INTO messages(messages) VALUES('delete-all')")
            let changed = try store.statement("INSERT INTO commits(id, paths) VALUES(?1, ?2)")
            let message = try store.statement("INSERT INTO messages(rowid, subject, body) VALUES(?1, ?2, ?3)")
            for (id, commit) in commits.enumerated() {
                try changed.run(id, commit.paths.joined(separator: "\n"))
                try message.run(id, commit.subject, commit.body)
            }
            try store.setFact(Self.head, head)
        }
    }

    /// How like a question the best of the commits is that changed a file, by its path; a commit to several files is about
    /// each of them a little less.
    /// - Parameter words: full-text query for any of the question's words.
    func likeness(to words: String) throws(SQLiteError) -> [String: Double] {
        let found = try store.statement(
            """
            SELECT commits.paths, -bm25(messages, 3.0, 1.0) FROM messages JOIN commits ON commits.id = messages.rowid
            WHERE messages MATCH ?1 ORDER BY bm25(messages, 3.0, 1.0), messages.rowid LIMIT ?2
            """)
        try found.bind([words, Self.commitLimit])
        var likeness: [String: Double] = [:]
        while try found.step() {
            let paths = found.string(0).split(separator: "\n")
            let share = found.real(1) / Double(paths.count).squareRoot().squareRoot()
            for path in paths.map(String.init) { likeness[path] = max(likeness[path] ?? 0, share) }
        }
        return likeness
    }
}
