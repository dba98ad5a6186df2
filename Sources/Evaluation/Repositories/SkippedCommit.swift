/// A commit, or another source of a task, that gives none.
package struct SkippedCommit: Hashable, Sendable, Error {
    /// The commit, or the task's name in a list.
    package var commit: String
    package var reason: Reason

    package init(commit: String, reason: Reason) {
        self.commit = commit
        self.reason = reason
    }

    /// Why there is no task.
    package enum Reason: Hashable, Sendable, CustomStringConvertible {
        case noParent
        case noMessage
        case noTests
        case noSource
        case tooManyFiles(Int, most: Int)
        case tooManyLines(Int, most: Int)
        case tooMuchText(bytes: Int, most: Int)
        case notText(path: String)
        case noFiles
        case noCommit(String)
        /// Where it begins, the tests pass already.
        case passesBefore
        /// With the commit's own changes the tests fail, here.
        case failsAfter(String)
        case cannotJudge(String)
        /// Run once more, the same tests came out otherwise.
        case unstable(String)

        package var description: String {
            switch self {
            case .noParent: "it has no parent"
            case .noMessage: "its message says nothing of what is to be done"
            case .noTests: "it changes no tests"
            case .noSource: "it changes no source files besides tests"
            case .tooManyFiles(let count, let most): "it changes \(count) files, more than \(most)"
            case .tooManyLines(let count, let most): "it changes \(count) lines, more than \(most)"
            case .tooMuchText(let bytes, let most):
                "its files have \(bytes) bytes, more than the \(most) that are shown"
            case .notText(let path): "\(path) is no text"
            case .noFiles: "no file to change is named, by it or by what the tests print"
            case .noCommit(let name): "the repository has no commit '\(name)'"
            case .passesBefore: "its tests pass without it"
            case .failsAfter(let line): "its tests do not pass with it: \(line)"
            case .cannotJudge(let line): "its tests can't be run, or not be believed, in a sandbox: \(line)"
            case .unstable(let line): "its tests pass at times only: \(line)"
            }
        }
    }
}
