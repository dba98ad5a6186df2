import CodeGraph
import Foundation
import TestSupport

/// A small repository and its index, with the grammars that `make models` pulls.
final class IndexedSources {
    let folder: TemporaryFolder
    private let indexes: TemporaryFolder
    let store: GraphStore

    init(_ files: [String: String] = [:]) async throws {
        folder = try TemporaryFolder()
        indexes = try TemporaryFolder()
        store = try GraphStore(path: indexes.path + "/index.db")
        for (path, text) in files { try folder.write(text, to: path) }
        try await update()
    }

    /// Indexes a folder as it is.
    static func store(of folder: String, in indexes: TemporaryFolder) async throws -> GraphStore {
        let store = try GraphStore(path: indexes.path + "/\(UUID().uuidString).db")
        try await update(store, folder)
        return store
    }

    func update() async throws { try await Self.update(store, folder.path) }

    private static func update(_ store: GraphStore, _ folder: String) async throws {
        let scan = try RepositoryScan(of: RepositoryRoot(folder))
        let indexer = GraphIndexer(root: folder, languages: TestGrammars.queries, workers: 2)
        _ = try await indexer.update(store, with: scan)
    }

    var graph: GraphQueries { GraphQueries(store) }
}

extension GraphQueries {
    func named(_ name: String) throws -> [SymbolID] { try SymbolPattern(name).map { try symbols($0) } ?? [] }
}

extension TokenCounter {
    /// A token for each character: what is over the budget by one shows.
    static let characters = TokenCounter(name: "characters") { $0.unicodeScalars.count }
}
