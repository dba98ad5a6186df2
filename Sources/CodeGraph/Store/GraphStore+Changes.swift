internal import SQLite

extension GraphStore {
    /// What a look at a repository's files found to be other than when they were indexed.
    struct Changes {
        /// Files that are new or have another stamp.
        var files: [ScannedFile] = []
        /// Paths that are no more.
        var gone: [String] = []
        /// Of all files in the index.
        var languages: Set<String> = []
    }

    /// - Parameter files: all of the repository, sorted by the bytes of their paths.
    func changes(in files: [ScannedFile]) throws(SQLiteError) -> Changes {
        var changes = Changes()
        var place = 0
        let rows = try statement("SELECT path, \(FileStamp.columns), language FROM files ORDER BY path")
        try rows.bind([])
        // Both are in the same order, so each is gone through once, and only paths of changes become strings.
        while try rows.step() {
            if !rows.isNull(5) { changes.languages.insert(rows.string(5)) }
            var isKnown = false
            while place < files.count, !isKnown {
                let order = unsafe rows.withBytes(0) { unsafe Self.order($0, files[place].path) }
                guard order >= 0 else { break }
                isKnown = order == 0
                if !isKnown || files[place].stamp != FileStamp(rows, from: 1) { changes.files.append(files[place]) }
                place += 1
            }
            if !isKnown { changes.gone.append(rows.string(0)) }
        }
        changes.files += files[place...]
        return changes
    }

    /// Below zero when `a` comes first.
    private static func order(_ a: UnsafeBufferPointer<UInt8>, _ b: String) -> Int {
        var b = b
        return b.withUTF8 { b in
            for index in 0..<min(a.count, b.count) where unsafe a[index] != b[index] {
                return unsafe Int(a[index]) - Int(b[index])
            }
            return a.count - b.count
        }
    }

    /// Paths of files in some languages.
    func paths(of languages: Set<String>) throws(SQLiteError) -> Set<String> {
        var paths: Set<String> = []
        for language in languages.sorted() {
            paths.formUnion(try database.rows("SELECT path FROM files WHERE language=?1", language) { $0.string(0) })
        }
        return paths
    }
}

extension FileStamp {
    static let columns = "bytes, modified, changed, inode"

    /// - Parameter column: where these columns begin.
    init(_ row: Statement, from column: Int32) {
        self.init(
            byteCount: row.int(column), modifiedNanoseconds: row.int(column + 1),
            changedNanoseconds: row.int(column + 2), inode: row.int(column + 3))
    }
}
