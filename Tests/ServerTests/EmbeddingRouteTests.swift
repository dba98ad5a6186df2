import Chat
import JSON
import Server
import Testing

/// A model whose vectors count the letters of a text.
private struct ScriptedEmbeddingModel: EmbeddingModel {
    var scoresPairs = false
    var dimensions: Int { 2 }
    var longestText: Int { 8 }

    func embed(_ texts: [EmbeddingInput]) async throws -> Embeddings {
        var tokens = 0
        for (index, text) in texts.enumerated() {
            guard case .text(let text) = text else {
                throw EmbeddingRefusal.unknownToken(index: index, id: 9, vocabulary: 5)
            }
            guard !text.isEmpty else { throw EmbeddingRefusal.empty(index: index) }
            guard text.count <= longestText else {
                throw EmbeddingRefusal.tooLong(index: index, tokens: text.count, limit: longestText)
            }
            tokens += text.count
        }
        return Embeddings(vectors: texts.map { _ in [0.6, 0.8] }, tokens: tokens)
    }

    func score(_ documents: [String], for query: String) async throws -> PairScores {
        PairScores(scores: documents.map { Float($0.count) }, tokens: 3)
    }
}

@Suite("Routes of embedding models")
struct EmbeddingRouteTests {
    private let route = "/v1/embeddings"

    private func embeddings(scoresPairs: Bool = false) -> [ServedEmbeddingModel] {
        [ServedEmbeddingModel(name: "vectors", model: ScriptedEmbeddingModel(scoresPairs: scoresPairs))]
    }

    @Test("answers with a vector for each text and the count of tokens")
    func vectors() async throws {
        let (answer, records) = try await RunningServer.with(.hello, embeddings: embeddings()) { server in
            (
                try await server.request("POST", route, #"{"model": "vectors", "input": ["ab", "c"]}"#),
                try await server.log.records(1)
            )
        }
        #expect(answer.status == 200)
        #expect(answer.json["data"]?.array?.count == 2)
        #expect(answer.json["usage"]?.object?["total_tokens"]?.integer == 3)
        #expect(records.first?.promptTokens == 3)
    }

    @Test("says what is wrong with a text, with the counts")
    func refusals() async throws {
        try await RunningServer.with(.hello, embeddings: embeddings()) { server in
            let long = try await server.request("POST", route, #"{"input": ["ab", "abcdefghi"]}"#)
            #expect(long.status == 400)
            #expect(long.error["code"]?.string == "context_length_exceeded")
            #expect(long.error["message"]?.string?.contains("9 tokens") == true)
            for body in [#"{"input": ""}"#, #"{"input": [9]}"#, #"{"input": "a", "dimensions": 3}"#] {
                #expect(try await server.request("POST", route, body).status == 400)
            }
            let other = try await server.request("POST", route, #"{"input": "a", "model": "other"}"#)
            #expect(other.status == 404)
            #expect(other.error["message"]?.string?.contains("'vectors'") == true)
        }
    }

    @Test("is listed, and answers no chats")
    func listed() async throws {
        try await RunningServer.with(.hello, embeddings: embeddings()) { server in
            let list = try await server.request("GET", "/v1/models")
            #expect(list.json["data"]?.array?.compactMap { $0.object?["id"]?.string } == ["test:1", "vectors"])
            let chat = try await server.request(
                "POST", "/v1/chat/completions",
                #"{"model": "vectors", "messages": [{"role": "user", "content": "Hi"}]}"#)
            #expect(chat.status == 400)
            #expect(chat.error["message"]?.string?.contains("embedding model") == true)
        }
    }

    @Test("ranks only with a model that scores pairs")
    func rerank() async throws {
        let body = #"{"query": "q", "documents": ["a", "bb"]}"#
        let refused = try await RunningServer.with(.hello, embeddings: embeddings()) { server in
            try await server.request("POST", "/v1/rerank", body)
        }
        #expect(refused.status == 400)
        let ranked = try await RunningServer.with(.hello, embeddings: embeddings(scoresPairs: true)) { server in
            try await server.request("POST", "/rerank", body)
        }
        #expect(ranked.json["results"]?.array?.first?.object?["index"]?.integer == 1)
    }
}
