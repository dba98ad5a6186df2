/// Follows the changes of a repository's files.
package final class RepositoryWatch {
    private let root: RepositoryRoot
    private let usesIgnoreRules: Bool
    private var events: any FolderEvents
    private var known: Set<String> = []

    package init(_ root: RepositoryRoot, usesIgnoreRules: Bool = true) {
        self.root = root
        self.usesIgnoreRules = usesIgnoreRules
        events = systemFolderEvents(root: root.path)
    }

    /// Why changes are looked for every second instead of being told by the system, if so.
    package var limitation: String? { events.limitation }

    /// All files, in folders that are all watched by then.
    package func scan() throws -> RepositoryScan {
        while true {
            var isComplete = true
            let scan = try RepositoryScan(of: root, usesIgnoreRules: usesIgnoreRules) { folder in
                try Task.checkCancellation()
                if events.watch(folder) { isComplete = false }
            }
            // What came into a folder between its listing and its watch is seen by another look.
            guard isComplete else { continue }
            known = Set(scan.files.map(\.path))
            return scan
        }
    }

    package enum Change {
        /// These files have other contents, and nothing else changed.
        case contents([ScannedFile], lookedAt: Int64)
        case scan(RepositoryScan)
    }

    /// Waits until something changes.
    package func next() async throws -> Change {
        let changes = try await events.next()
        let now = FileClock.nanoseconds
        if !changes.isMore, changes.contents.allSatisfy({ known.contains($0) && !$0.hasSuffix(".gitignore") }) {
            let files = changes.contents.sorted().compactMap { ScannedFile(path: $0, below: root.path) }
            if files.count == changes.contents.count { return .contents(files, lookedAt: now) }
        }
        return .scan(try scan())
    }
}

extension ScannedFile {
    /// Looks at one file; nil when there is no regular file that can be read.
    init?(path: String, below root: String) {
        guard let status = unsafe FileStatus(of: root + "/" + path, in: FileStatus.noFolder), status.kind == .file
        else { return nil }
        self.init(
            path: path, byteCount: status.byteCount, modifiedNanoseconds: status.modifiedNanoseconds,
            changedNanoseconds: status.changedNanoseconds, inode: status.inode)
    }
}
