import ArgumentParser
import CodeGraph

struct SymbolCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "symbol", abstract: "Show where a symbol is defined, with its signature.",
        discussion: SymbolArgument.discussion)

    @OptionGroup var symbol: SymbolArgument
    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var answers: GraphAnswerOptions

    func run() async throws {
        try await RepositoryIndex.ask(repository) { index in
            let graph = GraphQueries(index.store)
            let found = try symbol.find(in: graph, limit: answers.limit)
            try GraphAnswerPrinter(options: answers).print(
                found.map { try GraphAnswer($0, graph) }, none: symbol.nothing(in: index))
        }
    }
}

/// The argument of commands about a symbol.
struct SymbolArgument: ParsableArguments {
    static let discussion = """
        A symbol is named by itself (load), with what it is in (Store.load), with its file (src/store.py:load), by a line \
        of it (src/store.py:12), or, where it is a route, as GET /users or /users.
        """

    @Argument(help: "Symbol to ask about.")
    var symbol: String

    func validate() throws { try Self.check(symbol) }

    static func check(_ symbol: String) throws {
        guard SymbolPattern(symbol) != nil else {
            throw ValidationError(
                "'\(symbol)' names no symbol. Try: load, Store.load, src/store.py:load or src/store.py:12")
        }
    }

    func find(in graph: GraphQueries, limit: Int = .max) throws -> [SymbolID] {
        guard let pattern = SymbolPattern(symbol) else { return [] }
        return Array(try graph.symbols(pattern).prefix(limit))
    }

    func nothing(in index: RepositoryIndex) -> String { Self.nothing(named: symbol, in: index) }

    static func nothing(named symbol: String, in index: RepositoryIndex) -> String {
        "\(index.root.path) has no symbol '\(symbol)'. Try: martlet search '\(symbol)'"
    }
}
