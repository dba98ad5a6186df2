import ArgumentParser
import CodeGraph
import SQLite

struct GraphCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "graph",
        abstract: "Write the graph of a repository: for programs, for Graphviz, or as a page to look around in.",
        discussion: """
            Without a part, all of the repository; with one, what is in it and what that has to do with. A part is a \
            folder, a file, or a symbol (load, Store.load, src/store.py:load, src/store.py:12).
            json is an object of three arrays: files (id, path, language, lines), symbols (id, parent, path, line, \
            column, end_line, name, qualified_name, kind, is_declaration) and edges (from, to, kind, provenance, path, \
            line, column). Edges lead from the innermost symbol around a use, or from the file, to what is meant; path, \
            line and column are the place of the use. Lines and columns count from 1, columns in UTF-16 units.
            dot draws modules (folders), files or symbols, each line for all uses between two: \
            martlet graph --format dot | dot -Tsvg >graph.svg
            html is one file that needs nothing else: martlet graph --format html --output graph.html
            Exit status: 1 when there is nothing of that name.
            """)

    @Argument(help: "Folder, file or symbol. Default: all.")
    var part: String?

    @Option(help: ArgumentHelp("json, dot or html.", valueName: "format"))
    var format: GraphFormat

    @Option(
        help: ArgumentHelp("File to write. Default: standard output.", valueName: "file"), completion: .file())
    var output: String?

    @Option(
        help: ArgumentHelp(
            "Edges to write, with commas between them: call, inherits, overrides, imports, references.",
            valueName: "kinds"))
    var kinds: EdgeKinds = .all

    @Flag(help: "Also uses that are known by name only, where several symbols have that name.")
    var ambiguous = false

    @Option(
        help: ArgumentHelp(
            "Boxes of a dot picture: modules, files or symbols. Default: the finest that fits.", valueName: "level"))
    var level: GraphPicture.Level?

    @Option(help: ArgumentHelp("Boxes of a dot picture at most. Default: 40.", valueName: "count"))
    var limit: Int?

    @OptionGroup var repository: RepositoryOptions

    func validate() throws {
        guard format == .dot || (level == nil && limit == nil) else {
            throw ValidationError("--level and --limit are for --format dot.")
        }
        guard limit ?? 1 > 0 else { throw ValidationError("--limit takes a whole number above 0.") }
    }

    func run() async throws {
        try await RepositoryIndex.ask(repository, links: format != .json) { index in
            let graph = GraphQueries(index.store)
            var chosen: GraphPart?
            if let part {
                chosen = try GraphPart(part, graph)
                if chosen == nil {
                    try TextOutput.notes.print(SymbolArgument.nothing(named: part, in: index))
                    throw ExitCode(1)
                }
            }
            let walk = try EdgeWalk(graph, kinds: kinds.kinds, includesAmbiguous: ambiguous)
            let writer = GraphWriter(index: index, graph: graph, walk: walk, part: chosen, partName: part)
            let output = try GraphOutput(self.output)
            do {
                switch format {
                case .json: try writer.writeJSON(to: output)
                case .dot: try writer.writeDot(level: level, limit: limit ?? 40, to: output)
                case .html: try writer.writePage(to: output)
                }
                try output.finish()
            } catch let error as SQLiteError where error.isCorrupt && output.isSeen {
                // To begin anew would add a whole graph to a part of one.
                throw CommandError.damagedWhileWriting(
                    index: index.path, reason: error.message, repository: index.root.path)
            } catch {
                output.abandon()
                throw error
            }
        }
    }
}
