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
        let data = try Data(contentsOf: folder.appending(path: name + ".logits.f32"))
        let values = data.withUnsafeBytes { bytes in
            (0..<bytes.count / 4).map { bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self) }
        }
        self.name = name
        model = try LanguageModel(path: folder.appending(path: name + ".gguf").path)
        (prompt, decode) = (index.prompt, index.decode)
        logits = stride(from: 0, to: values.count, by: index.vocabulary).map {
            Array(values[$0..<$0 + index.vocabulary])
        }
    }
}

extension Session {
    var logits: [Float] { withLogits { Array($0) } }

    /// Evaluates `ids` in batches of the given sizes, the last of which repeats.
    func evaluate(_ ids: [Int32], batches: [Int]) throws {
        var (rest, sizes) = (ids[...], batches[...])
        while !rest.isEmpty {
            try evaluate(Array(rest.prefix(sizes.first!)))
            rest = rest.dropFirst(sizes.first!)
            if sizes.count > 1 { sizes = sizes.dropFirst() }
        }
    }
}

/// The largest difference, as a share of the range of `expected`.
func worstError(_ found: [Float], _ expected: [Float]) -> Float {
    guard found.count == expected.count, !found.contains(where: \.isNaN) else { return .infinity }
    return zip(found, expected).map { abs($0 - $1) }.max()! / (expected.max()! - expected.min()!)
}
