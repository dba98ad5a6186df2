/// Tries tasks before they are kept: their tests have to fail where they begin, and to pass with the solution.
struct TaskCheck {
    let grader: RepositoryGrader

    /// - Returns: the task with the names of the tests that have to pass.
    func checked(
        _ task: RepositoryTask, before: RepositoryState, after: RepositoryState
    ) async throws -> RepositoryTask {
        func skip(_ reason: SkippedCommit.Reason) -> SkippedCommit {
            SkippedCommit(commit: task.solution ?? task.id, reason: reason)
        }
        // With what an answer could change, and no more.
        var solved = before
        for path in task.files { solved.files[path] = after.files[path] }
        let first = try await grader.run(task, solved)
        if let doubt = first.doubt { throw skip(.cannotJudge(doubt)) }
        if let failure = first.failure(mustPass: []) { throw skip(.failsAfter(failure)) }
        let second = try await grader.run(task, solved)
        if let failure = second.failure(mustPass: []) { throw skip(.unstable(failure)) }
        var task = task
        task.mustPass = first.passed.intersection(second.passed).sorted()
        guard try await grader.run(task, before).failure(mustPass: task.mustPass) != nil else {
            throw skip(.passesBefore)
        }
        return task
    }

    /// A task that nobody has done: its tests have to fail.
    /// - Returns: the task with the names of the tests that ran, and what came of them.
    func failing(_ task: RepositoryTask, _ state: RepositoryState) async throws -> (RepositoryTask, TestRun) {
        func skip(_ reason: SkippedCommit.Reason) -> SkippedCommit { SkippedCommit(commit: task.id, reason: reason) }
        let first = try await grader.run(task, state)
        guard first.failure(mustPass: []) != nil else { throw skip(.passesBefore) }
        // What can't be started fails too, but no answer would change that.
        guard first.hasBegun || first.ending != nil, first.doubt == nil else {
            throw skip(.cannotJudge(first.doubt ?? first.tellingLine))
        }
        let second = try await grader.run(task, state)
        guard second.failure(mustPass: []) != nil else { throw skip(.unstable(first.tellingLine)) }
        var task = task
        let ran = first.passed.union(first.failed).intersection(second.passed.union(second.failed))
        task.mustPass = ran.filter(Self.isTest).sorted()
        return (task, first)
    }

    /// Whether a name is a test's, and not that of a file or class whose tests could not even be found.
    private static func isTest(_ name: String) -> Bool {
        let others = ["unittest.loader.", "setUpClass (", "tearDownClass (", "setUpModule (", "tearDownModule ("]
        return !name.hasSuffix(".py") && !others.contains { name.hasPrefix($0) }
    }
}
