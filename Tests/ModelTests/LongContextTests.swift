import Architectures
import Foundation
import Generation
import ModelFiles
import Tensors
import TestSupport
import Testing

/// Models that are given more tokens than they were trained for; see Scripts/make-long-context-fixtures.py.
@Suite("Contexts beyond the trained one")
struct LongContextTests {
    private struct Index: Decodable {
        var vocabulary: Int
        var ids: [Int32]
        var models: [String: [Int]]

        static func read() throws -> Index {
            let url = URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/LongContext/index.json")
            return try JSONDecoder().decode(Index.self, from: Data(contentsOf: url))
        }
    }

    private func path(_ name: String) -> String { "\(Repository.root)/Tests/Fixtures/Models/\(name).gguf" }

    /// The logits of the last `count` of `ids`.
    private func rows(_ model: LanguageModel, _ ids: [Int32], count: Int) throws -> [[Float]] {
        var options = SessionOptions()
        (options.kv, options.context, options.threads) = (.f32, 512, 2)
        let session = try Session(model, options)
        var rows: [[Float]] = []
        try session.evaluate(ids, wanted: ids.count - count..<ids.count) { _, logits in rows.append(Array(logits)) }
        return rows
    }

    @Test("YaRN by the factor that is needed gives transformers' logits")
    func logits() throws {
        let index = try Index.read()
        for (name, context) in index.models.flatMap({ name, contexts in contexts.map { (name, $0) } }) {
            let model = try LanguageModel(path: path(name), context: context)
            #expect(model.hyperparameters.extensionFactor == Double(context) / 128)
            let file = URL(fileURLWithPath: "\(Repository.root)/Tests/Fixtures/LongContext/\(name)-\(context).f32")
            let values = try Data(contentsOf: file).withUnsafeBytes { bytes in
                (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
            }
            let expected = stride(from: 0, to: values.count, by: index.vocabulary).map {
                Array(values[$0..<$0 + index.vocabulary])
            }
            let found = try rows(model, index.ids, count: expected.count)
            let worst = zip(found, expected).map { worstError($0, $1) }.max()
            #expect(try #require(worst) < 0.001, "\(name) at \(context)")
            // Without it they are others, or this would show nothing.
            let plain = try rows(LanguageModel(path: path(name)), index.ids, count: 1)
            #expect(worstError(plain[0], try #require(expected.last)) > 0.02, "\(name) at \(context)")
        }
    }

    @Test("up to the trained context nothing changes")
    func within() throws {
        let ids = try Index.read().ids
        let (plain, given) = (
            try LanguageModel(path: path("qwen3")), try LanguageModel(path: path("qwen3"), context: 128)
        )
        #expect(given.hyperparameters.extensionFactor == nil)
        #expect(try rows(plain, ids, count: 2) == rows(given, ids, count: 2))
    }

    @Test("beyond what is stated the context is refused")
    func refusals() throws {
        func error(_ name: String, _ context: Int) throws -> ModelError? {
            do { _ = try LanguageModel(path: path(name), context: context) } catch { return error }
            return nil
        }
        #expect(try error("qwen3", 512) == nil)
        guard case .contextTooLong(513, trained: 128, longest: 512, _) = try error("qwen3", 513),
            case .contextTooLong(129, trained: 128, longest: 128, _) = try error("starcoder2", 129)
        else {
            Issue.record("contexts that nobody states are taken")
            return
        }
    }

    @Test("a file's own YaRN reaches as far as it says, and is not changed")
    func ownScaling() throws {
        var model = try PatchedModel(GGUFFile.open(path: path("qwen3")))
        model.set("qwen3.context_length", .int64(64))
        model.set("qwen3.rope.scaling.type", .bytes(Array("yarn".utf8)))
        model.set("qwen3.rope.scaling.factor", .float32(3))
        model.set("qwen3.rope.scaling.original_context_length", .int64(64))
        try model.withFile { file in
            let loaded = try LanguageModel(file, context: 192)
            #expect(loaded.hyperparameters.longestContext == 192)
            #expect(loaded.hyperparameters.extensionFactor == nil)
            #expect(throws: ModelError.self) { try LanguageModel(file, context: 193) }
        }
    }

    @Test("longest contexts are those that publishers state")
    func stated() throws {
        func longest(_ architecture: String, _ trained: Int) -> Int? {
            LongContext(architecture: architecture, trained: trained)?.longest
        }
        #expect(longest("qwen2", 32_768) == 131_072)
        #expect(longest("qwen2", 131_072) == nil)
        #expect(longest("qwen3", 40_960) == 131_072)
        #expect(longest("qwen3", 262_144) == nil)
        #expect(longest("qwen3moe", 40_960) == 131_072)
        #expect(longest("qwen3moe", 262_144) == 1_048_576)
        #expect(longest("qwen3next", 262_144) == 1_010_000)
        #expect(longest("qwen35", 262_144) == 1_010_000)
        #expect(longest("llama", 8192) == nil)
        let qwen3 = try #require(LongContext(architecture: "qwen3", trained: 40_960))
        #expect(qwen3.factor(for: 65_536) == 2)
        #expect(qwen3.factor(for: 131_072) == 4)
    }
}
