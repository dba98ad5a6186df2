internal import Tensors

/// Qwen2 and Qwen2.5(-Coder): biases on queries, keys and values, rotation of halves.
/// - SeeAlso: Yang et al. 2024, arXiv:2407.10671; Hui et al. 2024, arXiv:2409.12186.
enum Qwen2 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try decoder(reader, weights, feedForwardNorm: "ffn_norm")
    }

    /// - Parameter feedForwardNorm: what files of the family call the norm before the feed-forward block.
    static func decoder(
        _ reader: HyperparameterReader, _ weights: WeightLoader, feedForwardNorm: String
    ) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary),
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).\(feedForwardNorm)", p),
                feedForward: try GatedFeedForward(p, weights, block))
        }
    }
}
