internal import Tensors

/// StarCoder2: layer norms and linear maps with biases, a GELU block without a gate, rotation of halves.
///
/// All three sizes were trained with a window of 4,096 tokens that GGUF files do not carry and llama.cpp does not
/// apply; where the key is there, it is obeyed.
/// - SeeAlso: Lozhkov et al. 2024, arXiv:2402.19173.
enum StarCoder2 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        let window = try reader.window()
        return try ResidualDecoder(p, weights: weights, outputNorm: weights.layerNorm("output_norm", p)) {
            _, block throws(ModelError) in
            var attention = try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary)
            attention.window = window
            return ResidualDecoder.Layer(
                attentionNorm: try weights.layerNorm("\(block).attn_norm", p),
                attention: attention,
                feedForwardNorm: try weights.layerNorm("\(block).ffn_norm", p),
                feedForward: try PlainFeedForward(p, weights, block, activation: .gelu))
        }
    }
}
