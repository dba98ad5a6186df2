internal import Tensors

/// Llama 1 to 3.x, CodeLlama, SmolLM2, Mistral, Codestral, Mixtral: no biases (a file may have them), and GGUF orders
/// query and key rows for rotation of pairs.
/// - SeeAlso: Touvron et al. 2023, arXiv:2302.13971; Jiang et al. 2023, arXiv:2310.06825; Jiang et al. 2024,
///   arXiv:2401.04088.
enum Llama {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            try layer(p, reader, weights, block, rotary: rotary)
        }
    }

    /// - Parameter temperature: grows queries with their position, in the models that were trained so.
    static func layer(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String,
        rotary: RotaryTable, temperature: QueryTemperature? = nil
    ) throws(ModelError) -> ResidualDecoder.Layer {
        var attention = try GroupedQueryAttention(p, weights, block, pairing: .pairs, rotary: rotary)
        attention.temperature = temperature
        return ResidualDecoder.Layer(
            attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
            attention: attention,
            feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
            // Mixtral's layers have experts.
            feedForward: try weights.blockOrExperts(p, reader, block, expertHidden: p.feedForward))
    }
}
