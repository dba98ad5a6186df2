internal import Tensors

/// Llama 1 to 3.x, CodeLlama, SmolLM2, Mistral: no biases, and GGUF orders query and key rows for rotation of pairs.
/// - SeeAlso: Touvron et al. 2023, arXiv:2302.13971.
enum Llama {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader, vocabulary: Int) throws(ModelError)
        -> DenseDecoder
    {
        let experts = try reader.integer("expert_count", in: 0...1 << 20, default: 0)
        guard experts == 0 else {
            throw .unsupportedArchitecture("llama with experts (Mixtral)", file: weights.path)
        }
        return try DenseDecoder(reader.decoder(vocabulary: vocabulary), weights: weights, pairing: .pairs)
    }
}
