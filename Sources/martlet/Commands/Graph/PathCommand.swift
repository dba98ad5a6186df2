import ArgumentParser
import CodeGraph

struct PathCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "path",
        abstract: "Show the shortest chain of calls and uses from one symbol to another.",
        discussion: SymbolArgument.discussion + """

            Uses that are known by name only, where several symbols have that name, are not followed.
            With --json, an array of the chain's symbols: path, line, symbol, kind, code, and, from the second on, \
            provenance and reason, the place of the use. Exit status: 1 when there is no chain.
            """)

    @Argument(help: "Symbol to begin at.")
    var start: String

    @Argument(help: "Symbol to end at.")
    var end: String

    @Option(help: ArgumentHelp("Steps at most.", valueName: "count"))
    var steps = 12

    @OptionGroup var repository: RepositoryOptions

    @Flag(help: "Print an array of objects as JSON.")
    var json = false

    func validate() throws {
        guard steps > 0 else { throw ValidationError("--steps takes a whole number above 0.") }
        for symbol in [start, end] { try SymbolArgument.check(symbol) }
    }

    func run() async throws {
        try await RepositoryIndex.ask(repository) { index in
            let graph = GraphQueries(index.store)
            var options = GraphAnswerOptions()
            options.limit = .max
            options.json = json
            let printer = GraphAnswerPrinter(options: options)
            var ends: [[SymbolID]] = []
            for name in [start, end] {
                let found = try SymbolPattern(name).map { try graph.symbols($0) } ?? []
                if found.isEmpty { return try printer.print([], none: SymbolArgument.nothing(named: name, in: index)) }
                ends.append(found)
            }
            switch try graph.chain(from: ends[0], to: ends[1], stepLimit: steps) {
            case .found(let chain):
                let answers = try chain.map { step in
                    var answer = try GraphAnswer(step.symbol, graph)
                    if let use = step.use {
                        answer.provenance = use.provenance.name
                        answer.reason = "\(use.role) at \(try graph.reader.file(use.file)?.path ?? ""):\(use.line)"
                    }
                    return answer
                }
                try printer.print(answers, none: "")
            case .none(let isWhole):
                let what = "No chain of uses leads from '\(start)' to '\(end)'"
                try printer.print(
                    [], none: isWhole ? what + "." : what + " within \(steps) steps. To look further: --steps")
            }
        }
    }
}
