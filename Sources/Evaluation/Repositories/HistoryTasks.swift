/// Tasks that a repository's history has: commits that came with their tests.
struct HistoryTasks {
    let repository: GitRepository
    let limits: TaskLimits
    /// The command's words, `{tests}` among them for the paths of the commit's tests.
    let command: [String]
    let setup: String?

    struct Commit {
        var id: String
        var parent: String?
        var message: String
        /// Paths with lines added and taken away; nil of those that are no text.
        var changes: [(path: String, lines: Int?)]
    }

    /// The newest first, merges left out.
    func commits() throws(RepositoryError) -> [Commit] {
        let log = try repository.run([
            "log", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-merges", "--no-color", "--no-renames",
            "--numstat", "--format=%x01%H%x02%P%x02%B%x02", "-n", "\(limits.commits)",
        ])
        return String(decoding: log, as: UTF8.self).split(separator: "\u{1}").compactMap { entry in
            let parts = entry.split(separator: "\u{2}", maxSplits: 3, omittingEmptySubsequences: false)
            guard parts.count == 4 else { return nil }
            let changes = parts[3].split(separator: "\n").compactMap { line -> (String, Int?)? in
                let fields = line.split(separator: "\t", maxSplits: 2)
                guard fields.count == 3 else { return nil }
                return (String(fields[2]), Int(fields[0]).flatMap { added in Int(fields[1]).map { added + $0 } })
            }
            return Commit(
                id: String(parts[0]), parent: parts[1].split(separator: " ").first.map(String.init),
                message: String(parts[2]), changes: changes)
        }
    }

    /// What a commit asks for, not tried yet, with the states before and after it.
    func draft(_ commit: Commit) throws -> (task: RepositoryTask, before: RepositoryState, after: RepositoryState) {
        func skip(_ reason: SkippedCommit.Reason) -> SkippedCommit { SkippedCommit(commit: commit.id, reason: reason) }
        guard let parent = commit.parent else { throw skip(.noParent) }
        // What runs tests is put over too: an answer that could change it could change what they say.
        let tests = commit.changes.filter { RepositoryPaths.isTest($0.path) || RepositoryPaths.runsTests($0.path) }
        guard tests.contains(where: { RepositoryPaths.isTest($0.path) }) else { throw skip(.noTests) }
        let rest = commit.changes.filter { change in !tests.contains { $0.path == change.path } }
        let source = rest.filter { !RepositoryPaths.isDocumentation($0.path) }
        guard source.contains(where: { RepositoryPaths.isCode($0.path) }) else { throw skip(.noSource) }
        guard source.count <= limits.files else { throw skip(.tooManyFiles(source.count, most: limits.files)) }
        if let file = source.first(where: { $0.lines == nil }) { throw skip(.notText(path: file.path)) }
        let lines = source.reduce(0) { $0 + ($1.lines ?? 0) }
        guard lines <= limits.lines else { throw skip(.tooManyLines(lines, most: limits.lines)) }
        let message = CommitMessage.task(commit.message)
        guard message.contains(where: \.isLetter) else { throw skip(.noMessage) }

        let before = try repository.state(at: parent)
        let after = try repository.state(at: commit.id)
        let shown = source.reduce(0) { $0 + (before.files[$1.path]?.bytes.count ?? 0) }
        guard shown <= limits.bytes else { throw skip(.tooMuchText(bytes: shown, most: limits.bytes)) }
        var texts: [String: String] = [:]
        for path in tests.map(\.path) where after.files[path] != nil {
            guard let text = after.text(path) else { throw skip(.notText(path: path)) }
            texts[path] = text
        }
        let testBytes = texts.values.reduce(0) { $0 + $1.utf8.count }
        guard testBytes <= limits.testBytes else { throw skip(.tooMuchText(bytes: testBytes, most: limits.testBytes)) }
        let removed = tests.map(\.path).filter { after.files[$0] == nil }
        let run = texts.keys.filter { RepositoryPaths.isTest($0) && RepositoryPaths.isCode($0) }.sorted()
        let task = RepositoryTask(
            id: String(commit.id.prefix(12)), message: message, repository: repository.path, base: parent,
            command: command.flatMap { $0 == "{tests}" ? run : [$0] }, setup: setup, files: source.map(\.path).sorted(),
            tests: texts, removed: removed.isEmpty ? nil : removed.sorted(), protected: texts.keys.sorted(),
            solution: commit.id)
        return (task, before, after)
    }
}
