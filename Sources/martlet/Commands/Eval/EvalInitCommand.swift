import ArgumentParser
import Evaluation
import Foundation
import Workspaces

struct EvalInitCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Make a suite of your own tasks from a repository.",
        discussion: """
            From its history: commits that change code and tests. A task is the state before such a commit, what its \
            message asks for, and its tests; it is kept only if they fail before the commit and pass after it, in the \
            sandbox. From failing tests: those that fail now. From a list: a YAML or \
            JSON file; a task is a message, and if wanted id, command, base, files, tests (texts by path) and setup.

            Then: martlet eval run FILE --model A --model B
            """)

    enum From: String, CaseIterable, ExpressibleByArgument {
        case history, failing
    }

    @Argument(help: "The repository.", completion: .directory)
    var repository = "."
    @Option(
        help: ArgumentHelp(
            "What runs the tests; its exit status decides. {tests} stands for the files of a commit's tests.",
            valueName: "command"))
    var command: String
    @Option(help: ArgumentHelp("Where tasks come from: history, failing, or a list in YAML or JSON. Default: history."))
    var from = "history"
    @Option(help: ArgumentHelp("Tasks to make. Default: 20.", valueName: "count"))
    var limit = 20
    @Option(
        help: ArgumentHelp("What is run before the tests, in a shell, such as a build.", valueName: "command"))
    var setup: String?
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The suite to write. Default: NAME-tasks.jsonl, here.", valueName: "file"),
        completion: .file())
    var output: String?
    @OptionGroup var tests: OwnTestOptions

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes 1 or more.") }
        guard !CommandWords.words(of: command).isEmpty else {
            throw ValidationError("--command takes what runs the tests, such as 'python3 -m unittest'.")
        }
    }

    func run() async throws {
        let root = URL(fileURLWithPath: repository).standardizedFileURL
        var maker = RepositorySuiteMaker(
            path: root.path, command: CommandWords.words(of: command),
            grader: RepositoryGrader(try await tests.tests(Sandbox())))
        (maker.setup, maker.limit) = (setup, limit)
        let (tasks, skipped) = try await maker.make(from: try source()) { event in
            switch event {
            case .kept(let task): note("kept \(task.id)")
            case .skipped(let commit): note("left out \(commit.commit.prefix(10)): \(commit.reason)")
            }
        }
        guard !tasks.isEmpty else {
            try TextOutput.results.print(
                """
                No task was found among \(skipped.count) candidates; the reasons are above. Does the command run the \
                tests in a sandbox, without a network, with /usr only? See --setup, --readable and --env.
                """)
            throw ExitCode(1)
        }
        let path = output ?? root.lastPathComponent + "-tasks.jsonl"
        do { try Data(RepositorySuite.lines(tasks)).write(to: URL(fileURLWithPath: path), options: .atomic) } catch {
            throw EvaluationFileError.unwritable(path)
        }
        try TextOutput.results.print(
            """
            \(path): \(tasks.count) \(tasks.count == 1 ? "task" : "tasks"), \(skipped.count) left out
            Next: martlet eval run \(path) --model A --model B
            """)
    }

    private func source() throws -> TaskSource {
        switch From(rawValue: from) {
        case .history?: return .history
        case .failing?: return .failing
        case nil:
            do { return .list(try TaskList.entries(readFile(from))) } catch let error as RepositoryError {
                throw ValidationError("--from takes history, failing, or a file; in '\(from)', \(error)")
            }
        }
    }

    private func note(_ text: String) { try? TextOutput.notes.print(text) }
}
