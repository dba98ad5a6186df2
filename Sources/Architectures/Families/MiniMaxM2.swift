internal import Tensors

/// MiniMax-M2: a norm over all query heads of a token together, another over its key heads, half of each head rotates,
/// and experts chosen by sigmoid and bias in every layer.
/// - SeeAlso: the model's card, MiniMaxAI/MiniMax-M2.
enum MiniMaxM2 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        let experts = try reader.requiredExperts()
        let hidden = try reader.expertHidden(default: p.feedForward)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            var attention = try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary)
            attention.queryNorm = .row(
                try weights.vector("\(block).attn_q_norm.weight", count: p.heads * p.headDim))
            attention.keyNorm = .row(
                try weights.vector("\(block).attn_k_norm.weight", count: p.kvHeads * p.headDim))
            let bias = try weights.optionalVector("\(block).exp_probs_b.bias", count: experts.count)
            return ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: attention,
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
                feedForward: try ExpertMixture(
                    p, weights, block, experts: experts.count, hidden: hidden,
                    routing: try reader.routing(experts, scoring: .sigmoid, normalizes: true, selectionBias: bias)))
        }
    }
}
