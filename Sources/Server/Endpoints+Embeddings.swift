package import Chat
import WireFormats

/// An embedding model under the name that requests call it by.
package struct ServedEmbeddingModel: Sendable {
    package var name: String
    /// Other names that requests may call it by; they are not listed.
    package var aliases: [String] = []
    package var model: any EmbeddingModel

    package init(name: String, model: any EmbeddingModel) {
        self.name = name
        self.model = model
    }
}

extension ServedEmbeddingModel {
    func answers(to name: String) -> Bool { self.name == name || aliases.contains(name) }
}

extension Endpoints {
    func answerEmbeddings(_ incoming: IncomingRequest, _ writer: ResponseWriter) async throws -> ResponseSummary {
        let fields = try RequestFields(body: incoming.body)
        let served = try findEmbedding(fields.string("model"))
        let request = try EmbeddingRequest(fields)
        if let dimensions = request.dimensions, dimensions > served.model.dimensions {
            throw APIError.badRequest(
                "'dimensions' is \(dimensions), and the vectors of '\(served.name)' have \(served.model.dimensions).",
                parameter: "dimensions", code: "invalid_value")
        }
        let start = ContinuousClock.now
        let embeddings = try await refusing { try await served.model.embed(request.inputs) }
        try await writer.send(
            json: EmbeddingList(
                embeddings, model: served.name, encoding: request.encoding, dimensions: request.dimensions))
        return .reading(tokens: embeddings.tokens, since: start)
    }

    func answerRerank(_ incoming: IncomingRequest, _ writer: ResponseWriter) async throws -> ResponseSummary {
        let fields = try RequestFields(body: incoming.body)
        let served = try findEmbedding(fields.string("model"))
        guard served.model.scoresPairs else { throw APIError(EmbeddingRefusal.scoresNoPairs) }
        let request = try RerankRequest(fields)
        let start = ContinuousClock.now
        let scores = try await refusing { try await served.model.score(request.documents, for: request.query) }
        try await writer.send(json: RankedList(scores, of: request, model: served.name))
        return .reading(tokens: scores.tokens, since: start)
    }

    private func refusing<T>(_ body: () async throws -> T) async throws -> T {
        do { return try await body() } catch let refusal as EmbeddingRefusal { throw APIError(refusal) }
    }

    /// - Throws: 404 with the names that there are.
    private func findEmbedding(_ name: String?) throws(APIError) -> ServedEmbeddingModel {
        if let served = embeddings.first(where: { served in name.map { served.answers(to: $0) } ?? true }) {
            return served
        }
        let names = embeddings.map { "'\($0.name)'" }.joined(separator: ", ")
        throw APIError(
            status: 404, kind: .invalidRequest,
            message: embeddings.isEmpty
                ? "This server makes no embeddings. Start it with an embedding model, as --embedding all-minilm:l6."
                : "There is no model '\((name ?? "").prefix(200))' for embeddings here. There is \(names).",
            parameter: "model", code: "model_not_found")
    }
}

extension ResponseSummary {
    /// Of a request that is answered without a word.
    fileprivate static func reading(tokens: Int, since start: ContinuousClock.Instant) -> ResponseSummary {
        ResponseSummary(
            reason: .stop, promptTokens: tokens, reusedTokens: 0, generatedTokens: 0,
            promptSeconds: (ContinuousClock.now - start) / .seconds(1), generationSeconds: 0)
    }
}

extension APIError {
    fileprivate init(_ refusal: EmbeddingRefusal) {
        switch refusal {
        case .empty(let index):
            self = .badRequest("Text \(index) of 'input' is empty.", parameter: "input", code: "invalid_value")
        case .tooLong(let index, let tokens, let limit):
            self = .badRequest(
                """
                Text \(index) has \(tokens) tokens and the model reads \(limit) at most, those included that it puts \
                around the text. Cut it into parts.
                """, parameter: "input", code: "context_length_exceeded")
        case .unknownToken(let index, let id, let vocabulary):
            self = .badRequest(
                "Text \(index) has the token \(id), and the vocabulary has the ids 0 to \(vocabulary - 1).",
                parameter: "input", code: "invalid_value")
        case .scoresNoPairs:
            self = .unsupported(
                """
                This model makes vectors and scores no pairs of texts: it has no classifier. Serve a cross-encoder, or \
                compare the vectors of /v1/embeddings.
                """, parameter: "model")
        case .makesNoVectors:
            self = .unsupported(
                "This model's family makes no vectors of texts. Give an embedding model with --embedding.",
                parameter: "model")
        }
    }
}
