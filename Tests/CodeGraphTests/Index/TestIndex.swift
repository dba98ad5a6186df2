import CodeGraph
import Foundation
import TestSupport

/// A repository in a folder of its own, and an index of it beside.
final class TestIndex: Sendable {
    let repository: TemporaryFolder
    let folder: TemporaryFolder

    init() throws {
        repository = try TemporaryFolder()
        folder = try TemporaryFolder()
    }

    var path: String { folder.path + "/index.db" }

    /// Brings the index up to date, as a new process would.
    @discardableResult
    func update(_ path: String? = nil) async throws -> GraphIndexer.Summary {
        try await Self.update(path ?? self.path, of: repository.path)
    }

    /// The path of an index that is made anew, away from the other one.
    func rebuilt() async throws -> String {
        let path = folder.path + "/clean-\(UUID().uuidString).db"
        try await update(path)
        return path
    }

    static func update(_ path: String, of repository: String, workers: Int = 2) async throws -> GraphIndexer.Summary {
        let root = try RepositoryRoot(repository)
        let indexer = GraphIndexer(root: root.path, languages: TestGrammars.queries, workers: workers)
        return try await indexer.update(GraphStore(path: path), with: RepositoryScan(of: root))
    }
}
