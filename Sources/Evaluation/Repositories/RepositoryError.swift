package import Workspaces

/// Why a repository gives no tasks, or none of them can be checked.
package enum RepositoryError: Error, Hashable, CustomStringConvertible {
    case git(repository: String, reason: String)
    case noCommit(repository: String, String)
    case uncommitted(repository: String)
    case damaged(path: String, line: Int)
    case badList(reason: String)
    case emptyCommand
    case sandbox(SandboxError)

    package var description: String {
        switch self {
        case .git(let repository, let reason):
            "\(repository) can't be read: \(reason). Give the top folder of a git repository, with git installed."
        case .noCommit(let repository, let name):
            "\(repository) has no commit '\(name)'. Was the suite made from another repository, or history rewritten?"
        case .uncommitted(let repository):
            "\(repository) has changes that are not committed. Commit or stash them: tasks begin at a commit."
        case .damaged(let path, let line):
            "line \(line) of \(path) is no task of a repository. Make the suite again with 'martlet eval init'."
        case .badList(let reason):
            """
            the list of tasks can't be read: \(reason). It is a list in YAML or JSON; a task has a 'message', and if \
            wanted 'id', 'command', 'base', 'files', 'tests' (texts by path) and 'setup'.
            """
        case .emptyCommand: "the command that decides is empty. Give one, like --command \"python3 -m pytest -q\"."
        case .sandbox(let error): error.description
        }
    }
}
