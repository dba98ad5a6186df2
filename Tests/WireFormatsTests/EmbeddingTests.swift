import Chat
import Foundation
import JSON
import Testing
import WireFormats

@Suite("Requests for vectors, and their answers")
struct EmbeddingTests {
    private func request(_ body: String) throws -> EmbeddingRequest {
        try EmbeddingRequest(RequestFields(body: Array(body.utf8)))
    }

    @Test("reads texts and lists of tokens, alone and several")
    func inputs() throws {
        #expect(try request(#"{"input": "a"}"#).inputs == [.text("a")])
        #expect(try request(#"{"input": ["a", "b"]}"#).inputs == [.text("a"), .text("b")])
        #expect(try request(#"{"input": [1, 2]}"#).inputs == [.tokens([1, 2])])
        #expect(try request(#"{"input": [[1], [2, 3]]}"#).inputs == [.tokens([1]), .tokens([2, 3])])
        let full = try request(#"{"input": "a", "encoding_format": "base64", "dimensions": 3, "user": "x"}"#)
        #expect(full.encoding == .base64 && full.dimensions == 3)
    }

    @Test(
        "refuses the rest, and names the field",
        arguments: [
            (#"{}"#, "input"), (#"{"input": []}"#, "input"), (#"{"input": 1}"#, "input"),
            (#"{"input": ["a", 1]}"#, "input"), (#"{"input": [[1.5]]}"#, "input"),
            (#"{"input": [99999999999]}"#, "input"),
            (#"{"input": "a", "dimensions": 0}"#, "dimensions"),
            (#"{"input": "a", "encoding_format": "int8"}"#, "encoding_format"),
        ])
    func refusals(body: String, field: String) {
        let error = #expect(throws: APIError.self) { try request(body) }
        #expect(error?.status == 400)
        #expect(error?.parameter == field)
    }

    @Test("refuses more texts than a request may have")
    func tooMany() {
        let texts = Array(repeating: #""a""#, count: EmbeddingRequest.inputLimit + 1).joined(separator: ",")
        #expect(throws: APIError.self) { try request(#"{"input": [\#(texts)]}"#) }
    }

    private func encoded(_ value: some Encodable) throws -> JSONObject {
        let parsed = try JSONValue(parsing: WireJSON.encode(value))
        return try #require(parsed.object)
    }

    @Test("writes vectors as numbers or in base 64, shortened to length 1")
    func answers() throws {
        let embeddings = Embeddings(vectors: [[0.6, 0, 0.8], [0, 1, 0]], tokens: 7)
        let plain = try encoded(EmbeddingList(embeddings, model: "m", encoding: .float, dimensions: nil))
        #expect(plain["object"]?.string == "list" && plain["model"]?.string == "m")
        #expect(plain["usage"]?.object?["prompt_tokens"]?.integer == 7)
        #expect(plain["usage"]?.object?["total_tokens"]?.integer == 7)
        let items = try #require(plain["data"]?.array?.compactMap { $0.object })
        #expect(items.map { $0["index"]?.integer } == [0, 1])
        #expect(items[0]["embedding"]?.array?.compactMap(\.number).map(Float.init) == [0.6, 0, 0.8])
        let short = try encoded(EmbeddingList(embeddings, model: "m", encoding: .base64, dimensions: 1))
        let texts = try #require(short["data"]?.array?.compactMap { $0.object?["embedding"]?.string })
        // 1 and 0 in float32, little-endian.
        #expect(texts == ["AACAPw==", "AAAAAA=="])
    }

    @Test("ranks documents by their scores, equal ones in their own order")
    func ranking() throws {
        let body = #"{"query": "q", "documents": ["a", {"text": "b"}, "c"], "top_n": 2, "return_documents": true}"#
        let request = try RerankRequest(RequestFields(body: Array(body.utf8)))
        #expect(request.documents == ["a", "b", "c"])
        let list = try encoded(RankedList(PairScores(scores: [1, 3, 3], tokens: 9), of: request, model: "m"))
        let results = try #require(list["results"]?.array?.compactMap { $0.object })
        #expect(results.map { $0["index"]?.integer } == [1, 2])
        #expect(results[0]["relevance_score"]?.number == 3)
        #expect(results[0]["document"]?.object?["text"]?.string == "b")
        #expect(throws: APIError.self) { try RerankRequest(RequestFields(body: Array(#"{"query": "q"}"#.utf8))) }
    }
}
