import ArgumentParser
import CodeGraph

struct ContextCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "context",
        abstract: "Gather the code that a task is about, for a model to read.",
        discussion: """
            The symbols that the task's words lead to, whole where they are not too long; what calls them, what they \
            use and what tests them, in a line each; and the outline of what they are in. Each says why it is there.
            \(TokenBudgetOptions.discussion)
            """)

    @Argument(help: "The task, in words.")
    var task: [String]

    @Option(help: ArgumentHelp("Tokens at most.", valueName: "count"))
    var tokens = 8000

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var budget: TokenBudgetOptions

    func validate() throws { try TokenBudgetOptions.validate(tokens) }

    func run() async throws {
        let counter = try budget.model.counter(for: repository)
        try await RepositoryIndex.ask(repository, searches: true) { index in
            let graph = GraphQueries(index.store, vectors: index.target.vectors.vectors)
            let packet = try ContextPacket(graph).packet(
                for: task.joined(separator: " "), budget: tokens, counter: counter)
            try budget.print(
                packet, counter: counter,
                none: "Nothing in \(index.root.path) has these words and fits \(tokens) tokens. Try others, or fewer.")
        }
    }
}
