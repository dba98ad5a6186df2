internal import Architectures
internal import Foundation
internal import Generation
internal import Tensors
internal import TestSupport

/// A random model of two layers with the logits that transformers computes; see Tests/Fixtures/README.md.
struct TinyModel {
    let name: String
    let model: LanguageModel
    let prompt: [Int32]
    let decode: [Int32]
    /// After the prompt, then after each further id.
    let logits: [[Float]]

    static let names = [
        "qwen2-tied-f32", "qwen2-tied-q8_0", "qwen2-tied-q4_0", "qwen2-untied-f16", "qwen2-yarn-f32",
        "llama-plain-bf16", "llama-linear-f32", "llama-llama3-f32",
    ]

    func session(_ level: KernelLevel = .best, threads: Int = 1, kv: KVType = .f16) throws -> Session {
        var options = SessionOptions()
        options.level = level
        options.threads = threads
        options.kv = kv
        options.context = 128
        return try Session(model, options)
    }
}

extension TinyModel {
    private struct Index: Decodable {
        var vocabulary: Int
        var prompt: [Int32]
        var decode: [Int32]
    }

    /// - Parameter index: the file of the fixtures' folder that has the ids.
    init(_ name: String, index: String = "models.json") throws {
        let folder = URL(fileURLWithPath: Repository.root + "/Tests/Fixtures/Models")
        let index = try JSONDecoder().decode(Index.self, from: Data(contentsOf: folder.appending(path: index)))
        self.name = name
        model = try LanguageModel(path: folder.appending(path: name + ".gguf").path)
        (prompt, decode) = (index.prompt, index.decode)
        logits = try fixtureLogits("Models/\(name).logits.f32", vocabulary: index.vocabulary)
    }
}
