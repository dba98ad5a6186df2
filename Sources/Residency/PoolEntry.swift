package import Chat

/// A model that a pool can bring into memory.
package struct PoolEntry: Sendable {
    package var name: String
    /// Bytes that it takes in memory, its contexts full.
    package var byteCount: Int
    /// Brings it into memory; may take a while, and should not hold one of the threads that tasks share. It is given the
    /// adapters that the model had when it left, or nil the first time.
    package var open: @Sendable ([AdapterFacts]?) async throws -> OpenedModel

    package init(
        name: String, byteCount: Int, open: @escaping @Sendable ([AdapterFacts]?) async throws -> OpenedModel
    ) {
        self.name = name
        self.byteCount = byteCount
        self.open = open
    }
}

/// A model that is in memory.
package struct OpenedModel: Sendable {
    /// Nil where it makes vectors only.
    package var text: (any TextModel)?
    /// Nil where it makes none.
    package var vectors: (any EmbeddingModel)?
    /// Bytes that its prefixes take, also when the model itself has left; nil where there is no cache.
    package var prefixBytes: (@Sendable () -> Int)?
    /// Ends its threads, and returns when what it leaves behind is safe and its memory free.
    package var close: @Sendable () async -> Void

    package init(
        text: (any TextModel)? = nil, vectors: (any EmbeddingModel)? = nil,
        prefixBytes: (@Sendable () -> Int)? = nil, close: @escaping @Sendable () async -> Void = {}
    ) {
        self.text = text
        self.vectors = vectors
        self.prefixBytes = prefixBytes
        self.close = close
    }
}

/// What a pool has to tell whoever runs it.
package enum PoolEvent: Sendable {
    case loaded(name: String, byteCount: Int, seconds: Double)
    case unloaded(name: String)
    case loadFailed(ModelLoadError)
}
