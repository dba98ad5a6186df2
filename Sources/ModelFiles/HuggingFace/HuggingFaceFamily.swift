import JSON

/// How a model family's folders map onto GGUF: one description in a file of its own for each.
struct HuggingFaceFamily: Sendable {
    /// The name in `general.architecture`.
    let architecture: String
    /// What configurations call it: `architectures`, and `model_type` where that is missing.
    let names: [String]
    let modelTypes: [String]
    /// Fills in the keys that decoders of the family read.
    let describe: @Sendable (HuggingFaceConfig, inout HuggingFaceHeader) throws(HuggingFaceError) -> Void
    let patterns: @Sendable (HuggingFaceConfig) throws(HuggingFaceError) -> [TensorPattern]
    /// Tensors made from the configuration: the divisors of Llama 3's rotation.
    let extras: @Sendable (HuggingFaceConfig) throws(HuggingFaceError) -> [ComputedTensor]
    /// Whether GGUF files keep the layers after the configuration's own, which predict further tokens.
    let keepsExtraLayers: Bool
    /// Beginnings of the names of tensors that the family does without.
    let spare: [String]
    /// The name of a tensor that the patterns know, for one that they don't.
    let rename: @Sendable (String, HuggingFaceConfig) -> String

    init(
        _ architecture: String, names: [String], modelTypes: [String],
        describe: @escaping @Sendable (HuggingFaceConfig, inout HuggingFaceHeader) throws(HuggingFaceError) -> Void = {
            (c, header) throws(HuggingFaceError) in try header.setDecoder(c)
        },
        extras: @escaping @Sendable (HuggingFaceConfig) throws(HuggingFaceError) -> [ComputedTensor] = { _ in [] },
        keepsExtraLayers: Bool = false,
        spare: [String] = [],
        rename: @escaping @Sendable (String, HuggingFaceConfig) -> String = { name, _ in name },
        patterns: @escaping @Sendable (HuggingFaceConfig) throws(HuggingFaceError) -> [TensorPattern]
    ) {
        self.architecture = architecture
        self.names = names
        self.modelTypes = modelTypes
        self.describe = describe
        self.patterns = patterns
        self.extras = extras
        self.keepsExtraLayers = keepsExtraLayers
        self.spare = spare
        self.rename = rename
    }
}

/// A small vector that no file holds.
struct ComputedTensor: Sendable {
    let name: String
    let values: [Float]
}

extension HuggingFaceFamily {
    static let all: [HuggingFaceFamily] = [
        .llama, .mistral3, .qwen2, .qwen2MoE, .qwen3, .qwen3MoE, .starCoder2, .gemma3, .glm4MoE, .deepSeek2,
        .deepSeek32, .deepSeek4, .qwen3Next, .qwen35, .qwen35MoE, .gptOSS, .seedOSS, .miniMaxM2, .bert,
    ]

    static var architectures: [String] { all.map(\.architecture).sorted() }

    /// The family of a configuration.
    static func of(_ config: HuggingFaceConfig) throws(HuggingFaceError) -> HuggingFaceFamily {
        let name = config["architectures"]?.array?.first?.string
        if let name, let family = all.first(where: { $0.names.contains(name) }) { return family }
        let type = config["model_type"]?.string
        if name == nil, let type, let family = all.first(where: { $0.modelTypes.contains(type) }) { return family }
        guard let found = name ?? type else { throw .missingKey("architectures", file: config.file) }
        throw .unsupportedArchitecture(String(found.prefix(80)), file: config.file)
    }
}
