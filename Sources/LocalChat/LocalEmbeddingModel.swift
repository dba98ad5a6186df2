internal import HTTP
package import Architectures
package import Chat
package import Generation
import ModelFiles
import Synchronization
package import Tokenization

/// A model of this machine that turns texts into vectors: an encoder, or a decoder whose last rows are pooled.
///
/// Requests are answered one after the other, in the order of asking.
package final class LocalEmbeddingModel: EmbeddingModel {
    package let dimensions: Int
    package let longestText: Int
    package let scoresPairs: Bool
    private let tokenizer: Tokenizer
    private let vocabulary: Int
    private let engine: Engine
    private let turns = TurnQueue(limit: 64)

    /// A model made for vectors.
    package init(_ encoder: EmbeddingEncoder, _ tokenizer: Tokenizer, _ options: SessionOptions) {
        self.tokenizer = tokenizer
        dimensions = encoder.hyperparameters.width
        longestText = encoder.longestText
        scoresPairs = encoder.scoresPairs
        vocabulary = encoder.hyperparameters.vocabulary
        engine = Engine { .encoder(EncoderEmbedder(encoder, options)) }
    }

    /// A model made for text. Its caches are reserved when the first vector is asked for.
    package init(_ model: LoadedModel, _ options: SessionOptions) throws(LocalChatError) {
        let pooling: Pooling
        do { pooling = try model.language.pooling() } catch { throw .model(error) }
        tokenizer = model.tokenizer
        dimensions = model.language.hyperparameters.width
        longestText = options.context ?? min(model.language.hyperparameters.context, 8192)
        scoresPairs = false
        vocabulary = model.language.hyperparameters.vocabulary
        let language = model.language
        engine = Engine {
            guard language.decoder.leavesHiddenRows else { throw EmbeddingRefusal.makesNoVectors }
            return .decoder(try DecoderEmbedder(language, pooling: pooling, options))
        }
    }

    package func embed(_ texts: [EmbeddingInput]) async throws -> Embeddings {
        let ids = try await onOwnThread { [self] in try texts.enumerated().map { try tokens(of: $1, index: $0) } }
        let vectors = try await withEngine { engine, goOn -> [[Float]] in try engine.embedder.embed(ids, goOn: goOn) }
        return Embeddings(vectors: vectors, tokens: ids.reduce(0) { $0 + $1.count })
    }

    package func score(_ documents: [String], for query: String) async throws -> PairScores {
        guard scoresPairs else { throw EmbeddingRefusal.scoresNoPairs }
        let pairs: [(ids: [TokenID], first: Int)] = try await onOwnThread { [self] in try joined(query, documents) }
        let scores = try await withEngine { engine, goOn -> [Float] in
            guard case .encoder(let encoder) = engine else { throw EmbeddingRefusal.scoresNoPairs }
            return try encoder.score(pairs, goOn: goOn)
        }
        return PairScores(scores: scores, tokens: pairs.reduce(0) { $0 + $1.ids.count })
    }

    private func tokens(of input: EmbeddingInput, index: Int) throws -> [TokenID] {
        let ids: [TokenID]
        switch input {
        case .text(""): throw EmbeddingRefusal.empty(index: index)
        case .text(let text): ids = tokenizer.encode(text)
        case .tokens(let tokens): ids = tokens
        }
        guard !ids.isEmpty else { throw EmbeddingRefusal.empty(index: index) }
        if let unknown = ids.first(where: { $0 < 0 || Int($0) >= vocabulary }) {
            throw EmbeddingRefusal.unknownToken(index: index, id: unknown, vocabulary: vocabulary)
        }
        guard ids.count <= longestText else {
            throw EmbeddingRefusal.tooLong(index: index, tokens: ids.count, limit: longestText)
        }
        return ids
    }

    /// Both texts in their frames; the second begins where the first one's ends.
    private func joined(_ query: String, _ documents: [String]) throws -> [(ids: [TokenID], first: Int)] {
        let first = tokenizer.encode(query)
        return try documents.enumerated().map { index, document in
            let second = tokenizer.encode(document).dropFirst()
            let count = first.count + second.count
            guard count <= longestText else {
                throw EmbeddingRefusal.tooLong(index: index, tokens: count, limit: longestText)
            }
            return (first + second, first.count)
        }
    }

    /// Waits for its turn; ends early when the task is cancelled.
    private func withEngine<T: Sendable>(
        _ body: @escaping @Sendable (Engine.Kind, () -> Bool) throws -> T
    ) async throws -> T {
        let isCancelled = Flag()
        return try await withTaskCancellationHandler {
            try await turns.withTurn { [engine] in
                try await onOwnThread { try engine.use { try body($0) { !isCancelled.isRaised } } }
            }
        } onCancel: {
            isCancelled.raise()
        }
    }
}

/// What computes vectors, made when first used.
private final class Engine: Sendable {
    enum Kind {
        case encoder(EncoderEmbedder)
        case decoder(DecoderEmbedder)

        var embedder: any TextEmbedder {
            switch self {
            case .encoder(let embedder): embedder
            case .decoder(let embedder): embedder
            }
        }
    }

    private let made = Mutex<Kind?>(nil)
    private let make: @Sendable () throws -> sending Kind

    init(_ make: @escaping @Sendable () throws -> sending Kind) { self.make = make }

    func use<T>(_ body: (Kind) throws -> sending T) throws -> sending T {
        try made.withLock { made in
            if made == nil { made = try make() }
            return try body(made!)
        }
    }
}
