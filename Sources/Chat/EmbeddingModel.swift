/// Something that turns texts into vectors: a model on this machine, or a script in a test.
package protocol EmbeddingModel: Sendable {
    /// Elements of a vector.
    var dimensions: Int { get }
    /// Tokens that a text may have, those included that the model puts around it.
    var longestText: Int { get }
    /// Whether it can say how well two texts belong together.
    var scoresPairs: Bool { get }

    /// One vector of length 1 for each text, in order. What is wrong with the texts is an `EmbeddingRefusal`; a text
    /// that is too long is one: nothing is ever cut.
    func embed(_ texts: [EmbeddingInput]) async throws -> Embeddings

    /// How well each document answers the query, higher is better; only for models that `scoresPairs`.
    func score(_ documents: [String], for query: String) async throws -> PairScores
}

/// A text to make a vector of.
package enum EmbeddingInput: Hashable, Sendable {
    case text(String)
    /// Of the model's vocabulary, with whatever is to stand around the text.
    case tokens([Int32])
}

/// What an embedding model made of some texts.
package struct Embeddings: Hashable, Sendable {
    package var vectors: [[Float]]
    /// Of all texts together.
    package var tokens: Int

    package init(vectors: [[Float]], tokens: Int) {
        self.vectors = vectors
        self.tokens = tokens
    }
}

/// How well some documents answer a query.
package struct PairScores: Hashable, Sendable {
    /// Logits, in the order of the documents.
    package var scores: [Float]
    /// Of all pairs together.
    package var tokens: Int

    package init(scores: [Float], tokens: Int) {
        self.scores = scores
        self.tokens = tokens
    }
}

/// What is wrong with texts that vectors are asked for. Texts are counted from 0.
package enum EmbeddingRefusal: Error, Hashable, Sendable {
    case empty(index: Int)
    case tooLong(index: Int, tokens: Int, limit: Int)
    case unknownToken(index: Int, id: Int32, vocabulary: Int)
    /// The model has no head that scores pairs.
    case scoresNoPairs
    /// The model's passes do not show what they make of a text.
    case makesNoVectors
}
