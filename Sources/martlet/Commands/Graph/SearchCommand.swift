import ArgumentParser
import CodeGraph

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the places in a repository that a question is about.",
        discussion: """
            Words are looked for in paths, names, documentation and bodies, identifiers also by their parts. Text in \
            quotation marks must stand in the file exactly: martlet search '"retry-after" header'
            """)

    @Argument(help: "What to look for, in words.")
    var question: [String]

    @Flag(help: "Rank whole files instead of the symbols in them.")
    var files = false

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var answers: GraphAnswerOptions

    func run() async throws {
        try await RepositoryIndex.ask(repository) { index in
            let graph = GraphQueries(index.store)
            let query = SearchQuery(question.joined(separator: " "))
            let searcher = Searcher(graph.reader)
            let hits =
                try files ? searcher.files(query, limit: answers.limit) : searcher.symbols(query, limit: answers.limit)
            try GraphAnswerPrinter(options: answers).print(
                hits.map { try GraphAnswer($0, graph) },
                none: "Nothing in \(index.root.path) has these words. Try others, or fewer.")
        }
    }
}
