package import ModelFiles
internal import Tensors

/// A model that is ready to run: hyper-parameters and weights that stay in the mapped file.
package final class LanguageModel: Sendable {
    /// The families that run, by their names in `general.architecture`.
    private static let families:
        [String: @Sendable (HyperparameterReader, WeightLoader) throws(ModelError) -> any Decoder] =
            [
                "deepseek2": DeepSeek2.load,
                "deepseek32": DeepSeek32.load,
                "deepseek4": DeepSeek4.load,
                "gemma3": Gemma3.load,
                "glm4moe": GLM4MoE.load,
                "gpt-oss": GPTOSS.load,
                "llama": Llama.load,
                "minimax-m2": MiniMaxM2.load,
                "mistral3": Mistral3.load,
                "qwen2": Qwen2.load,
                "qwen2moe": Qwen2MoE.load,
                "qwen3": Qwen3.load,
                "qwen3moe": Qwen3.load,
                "qwen3next": Qwen3Next.load,
                "qwen35": Qwen35.load,
                "qwen35moe": Qwen35.load,
                "seed_oss": SeedOSS.load,
                "starcoder2": StarCoder2.load,
            ]

    package static var architectures: [String] { families.keys.sorted() }

    package let source: any ModelSource
    package let decoder: any Decoder
    /// The tensors that the decoder multiplies by as they are: those that an adapter can correct.
    package let adaptable: Set<String>

    package var path: String { source.path }
    package var metadata: GGUFMetadata { source.metadata }
    package var hyperparameters: Hyperparameters { decoder.hyperparameters }

    /// - Parameter context: tokens that it is to have room for, where they may be more than it was trained for.
    package convenience init(path: String, context: Int? = nil) throws(ModelError) {
        let source: any ModelSource
        do { source = try ModelFile.open(path: path) } catch { throw .file(error) }
        try self.init(source, context: context)
    }

    package init(_ source: any ModelSource, context: Int? = nil) throws(ModelError) {
        self.source = source
        guard let architecture = source.metadata.string("general.architecture") else {
            throw .missingKey("general.architecture", file: source.path)
        }
        guard let family = Self.families[architecture] else {
            if EmbeddingEncoder.architectures.contains(architecture) {
                throw .onlyEmbeds(architecture, file: source.path)
            }
            throw .unsupportedArchitecture(architecture, file: source.path)
        }
        let weights = WeightLoader(source: source)
        guard let embedding = try weights.shape(of: "token_embd.weight") else {
            throw .missingTensor("token_embd.weight", file: source.path)
        }
        let reader = HyperparameterReader(
            metadata: source.metadata, architecture: architecture, file: source.path,
            vocabulary: embedding.count == 2 ? embedding[1] : 0, wantedContext: context ?? 0)
        decoder = try family(reader, weights)
        adaptable = weights.adaptable.names
    }
}
