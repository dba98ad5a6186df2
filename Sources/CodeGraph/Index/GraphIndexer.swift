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
        var changes = try store.changes(in: scan.files)
        let languages = try LanguageState(store, changes.languages, self.languages)
        if !languages.outdated.isEmpty {
            let outdated = try store.paths(of: languages.outdated).union(changes.files.map(\.path))
            changes.files = scan.files.filter { outdated.contains($0.path) }
        }
        var summary = Summary(files: scan.files.count)
        try await update(store, changes, lookedAt: scan.startNanoseconds, languages, &summary, progress)
        try CommitHistory(store: store).update(fromRepositoryAt: root)
        return summary
    }

    /// Goes through some files, which must be in the index already; all others are taken to be as they were.
    /// - Parameter nanoseconds: when the files were looked at, since 1970.
    /// - Returns: nil, and nothing is done, when all files must be gone through: their languages' patterns are others.
    nonisolated(nonsending) package func update(
        _ store: GraphStore, files: [ScannedFile], lookedAt nanoseconds: Int64
    ) async throws -> Summary? {
        var changes = GraphStore.Changes()
        for file in files {
            let known = try store.knownFile(file.path)
            if let language = known?.language { changes.languages.insert(language) }
            if known?.stamp != file.stamp { changes.files.append(file) }
        }
        let languages = try LanguageState(store, changes.languages, self.languages)
        guard languages.outdated.isEmpty else { return nil }
        var summary = Summary(files: files.count)
        try await update(store, changes, lookedAt: nanoseconds, languages, &summary) { _ in }
        return summary
    }

    nonisolated(nonsending) private func update(
        _ store: GraphStore, _ changes: GraphStore.Changes, lookedAt nanoseconds: Int64, _ languages: LanguageState,
        _ summary: inout Summary, _ progress: (Progress) -> Void
    ) async throws {
        var batches = FileBatches(changes.files)
        var done = Progress(
            filesToDo: changes.files.count, bytesToDo: changes.files.reduce(0) { $0 + Int($1.byteCount) })
        var languages = languages
        var current = await read(try unread(batches.next(), in: store, languages))
        while !current.isEmpty {
            try Task.checkCancellation()
            let following = try unread(batches.next(), in: store, languages)
            async let later = read(following)
            try store.transaction { () throws(SQLiteError) in
                for item in current {
                    try apply(item, to: store, lookedAt: Int(nanoseconds), &languages, &summary)
                }
                if following.isEmpty { try finish(store, gone: changes.gone, languages, &summary) }
            }
            done.filesDone += current.count
            done.bytesDone += current.reduce(0) { $0 + Int($1.scanned.byteCount) }
            progress(done)
            current = await later
        }
        if changes.files.isEmpty, !changes.gone.isEmpty || !languages.outdated.isEmpty {
            try store.transaction { () throws(SQLiteError) in
                try finish(store, gone: changes.gone, languages, &summary)
            }
        }
    }

    // MARK: One file

    private struct UnreadFile: Sendable {
        var scanned: ScannedFile
        /// Of the contents that are indexed as they would be now.
        var hash: [UInt8]?
    }

    private struct ReadFile: Sendable {
        var scanned: ScannedFile
        var contents: FileReader.Contents
    }

    private func unread(
        _ files: ArraySlice<ScannedFile>, in store: GraphStore, _ languages: LanguageState
    ) throws(SQLiteError) -> [UnreadFile] {
        var unread: [UnreadFile] = []
        for file in files {
            let known = try store.knownFile(file.path)
            unread.append(
                UnreadFile(scanned: file, hash: languages.isOutdated(known?.language) ? nil : known?.hash))
        }
        return unread
    }

    private func read(_ files: [UnreadFile]) async -> [ReadFile] {
        await withTaskGroup(of: [ReadFile].self) { group in
            // Neighbours are alike in size, so each worker takes every n-th file.
            for worker in 0..<min(workers, files.count) {
                group.addTask {
                    var reader = FileReader(root: root, languages: languages, limits: limits)
                    return stride(from: files.startIndex + worker, to: files.endIndex, by: workers).map {
                        let file = files[$0]
                        return ReadFile(
                            scanned: file.scanned, contents: reader.read(file.scanned, unlessHashed: file.hash))
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
        let stamp = item.scanned.stamp.remembered(lookedAt: nanoseconds)
        // Asked again: another process may have been here since.
        let old = try store.knownFile(path)
        switch item.contents {
        case .unreadable:
            summary.unreadable += 1
            _ = try store.remove(path: path)
        case .known(let hash):
            if let old, old.hash == hash, old.stamp != stamp { try store.setStamp(old.id, stamp) }
        case .new(let file) where old?.hash == file.hash && !languages.isOutdated(old?.language):
            if let old, old.stamp != stamp { try store.setStamp(old.id, stamp) }
        case .new(var file):
            if old == nil { summary.added += 1 } else { summary.changed += 1 }
            summary.note(path)
            file.stamp = stamp
            try languages.remember(file.language, in: store)
            try store.put(file)
        }
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
