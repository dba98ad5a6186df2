internal import Tensors

/// Qwen3 and Qwen3-MoE (Qwen3-Coder 30B-A3B, 480B-A35B): norms on query and key heads, no biases; softmax routing.
/// - SeeAlso: Yang et al. 2025, arXiv:2505.09388.
enum Qwen3 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            var attention = try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary)
            attention.queryNorm = .heads(try weights.vector("\(block).attn_q_norm.weight", count: p.headDim))
            attention.keyNorm = .heads(try weights.vector("\(block).attn_k_norm.weight", count: p.headDim))
            return ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: attention,
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
                feedForward: try weights.blockOrExperts(p, reader, block))
        }
    }
}
