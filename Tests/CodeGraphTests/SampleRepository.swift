import CodeGraph
import TestSupport

/// A repository that a test writes, and questions to its index.
final class SampleRepository {
    let folder: TemporaryFolder
    private let indexFolder: TemporaryFolder
    private(set) var graph: GraphQueries

    /// - Parameter files: texts by path.
    init(_ files: [String: String]) async throws {
        folder = try TemporaryFolder()
        indexFolder = try TemporaryFolder()
        for (path, text) in files { try folder.write(text, to: path) }
        graph = GraphQueries(try GraphStore(path: indexFolder.path + "/index.db"))
        try await update()
    }

    @discardableResult
    func update() async throws -> GraphIndexer.Summary {
        let root = try RepositoryRoot(folder.path)
        let store = graph.reader.store
        let indexer = GraphIndexer(root: root.path, languages: TestGrammars.queries, workers: 2)
        let summary = try await indexer.update(store, with: RepositoryScan(of: root))
        graph = GraphQueries(store)
        return summary
    }

    func symbols(_ pattern: String) throws -> [SymbolID] {
        guard let pattern = SymbolPattern(pattern) else { return [] }
        return try graph.symbols(pattern)
    }

    /// `path:line name` of each.
    func places(_ symbols: [SymbolID]) throws -> [String] {
        try symbols.map { id in
            guard let (file, fact) = try graph.reader.symbol(id) else { return "none" }
            return "\(file.path):\(fact.line) \(file.qualifiedName(id.ordinal))"
        }
    }

    /// `path:line in NAME, provenance` of each call.
    func callers(_ pattern: String) throws -> [String] {
        try graph.callers(of: symbols(pattern)).map { use in
            let file = try graph.reader.file(use.file)
            let user = use.user.map { file?.qualifiedName($0.ordinal) ?? "" } ?? "the file"
            return "\(file?.path ?? ""):\(use.line) in \(user), \(use.provenance.name)"
        }.sorted()
    }
}
