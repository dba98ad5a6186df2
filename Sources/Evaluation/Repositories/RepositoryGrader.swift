internal import Workspaces

/// Says whether an answer does what a task of a repository asks for: the base commit with the answer's edits, the tests
/// put over, in a sandbox without history. A pass is an exit status of 0 and, by name, every test that passes with the
/// right solution.
///
/// What an answer cannot do: change or take away tests, or what runs them (`RepositoryPaths.runsTests`); change files
/// that it was not shown; reach this machine or its network; end the process early and pass for it.
/// With Python's unittest and pytest (run by python_tests.py) also: replace what tests are made of, like `assertEqual`
/// or the tests themselves, or change their files while they run.
///
/// What stays open, since tests run in one process with what they test: code that is written against this very grader
/// and forges what that process tells; results that are equal to everything; code that reads the tests while it runs
/// and answers just those. With other commands a pass is told by what they print: an exit status of 0, and the lines
/// of tests that passed where they print any (`go test -v`, `cargo test`, TAP, …), which code can print too.
package struct RepositoryGrader: Sendable {
    let tests: RepositoryTests

    package init(_ tests: RepositoryTests) { self.tests = tests }

    /// - Throws: when nothing could be checked; whatever the answer does is a verdict.
    package func verdict(_ answer: String, of task: RepositoryTask) async throws(RepositoryError) -> Verdict {
        let repository = try GitRepository(path: task.repository)
        return try await verdict(answer, of: task, base: try repository.state(at: task.base))
    }

    func verdict(
        _ answer: String, of task: RepositoryTask, base: RepositoryState
    ) async throws(RepositoryError) -> Verdict {
        var state = base
        do throws(AnswerFault) {
            state.put(try Self.changes(answer, task, base))
        } catch {
            return Verdict(
                passed: false, reason: error.reason.split(separator: "\n").first.map(String.init) ?? "no edits",
                feedback: RepositoryWords.own.notApplied(error.reason))
        }
        let run = try await run(task, state)
        let failure = run.failure(mustPass: task.mustPass)
        return Verdict(
            passed: failure == nil, reason: failure,
            feedback: failure.map { failure in
                let tail = run.tail()
                let isTold = tail.contains(failure)
                return RepositoryWords.own.failed(isTold ? tail : [tail, failure].joined(separator: "\n").trimmed)
            }, seconds: run.seconds)
    }

    /// Runs a task's tests on a state of its repository.
    func run(_ task: RepositoryTask, _ state: RepositoryState) async throws(RepositoryError) -> TestRun {
        var state = state
        state.remove(task.removed ?? [])
        state.put(task.tests)
        return try await tests.run(task.command, setup: task.setup, in: state, tests: task.protected)
    }

    /// Why an answer is not even tried.
    private struct AnswerFault: Error {
        var reason: String
    }

    /// The files that an answer changes. What it does to tests is left out: they decide as they are.
    private static func changes(
        _ answer: String, _ task: RepositoryTask, _ base: RepositoryState
    ) throws(AnswerFault) -> [String: String] {
        do {
            let edits = try EditParser.edits(in: answer)
            guard !edits.isEmpty else { throw AnswerFault(reason: "the answer has no changes in it.") }
            var kept: [FileEdit] = []
            for edit in edits {
                guard let path = EditPath.inside(edit.path) else { throw EditError.outside(path: edit.path) }
                let isOwn = task.files.contains(path)
                if task.protected.contains(path) { continue }
                if !isOwn, RepositoryPaths.isTest(path), !RepositoryPaths.runsTests(path) { continue }
                guard isOwn || base.files[path] == nil && isNew(path, base) && !RepositoryPaths.runsTests(path) else {
                    let files = task.files.joined(separator: ", ")
                    throw AnswerFault(
                        reason: "\(path) may not be changed. You may change \(files), and add source files.")
                }
                kept.append(edit)
            }
            guard !kept.isEmpty else {
                throw AnswerFault(reason: "the answer changes tests only; they stay as they are.")
            }
            let texts = Dictionary(
                task.files.compactMap { path in base.text(path).map { (path, $0) } },
                uniquingKeysWith: { first, _ in first })
            return try EditApplier.changes(kept, to: texts)
        } catch let fault as AnswerFault {
            throw fault
        } catch {
            throw AnswerFault(reason: "\(error)")
        }
    }

    /// Whether a file can be made: its folders are none of the files, or links, that are there, whatever their case.
    private static func isNew(_ path: String, _ base: RepositoryState) -> Bool {
        var folder = path[...]
        while let slash = folder.lastIndex(of: "/") {
            folder = folder[..<slash]
            if base.files[String(folder)] != nil { return false }
        }
        return !base.files.keys.contains { $0.hasPrefix(path + "/") }
    }
}
