import Architectures
import Foundation
import Generation
import Tensors
import TestSupport
import Testing

/// LoRA adapters of tiny models with the logits that PEFT computes; see Scripts/make-adapter-fixtures.py.
@Suite("Adapters against PEFT")
struct AdapterTests {
    private static let names = [
        "llama-all", "llama-all.gguf", "qwen2-attention", "qwen2-attention.gguf", "mistral-ranked",
    ]
    private static let fixtures = Repository.root + "/Tests/Fixtures"

    private struct Index: Decodable {
        var vocabulary: Int
        var prompt: [Int32]
        var decode: [Int32]
    }

    private func index() throws -> Index {
        let url = URL(fileURLWithPath: Self.fixtures + "/Folders/folders.json")
        return try JSONDecoder().decode(Index.self, from: Data(contentsOf: url))
    }

    private func base(_ name: String) throws -> LanguageModel {
        try LanguageModel(path: Self.fixtures + "/Folders/" + String(name.split(separator: "-")[0]))
    }

    private func session(_ model: LanguageModel, _ adapters: [(path: String, factor: Float)]) throws -> Session {
        var options = SessionOptions()
        (options.kv, options.context, options.threads) = (.f32, 128, 2)
        var set = AdapterSet()
        for (path, factor) in adapters {
            try AdapterFile(path: Self.fixtures + "/Adapters/" + path, model: model)
                .add(to: &set, model: model, factor: factor)
        }
        options.adapters = set
        return try Session(model, options)
    }

    private func worst(_ session: Session, _ expected: [[Float]], batches: [Int]) throws -> Float {
        let index = try index()
        return try session.worstError(
            prompt: index.prompt, batches: batches, decode: index.decode, against: expected)
    }

    @Test("logits match, from PEFT folders and GGUF files", arguments: names)
    func logits(_ name: String) throws {
        let model = try base(name)
        let expected = try fixtureLogits(
            "Adapters/\(name.replacing(".gguf", with: "")).logits.f32", vocabulary: index().vocabulary)
        for batches in [[64], [1], [7, 1, 13, 2, 41]] {
            let worst = try worst(session(model, [(name, 1)]), expected, batches: batches)
            #expect(worst < 0.001, "batches \(batches)")
        }
    }

    @Test("several adapters add up, and a factor of zero leaves the model alone")
    func several() throws {
        let model = try base("llama-all")
        let vocabulary = try index().vocabulary
        let corrected = try fixtureLogits("Adapters/llama-all.logits.f32", vocabulary: vocabulary)
        let halves = try session(model, [("llama-all", 0.25), ("llama-all.gguf", 0.75)])
        #expect(try worst(halves, corrected, batches: [64]) < 0.001)
        let none = try session(model, [("llama-all", 0)])
        let plain = try fixtureLogits("Folders/llama.logits.f32", vocabulary: vocabulary)
        #expect(try worst(none, plain, batches: [64]) < 0.001)
        // The adapter is no small change, or the first test would show nothing.
        #expect(try worst(session(model, []), corrected, batches: [64]) > 0.1)
    }

    @Test("adapters of other models and files that are none are refused")
    func refusals() throws {
        let model = try base("llama-all")
        func error(_ path: String) -> String {
            do {
                _ = try session(model, [(path, 1)])
                return ""
            } catch { return "\(error)" }
        }
        #expect(error("qwen2-attention.gguf").contains("was made for a 'qwen2' model"))
        #expect(error("../Models/llama-linear-f32.gguf").contains("is not an adapter"))
        #expect(error("missing").contains("missing"))
        #expect(error("../Folders").contains("Folders"))
        // The same family, other sizes.
        let other = try LanguageModel(path: Self.fixtures + "/Models/llama-linear-f32.gguf")
        #expect(throws: AdapterError.self) {
            var set = AdapterSet()
            try AdapterFile(path: Self.fixtures + "/Adapters/llama-all", model: other)
                .add(to: &set, model: other, factor: 1)
        }
    }
}
