import ArgumentParser
import CodeGraph

struct ImportsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "imports",
        abstract: "Show what a file imports, or what imports it.",
        discussion: """
            A file is named by its path or the end of it, or by a symbol in it (Store.load). With --reverse and a symbol, \
            only imports of its name or of all names are shown.
            With --json, an array of imports: path and line of the import, module as it is written, name when one is \
            taken from it ("*" for all), and files, the paths that are meant; none for what is not in the repository. \
            Exit status: 1 when there are none.
            """)

    @Argument(help: "File or symbol to ask about.")
    var fileOrSymbol: String

    @Flag(help: "Show what imports it.")
    var reverse = false

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var answers: GraphAnswerOptions

    func run() async throws {
        try await RepositoryIndex.ask(repository, links: reverse) { index in
            let graph = GraphQueries(index.store)
            var found: [GraphQueries.Import] = []
            let files = try graph.reader.fileIDs(pathEnding: fileOrSymbol)
            if !files.isEmpty {
                for id in files { found += try reverse ? graph.importers(of: id) : graph.imports(of: id) }
            } else {
                let symbols = try SymbolPattern(fileOrSymbol).map { try graph.symbols($0) } ?? []
                if symbols.isEmpty {
                    try TextOutput.notes.print(SymbolArgument.nothing(named: fileOrSymbol, in: index))
                }
                var seen: Set<Int> = []
                for symbol in symbols where seen.insert(symbol.file).inserted {
                    guard reverse, let (file, fact) = try graph.reader.symbol(symbol) else {
                        found += try graph.imports(of: symbol.file)
                        continue
                    }
                    found += try graph.importers(of: symbol.file, name: file.facts.names[fact.name])
                }
            }
            if found.count > answers.limit {
                try TextOutput.notes.print(
                    "\(found.count) in all; the first \(answers.limit) are shown. To see more: --limit")
            }
            try print(found.prefix(answers.limit).map { try ImportAnswer($0, graph) })
        }
    }

    private func print(_ imports: [ImportAnswer]) throws {
        if answers.json {
            try TextOutput.results.print(json: imports)
        } else {
            try TextOutput.results.write(imports.map(\.text).joined())
        }
        if imports.isEmpty { throw ExitCode(1) }
    }
}

/// What `imports --json` prints of an import.
private struct ImportAnswer: Encodable {
    var path: String
    var line: Int
    var module: String
    var name: String?
    var files: [String]

    init(_ item: GraphQueries.Import, _ graph: GraphQueries) throws {
        path = try graph.reader.file(item.file)?.path ?? ""
        line = item.line
        module = item.module
        name = item.name
        files = try item.targets.compactMap { try graph.reader.file($0)?.path }
    }

    var text: String {
        let what = name.map { "\($0) from \(module)" } ?? module
        return "\(path):\(line)  \(what)" + (files.isEmpty ? "" : "  \(files.joined(separator: ", "))") + "\n"
    }
}
