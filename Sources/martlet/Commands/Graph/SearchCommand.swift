import ArgumentParser
import CodeGraph

struct SearchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "search",
        abstract: "Find the places in a repository that a question is about.",
        discussion: """
            Words are looked for in paths, names, documentation and bodies, identifiers also by their parts. Text in \
            quotation marks must stand in the file exactly: martlet search '"retry-after" header'. A text of several lines is \
            taken as a whole, its first line as what it is about.

            With word vectors, other words of the same meaning count too: martlet model pull wordllama (18 MB).
            """)

    @Argument(help: "What to look for, in words.")
    var question: [String]

    @Flag(help: "Rank whole files instead of the symbols in them.")
    var files = false

    @Option(
        help: ArgumentHelp(
            "Other weights of ranking, for experiments.", valueName: "name=value,...", visibility: .hidden),
        transform: RankingSettings.init)
    var weights = RankingSettings()

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var answers: GraphAnswerOptions

    func run() async throws {
        try await RepositoryIndex.ask(repository, searches: true) { index in
            let graph = GraphQueries(index.store, vectors: index.target.vectors.vectors)
            let query = SearchQuery(question.joined(separator: " "))
            let searcher = Searcher(graph.reader, settings: weights)
            let hits =
                try files ? searcher.files(query, limit: answers.limit) : searcher.symbols(query, limit: answers.limit)
            try GraphAnswerPrinter(options: answers).print(
                hits.map { try GraphAnswer($0, graph) },
                none: "Nothing in \(index.root.path) has these words. Try others, or fewer.")
        }
    }
}

extension RankingSettings {
    /// - Parameter text: `NAME=VALUE,...`
    fileprivate init(_ text: String) throws {
        self.init()
        for item in text.split(separator: ",") {
            let sides = item.split(separator: "=")
            guard sides.count == 2, let value = Double(sides[1]), set(String(sides[0]), value) else {
                throw ValidationError(
                    "'\(item)' is no weight. Weights: \(Self.weightNames.joined(separator: ", ")). Try: title=1,code=1")
            }
        }
    }
}
