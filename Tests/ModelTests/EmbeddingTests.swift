import Architectures
import Foundation
import Generation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// What Scripts/make-embedding-fixtures.py wrote.
private enum Reference {
    struct Sentences: Decodable {
        var texts: [String]
        var ids: [[Int32]]
        var vectors: [[Float]]
    }

    struct Pairs: Decodable {
        var pairs: [[Int32]]
        var scores: [Float]
        /// Of the mean over the rows, with one type for all tokens.
        var vectors: [[Float]]
    }

    static let folder = Repository.root + "/Tests/Fixtures/Embeddings/"

    static func load<Content: Decodable>(_ name: String) throws -> Content {
        try JSONDecoder().decode(Content.self, from: Data(contentsOf: URL(fileURLWithPath: folder + name)))
    }
}

private func cosine(_ a: [Float], _ b: [Float]) -> Double {
    func dot(_ a: [Float], _ b: [Float]) -> Double { zip(a, b).reduce(0) { $0 + Double($1.0) * Double($1.1) } }
    return dot(a, b) / (dot(a, a) * dot(b, b)).squareRoot()
}

@Suite("Vectors of texts")
struct EmbeddingTests {
    private static let levels = KernelLevel.allCases.filter(\.isAvailable)

    private func options(_ level: KernelLevel = .best, threads: Int = 2) -> SessionOptions {
        var options = SessionOptions()
        (options.level, options.threads) = (level, threads)
        return options
    }

    @Test("all-minilm:l6 gives the vectors of transformers, at every level", arguments: levels)
    func sentences(level: KernelLevel) throws {
        let reference: Reference.Sentences = try Reference.load("all-minilm-l6.json")
        let encoder = try EmbeddingEncoder(path: TestModel.path(of: TestModel.miniLM))
        #expect(encoder.pooling == .mean)
        #expect(encoder.longestText == 256)
        let vectors = try EncoderEmbedder(encoder, options(level)).embed(reference.ids) { true }
        for (index, (own, expected)) in zip(vectors, reference.vectors).enumerated() {
            // Float32 on both sides: sums in another order, and an erf with an error of 2e-7.
            #expect(cosine(own, expected) > 0.999_999, "\(reference.texts[index])")
            #expect(abs(own.reduce(0) { $0 + $1 * $1 } - 1) < 1e-5)
        }
    }

    @Test("a text's vector does not depend on the texts beside it")
    func batches() throws {
        let reference: Reference.Pairs = try Reference.load("cross-encoder.json")
        let encoder = try EmbeddingEncoder(path: Reference.folder + "cross-encoder")
        let embedder = EncoderEmbedder(encoder, options())
        let texts = (0..<40).flatMap { _ in reference.pairs }
        let together = try embedder.embed(texts) { true }
        for (index, text) in texts.enumerated() {
            let alone = try embedder.embed([text]) { true }[0]
            #expect(cosine(alone, together[index]) > 0.999_999)
            #expect(cosine(alone, reference.vectors[index % reference.pairs.count]) > 0.999_99)
        }
    }

    @Test("a cross-encoder gives the scores of transformers", arguments: levels)
    func pairs(level: KernelLevel) throws {
        let reference: Reference.Pairs = try Reference.load("cross-encoder.json")
        let encoder = try EmbeddingEncoder(path: Reference.folder + "cross-encoder")
        #expect(encoder.scoresPairs)
        let pairs = reference.pairs.map { (ids: $0, first: $0.firstIndex(of: 3)! + 1) }
        let scores = try EncoderEmbedder(encoder, options(level)).score(pairs) { true }
        for (own, expected) in zip(scores, reference.scores) {
            #expect(abs(own - expected) < 1e-3 * abs(expected) + 1e-3)
        }
    }

    @Test("refuses what it cannot read, and stops when told to")
    func refusals() throws {
        let embedder = EncoderEmbedder(
            try EmbeddingEncoder(path: Reference.folder + "cross-encoder"), options())
        #expect(throws: SessionError.contextFull(position: 0, adding: 41, capacity: 40)) {
            try embedder.embed([[Int32](repeating: 5, count: 41)]) { true }
        }
        #expect(throws: SessionError.tokenOutOfRange(64, vocabulary: 64)) { try embedder.embed([[64]]) { true } }
        #expect(throws: SessionError.emptyPrompt) { try embedder.embed([[2], []]) { true } }
        #expect(throws: SessionError.cancelled) { try embedder.embed([[2, 3]]) { false } }
    }

    @Test("a decoder's vectors come from its last rows: equal prefixes have equal first rows, whatever follows")
    func decoder() throws {
        let model = try LanguageModel(path: TestModel.path(of: TestModel.smollm2))
        #expect(try model.pooling() == .mean)
        var options = options()
        options.context = 1024
        let ids: [Int32] = (0..<700).map { Int32(100 + $0 * 7 % 4000) }
        func vector(_ ids: [Int32], _ pooling: Pooling) throws -> [Float] {
            try DecoderEmbedder(model, pooling: pooling, options).embed([ids, ids]) { true }[1]
        }
        #expect(try cosine(vector(ids, .first), vector(Array(ids[..<9]), .first)) > 0.999)
        // The last row of a text that takes two passes.
        let last = try vector(ids, .last)
        #expect(try cosine(last, vector(ids, .mean)) < 0.999)
        #expect(last.count == model.hyperparameters.width)
        let twice = try DecoderEmbedder(model, pooling: .last, options).embed([ids, Array(ids[..<9]), ids]) { true }
        #expect(cosine(twice[0], twice[2]) > 0.999_999)
    }

    @Test("a model that makes vectors only is no chat model, and says so")
    func noChat() throws {
        let path = Reference.folder + "cross-encoder"
        let error = #expect(throws: ModelError.self) { try LanguageModel(path: path) }
        #expect(error?.description.contains("embedding model") == true)
    }
}
