package import Chat

/// A model of a pool: what is known of it without having it in memory, and its place there.
package protocol PooledModel: LoadableModel {
    var pool: ModelPool { get }
    /// Which of the pool's.
    var index: Int { get }
}

extension PooledModel {
    package var residence: ModelResidence { pool.residence(of: index) }
    package func load(keepAlive: Double?) async throws {
        try await pool.withModel(index, keepAlive: keepAlive) { _ in }
    }
    package func unload() { pool.dismiss(index) }
}

/// Makes vectors with a model that is brought into memory when somebody asks for some.
package struct PooledEmbeddingModel: EmbeddingModel, PooledModel {
    package let pool: ModelPool
    package let index: Int
    package let dimensions: Int
    package let longestText: Int
    package let scoresPairs: Bool

    /// - Parameter index: which of the pool's; the rest is what is known of it without having it in memory.
    package init(_ pool: ModelPool, _ index: Int, dimensions: Int, longestText: Int, scoresPairs: Bool) {
        (self.pool, self.index) = (pool, index)
        (self.dimensions, self.longestText, self.scoresPairs) = (dimensions, longestText, scoresPairs)
    }

    package func embed(_ texts: [EmbeddingInput]) async throws -> Embeddings {
        try await pool.withModel(index) { opened in
            guard let model = opened.vectors else { throw EmbeddingRefusal.makesNoVectors }
            return try await model.embed(texts)
        }
    }

    package func score(_ documents: [String], for query: String) async throws -> PairScores {
        try await pool.withModel(index) { opened in
            guard let model = opened.vectors else { throw EmbeddingRefusal.scoresNoPairs }
            return try await model.score(documents, for: query)
        }
    }
}
