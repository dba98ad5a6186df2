internal import SQLite

/// Brings an index up to date with the files of a repository.
package struct GraphIndexer: Sendable {
    package let root: String
    let languages: LanguageQueries
    /// Files beyond these are indexed by their path only.
    let limits = FileLimits()
    let workers: Int

    package init(root: String, languages: LanguageQueries, workers: Int) {
        self.root = root
        self.languages = languages
        self.workers = max(1, workers)
    }

    package struct Progress: Sendable {
        package var filesDone = 0
        package var filesToDo = 0
        package var bytesDone = 0
        package var bytesToDo = 0
    }

    package struct Summary: Hashable, Sendable {
        /// That were looked at.
        package var files: Int
        package var added = 0
        package var changed = 0
        package var removed = 0
        /// Or gone since they were looked at.
        package var unreadable = 0
        /// Of what was added, changed and removed, up to `pathLimit` of them.
        package private(set) var paths: [String] = []
        package static let pathLimit = 8

        package init(files: Int = 0) { self.files = files }

        package var isEmpty: Bool { added + changed + removed == 0 }

        mutating func note(_ path: String) {
            if paths.count < Self.pathLimit { paths.append(path) }
        }
    }

    /// Goes through all files of a repository. Runs where its caller does, since a store stays with one.
    /// - Parameter progress: called after each batch.
    nonisolated(nonsending) package func update(
        _ store: GraphStore, with scan: RepositoryScan, progress: (Progress) -> Void = { _ in }
    ) async throws -> Summary {
        let known = try store.knownFiles()
        let present = Set(scan.files.map(\.path))
        let gone = known.keys.filter { !present.contains($0) }.sorted()
        let languages = try LanguageState(store, of: known.values, self.languages)
        return try await update(
            store, scan.files, gone: gone, lookedAt: scan.startNanoseconds, known: known, languages, progress)
    }

    /// Goes through some files, which must be in the index already; all others are taken to be as they were.
    /// - Parameter nanoseconds: when the files were looked at, since 1970.
    /// - Returns: nil, and nothing is done, when all files must be gone through: their languages' patterns are others.
    nonisolated(nonsending) package func update(
        _ store: GraphStore, files: [ScannedFile], lookedAt nanoseconds: Int64
    ) async throws -> Summary? {
        var known: [String: GraphStore.KnownFile] = [:]
        for file in files { known[file.path] = try store.knownFile(file.path) }
        let languages = try LanguageState(store, of: known.values, self.languages)
        if languages.isOutdated { return nil }
        return try await update(store, files, gone: [], lookedAt: nanoseconds, known: known, languages) { _ in }
    }

    nonisolated(nonsending) private func update(
        _ store: GraphStore, _ files: [ScannedFile], gone: [String], lookedAt nanoseconds: Int64,
        known: [String: GraphStore.KnownFile], _ languages: LanguageState, _ progress: (Progress) -> Void
    ) async throws -> Summary {
        var summary = Summary(files: files.count)
        let wanted = files.filter { file in
            guard let old = known[file.path] else { return true }
            return old.stamp != file.stamp || languages.isOutdated(old.language)
        }
        var batches = FileBatches(wanted)
        var done = Progress(filesToDo: wanted.count, bytesToDo: wanted.reduce(0) { $0 + Int($1.byteCount) })
        var current = await read(batches.next())
        var languages = languages
        while !current.isEmpty {
            try Task.checkCancellation()
            let following = batches.next()
            async let later = read(following)
            try store.transaction { () throws(SQLiteError) in
                for item in current {
                    try apply(item, to: store, lookedAt: Int(nanoseconds), &languages, &summary)
                }
                if following.isEmpty { try finish(store, gone: gone, languages, &summary) }
            }
            done.filesDone += current.count
            done.bytesDone += current.reduce(0) { $0 + Int($1.scanned.byteCount) }
            progress(done)
            current = await later
        }
        if wanted.isEmpty, !gone.isEmpty || languages.isOutdated {
            try store.transaction { () throws(SQLiteError) in try finish(store, gone: gone, languages, &summary) }
        }
        return summary
    }

    // MARK: One file

    private struct ReadFile: Sendable {
        var scanned: ScannedFile
        /// Nil when it could not be read.
        var file: IndexedFile?
    }

    private func read(_ files: ArraySlice<ScannedFile>) async -> [ReadFile] {
        await withTaskGroup(of: [ReadFile].self) { group in
            // Neighbours are alike in size, so each worker takes every n-th file.
            for worker in 0..<min(workers, files.count) {
                group.addTask {
                    var reader = FileReader(root: root, languages: languages, limits: limits)
                    return stride(from: files.startIndex + worker, to: files.endIndex, by: workers).map {
                        ReadFile(scanned: files[$0], file: reader.read(files[$0]))
                    }
                }
            }
            let all = await group.reduce(into: []) { $0 += $1 }
            // In the same order whichever worker was quicker, so that the same files make the same index.
            return all.sorted { $0.scanned.path < $1.scanned.path }
        }
    }

    private func apply(
        _ item: ReadFile, to store: GraphStore, lookedAt nanoseconds: Int, _ languages: inout LanguageState,
        _ summary: inout Summary
    ) throws(SQLiteError) {
        let path = item.scanned.path
        guard var file = item.file else {
            summary.unreadable += 1
            _ = try store.remove(path: path)
            return
        }
        file.stamp = file.stamp.remembered(lookedAt: nanoseconds)
        // Asked again: another process may have been here since.
        let old = try store.knownFile(path)
        if let old, old.hash == file.hash, !languages.isOutdated(old.language) {
            if old.stamp != file.stamp { try store.setStamp(old.id, file.stamp) }
            return
        }
        if old == nil { summary.added += 1 } else { summary.changed += 1 }
        summary.note(path)
        try languages.remember(file.language, in: store)
        try store.put(file)
    }

    private func finish(
        _ store: GraphStore, gone: [String], _ languages: LanguageState, _ summary: inout Summary
    ) throws(SQLiteError) {
        for path in gone where try store.remove(path: path) {
            summary.removed += 1
            summary.note(path)
        }
        try languages.rememberOutdated(in: store)
    }
}
