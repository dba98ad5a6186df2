package import SQLite

extension GraphStore {
    /// A file as it was when it was indexed.
    package struct KnownFile: Sendable {
        package var id: Int
        package var stamp: FileStamp
        package var hash: [UInt8]
        package var language: String?

        static let columns = "id, \(FileStamp.columns), hash, language"

        init(_ row: Statement, from column: Int32) {
            id = row.int(column)
            stamp = FileStamp(row, from: column + 1)
            hash = row.bytes(column + 5)
            language = row.isNull(column + 6) ? nil : row.string(column + 6)
        }
    }

    /// All files, by path.
    package func knownFiles() throws(SQLiteError) -> [String: KnownFile] {
        let rows = try database.rows("SELECT path, \(KnownFile.columns) FROM files") { row in
            (row.string(0), KnownFile(row, from: 1))
        }
        return Dictionary(rows) { $1 }
    }

    package func knownFile(_ path: String) throws(SQLiteError) -> KnownFile? {
        try statement("SELECT \(KnownFile.columns) FROM files WHERE path=?1").first(path) { KnownFile($0, from: 0) }
    }

    /// Puts a file in, in the place of what was known of it. Within a transaction.
    package func put(_ file: IndexedFile) throws(SQLiteError) {
        let known = try statement("SELECT id FROM files WHERE path=?1").first(file.path) { $0.int(0) }
        let old = try known.flatMap { id throws(SQLiteError) in try self.file(id) }
        if let known, let old { try remove(known, old) }
        try statement(
            """
            INSERT INTO files(id, path, language, traits, bytes, modified, changed, inode, hash, lines, text, facts)
            VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)
            """
        ).run(
            known, file.path, file.language, file.traits, file.stamp.byteCount, file.stamp.modifiedNanoseconds,
            file.stamp.changedNanoseconds, file.stamp.inode, file.hash, file.facts.lineCount, file.compressed.bytes,
            StoredFacts(file.facts, path: file.path).bytes)
        let id = known ?? Int(database.lastInsertedRow)
        let define = try statement(
            "INSERT OR IGNORE INTO definitions(name, file, ordinal, kind) VALUES(?1, ?2, ?3, ?4)")
        for (ordinal, symbol) in file.facts.symbols.enumerated() {
            try define.run(file.facts.names[symbol.name], id, ordinal, Int(symbol.kind.rawValue))
        }
        try changeWords(id, path: file.path, facts: file.facts, text: file.text, isRemoval: false)
        try changeTrigrams(id, from: old?.text, to: file.trigrams)
    }

    /// Takes a file out, if it is in. Within a transaction.
    /// - Returns: whether it was in.
    package func remove(path: String) throws(SQLiteError) -> Bool {
        guard let known = try knownFile(path) else { return false }
        guard let file = try file(known.id) else { return false }
        try remove(known.id, file)
        try changeTrigrams(known.id, from: file.text, to: Trigrams([]))
        return true
    }

    /// All but its trigrams.
    private func remove(_ id: Int, _ file: StoredFile) throws(SQLiteError) {
        try changeWords(id, path: file.path, facts: file.facts, text: file.text, isRemoval: true)
        let undefine = try statement("DELETE FROM definitions WHERE name=?1 AND file=?2")
        for name in Set(file.facts.symbols.map(\.name)) { try undefine.run(file.facts.names[name], id) }
        try statement("DELETE FROM files WHERE id=?1").run(id)
    }

    /// Says that a file which was touched is still what it was.
    package func setStamp(_ id: Int, _ stamp: FileStamp) throws(SQLiteError) {
        try statement("UPDATE files SET bytes=?2, modified=?3, changed=?4, inode=?5 WHERE id=?1").run(
            id, stamp.byteCount, stamp.modifiedNanoseconds, stamp.changedNanoseconds, stamp.inode)
    }

    package struct StoredFile: Sendable {
        package var path: String
        package var language: String?
        package var traits: Int
        package var lines: Int
        package var facts: FileFacts
        package var text: [UInt8]
    }

    package func file(_ id: Int) throws(SQLiteError) -> StoredFile? {
        let select = try statement("SELECT path, language, traits, lines, facts, text FROM files WHERE id=?1")
        let row = try select.first(id) { row in
            (
                file: StoredFile(
                    path: row.string(0), language: row.isNull(1) ? nil : row.string(1), traits: row.int(2),
                    lines: row.int(3), facts: FileFacts(), text: []),
                facts: StoredFacts(bytes: row.bytes(4)), text: CompressedText(bytes: row.bytes(5))
            )
        }
        guard let row else { return nil }
        var file = row.file
        file.facts = try decoded(row.facts, path: file.path)
        guard let text = row.text.text() else { throw .damaged("the text of \(file.path) is damaged", path: path) }
        file.text = text
        return file
    }

    /// - Parameter path: of the file that they are of.
    func decoded(_ facts: StoredFacts, path: String) throws(SQLiteError) -> FileFacts {
        guard let facts = facts.facts(path: path) else {
            throw .damaged("the facts of \(path) are damaged", path: self.path)
        }
        return facts
    }

    /// Tables without contents are told what to forget.
    private func changeWords(
        _ id: Int, path: String, facts: FileFacts, text: [UInt8], isRemoval: Bool
    ) throws(SQLiteError) {
        let columns = WordColumns(facts, text)
        let words = try statement(
            isRemoval
                ? "INSERT INTO words(words, rowid, path, symbols, docs, body) VALUES('delete', ?1, ?2, ?3, ?4, ?5)"
                : "INSERT INTO words(rowid, path, symbols, docs, body) VALUES(?1, ?2, ?3, ?4, ?5)")
        try words.bind([id, path])
        try run(words, [columns.symbols, columns.docs, text], at: 3)
    }

    /// Only what is new and what is gone: an edit leaves most of a file as it was.
    /// - Parameter old: the text until now, if the file was in.
    private func changeTrigrams(_ id: Int, from old: [UInt8]?, to new: Trigrams) throws(SQLiteError) {
        let old = Trigrams(old ?? [])
        if !old.values.isEmpty {
            let gone = try statement("INSERT INTO trigrams(trigrams, rowid, text) VALUES('delete', ?1, ?2)")
            try gone.bind([id])
            try run(gone, [Trigrams.bytes(old.subtracting(new))], at: 2)
        }
        if !new.values.isEmpty {
            let added = try statement("INSERT INTO trigrams(rowid, text) VALUES(?1, ?2)")
            try added.bind([id])
            try run(added, [Trigrams.bytes(new.subtracting(old))], at: 2)
        }
    }

    /// Runs a statement whose last parameters are long texts, without copying them.
    private func run(_ statement: Statement, _ texts: [[UInt8]], at index: Int32) throws(SQLiteError) {
        guard let text = texts.first else {
            _ = try statement.step()
            return
        }
        try unsafe text.withUnsafeBufferPointer { bytes throws(SQLiteError) in
            try unsafe statement.bind(unsafeText: bytes, at: index)
            try run(statement, Array(texts.dropFirst()), at: index + 1)
        }
    }
}

extension GraphStore {
    /// The languages of files that are or were here and were parsed with that, in order.
    package func languages(withFingerprint fingerprint: String) throws(SQLiteError) -> [String] {
        try database.rows(
            "SELECT substr(name, 10) FROM facts_of_index WHERE name LIKE 'language.%' AND value=?1 ORDER BY name",
            fingerprint
        ) { $0.string(0) }
    }

    package struct LanguageSize: Hashable, Sendable {
        /// Nil for text that is not parsed.
        package var language: String?
        package var files: Int
        package var lines: Int
    }

    /// How much there is of each language, the largest first.
    package func sizes() throws(SQLiteError) -> [LanguageSize] {
        try database.rows(
            "SELECT language, count(*), sum(lines) FROM files GROUP BY language ORDER BY sum(lines) DESC, language"
        ) { row in
            LanguageSize(language: row.isNull(0) ? nil : row.string(0), files: row.int(1), lines: row.int(2))
        }
    }

    package func symbolCount() throws(SQLiteError) -> Int {
        try database.rows("SELECT count(*) FROM definitions") { $0.int(0) }.first ?? 0
    }
}
