internal import Tensors

/// Seed-OSS: Llama's layers with biases on queries, keys and values, and rotation of halves.
/// - SeeAlso: the model's card, ByteDance-Seed/Seed-OSS-36B-Instruct.
enum SeedOSS {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary),
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).post_attention_norm", p),
                feedForward: try GatedFeedForward(p, weights, block))
        }
    }
}
