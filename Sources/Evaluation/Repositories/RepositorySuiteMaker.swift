internal import Workspaces

/// Makes a suite of a repository's own tasks. What does not hold is left out, each with its reason.
package struct RepositorySuiteMaker: Sendable {
    package var path: String
    package var command: [String]
    package var setup: String?
    /// Tasks that are wanted.
    package var limit = 20
    package var limits = TaskLimits()
    private let grader: RepositoryGrader

    /// - Parameters:
    ///   - path: the repository's top folder.
    ///   - command: words; `{tests}` among them stands for the paths of a task's tests.
    package init(path: String, command: [String], grader: RepositoryGrader) {
        self.path = path
        self.command = command
        self.grader = grader
    }

    /// What becomes of a source of tasks.
    package enum Event: Hashable, Sendable {
        case kept(RepositoryTask)
        case skipped(SkippedCommit)
    }

    /// Tasks, in the order of their source, until there are as many as are wanted.
    /// - Parameter progress: called with each decision.
    package func make(
        from source: TaskSource, progress: (Event) -> Void = { _ in }
    ) async throws -> (tasks: [RepositoryTask], skipped: [SkippedCommit]) {
        guard !command.isEmpty else { throw RepositoryError.emptyCommand }
        let repository = try GitRepository(path: path)
        var (tasks, skipped): ([RepositoryTask], [SkippedCommit]) = ([], [])
        func decide(_ make: () async throws -> RepositoryTask) async throws {
            do {
                let task = try await make()
                tasks.append(task)
                progress(.kept(task))
            } catch let skip as SkippedCommit {
                skipped.append(skip)
                progress(.skipped(skip))
            }
        }
        switch source {
        case .history:
            let history = HistoryTasks(repository: repository, limits: limits, command: command, setup: setup)
            for commit in try history.commits() {
                guard tasks.count < limit else { break }
                try Task.checkCancellation()
                try await decide {
                    let (task, before, after) = try history.draft(commit)
                    return try await TaskCheck(grader: grader).checked(task, before: before, after: after)
                }
            }
        case .failing:
            guard try repository.isClean else { throw RepositoryError.uncommitted(repository: path) }
            try await decide { try await failing(repository) }
        case .list(let entries):
            for (index, entry) in entries.enumerated() {
                guard tasks.count < limit else { break }
                try Task.checkCancellation()
                try await decide { try await listed(entry, id: entry.id ?? "task-\(index + 1)", repository) }
            }
        }
        return (tasks, skipped)
    }

    /// The words for a task whose tests are all that there are, or some.
    private func words(_ command: [String], tests: [String]) -> [String] {
        command.flatMap { $0 == "{tests}" ? tests : [$0] }
    }

    private func failing(_ repository: GitRepository) async throws -> RepositoryTask {
        let head = try repository.commit("HEAD")
        let state = try repository.state(at: head)
        var task = RepositoryTask(
            id: "failing-" + head.prefix(12), message: "", repository: path, base: head,
            command: words(command, tests: []), setup: setup,
            protected: state.files.keys.filter { RepositoryPaths.isTest($0) }.sorted())
        let run: TestRun
        (task, run) = try await TaskCheck(grader: grader).failing(task, state)
        let mentioned = MentionedFiles(in: run.output, state, limits)
        guard !mentioned.source.isEmpty else { throw SkippedCommit(commit: task.id, reason: .noFiles) }
        (task.files, task.context) = (mentioned.source, mentioned.tests)
        let output = run.tail(lines: 120, bytes: 12_000)
        task.message = "Make these tests pass. This is the end of what they print now:\n\n\(output)"
        return task
    }

    private func listed(
        _ entry: TaskListEntry, id: String, _ repository: GitRepository
    ) async throws -> RepositoryTask {
        func skip(_ reason: SkippedCommit.Reason) -> SkippedCommit { SkippedCommit(commit: id, reason: reason) }
        guard entry.message.contains(where: \.isLetter) else { throw skip(.noMessage) }
        guard let base = try? repository.commit(entry.base ?? "HEAD") else {
            throw skip(.noCommit(entry.base ?? "HEAD"))
        }
        let state = try repository.state(at: base)
        let tests = entry.tests ?? [:]
        var words = entry.command.map(CommandWords.words(of:)) ?? command
        words = self.words(words, tests: tests.keys.sorted())
        guard !words.isEmpty else { throw RepositoryError.emptyCommand }
        for path in tests.keys.sorted() + (entry.files ?? []) where EditPath.inside(path) != path {
            throw RepositoryError.badList(reason: "'\(path)' of \(id) is no path within the repository")
        }
        let protected = Set(tests.keys).union(state.files.keys.filter { RepositoryPaths.isTest($0) })
            .subtracting(entry.files ?? [])
        var task = RepositoryTask(
            id: id, message: entry.message, repository: path, base: base, command: words, setup: entry.setup ?? setup,
            tests: tests, protected: protected.sorted())
        let run: TestRun
        (task, run) = try await TaskCheck(grader: grader).failing(task, state)
        if let files = entry.files {
            task.files = files
        } else {
            let mentioned = MentionedFiles(in: entry.message + "\n" + run.output, state, limits)
            (task.files, task.context) = (mentioned.source, mentioned.tests)
        }
        guard !task.files.isEmpty else { throw skip(.noFiles) }
        return task
    }
}
