import Architectures
import Foundation
import Generation
import ModelFiles
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
        options.adapters = AdapterSelection(
            try adapters.map { adapter in
                (try Adapter.load(path: Self.fixtures + "/Adapters/" + adapter.path, for: model), adapter.factor)
            })
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

    @Test("a layer that GGUF holds in parts is corrected in each", arguments: ["qwen3next", "qwen3next.gguf"])
    func parts(_ base: String) throws {
        let model = try LanguageModel(path: Self.fixtures + "/Models/" + base)
        let vocabulary = try index().vocabulary
        let expected = try fixtureLogits("Adapters/qwen3next-linear.logits.f32", vocabulary: vocabulary)
        let worst = try worst(session(model, [("qwen3next-linear", 1)]), expected, batches: [64])
        #expect(worst < 0.001)
        #expect(try self.worst(session(model, []), expected, batches: [64]) > 0.05)
    }

    @Test("an adapter of what the model holds only within other tensors is refused by the tensor's name")
    func merged() throws {
        let model = try LanguageModel(path: Self.fixtures + "/Models/qwen3next-merged.gguf")
        #expect {
            _ = try session(model, [("qwen3next-linear", 1)])
        } throws: { "\($0)".contains("'blk.0.attn_qkv.weight', which the model lacks, or its file has merged") }
    }

    @Test(
        "tensors that are not multiplied by as they are cannot be corrected",
        arguments: [
            ("qwen3next-merged", "blk.0.ssm_in.weight"), ("qwen3next", "blk.0.ssm_conv1d.weight"),
            ("deepseek-v2-unsplit", "blk.0.attn_kv_b.weight"), ("qwen3", "token_embd.weight"),
        ])
    func otherTensors(_ name: String, _ tensor: String) throws {
        let model = try LanguageModel(path: Self.fixtures + "/Models/\(name).gguf")
        let shape = try #require(try model.source.tensor(tensor)).shape
        var header = GGUFHeader()
        header.set("general.type", .bytes(Array("adapter".utf8)))
        header.set("adapter.type", .bytes(Array("lora".utf8)))
        header.add(tensor + ".lora_a", .f32, shape: [shape[0], 1])
        header.add(tensor + ".lora_b", .f32, shape: [1, shape[1]])
        let data = Data(header.encoded() + [UInt8](repeating: 0, count: 4 * (shape[0] + shape[1]) + 64))
        let folder = try TemporaryFolder()
        let path = folder.path + "/adapter.gguf"
        try data.write(to: URL(fileURLWithPath: path))
        #expect {
            _ = try Adapter.load(path: path, for: model)
        } throws: { "\($0)".contains("a correction of '\(tensor)', which is not applied") }
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
            _ = try Adapter.load(path: Self.fixtures + "/Adapters/llama-all", for: other)
        }
    }
}
