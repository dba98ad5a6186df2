import ArgumentParser
import CodeGraph

struct MapCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "map",
        abstract: "Show the most important files of a repository as outlines.",
        discussion: """
            A file is important when important files use it; a symbol when they use its name. With --focus, important \
            means for these files.
            \(TokenBudgetOptions.discussion)
            """)

    @Option(help: ArgumentHelp("Tokens at most.", valueName: "count"))
    var tokens = 4000

    @Option(
        help: ArgumentHelp(
            "File around which it matters: its path or the end of it. Several times for several.",
            valueName: "file"), completion: .file())
    var focus: [String] = []

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var budget: TokenBudgetOptions

    func validate() throws { try TokenBudgetOptions.validate(tokens) }

    func run() async throws {
        let counter = try budget.model.counter(for: repository)
        try await RepositoryIndex.ask(repository, links: true) { index in
            let graph = GraphQueries(index.store)
            var files: Set<Int> = []
            for path in focus {
                let found = try graph.reader.fileIDs(pathEnding: path)
                if found.isEmpty { throw ValidationError("\(index.root.path) has no file '\(path)'.") }
                files.formUnion(found)
            }
            let packet = try RepositoryMap(graph.reader).packet(budget: tokens, focus: files, counter: counter)
            try budget.print(
                packet, counter: counter,
                none: "No symbol of \(index.root.path) fits \(tokens) tokens. Try a larger --tokens, or: martlet index")
        }
    }
}
