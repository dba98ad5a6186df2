internal import Tensors

/// GLM-4.5 to 4.7: half of each head rotates, biases on queries, keys and values, norms on heads in the large model, a
/// few dense layers first, then experts chosen by sigmoid and bias beside a shared one.
///
/// The file's last layers predict further tokens and take no part here.
/// - SeeAlso: GLM-4.5 Team 2025, arXiv:2508.06471.
enum GLM4MoE {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.withoutDraftLayers(reader.decoder())
        let rotary = try weights.rotaryTable(p)
        let dense = try reader.integer("leading_dense_block_count", in: 0...p.layers, default: 0)
        return try ResidualDecoder(p, weights: weights) { index, block throws(ModelError) in
            var attention = try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary)
            attention.queryNorm = try weights.optionalVector("\(block).attn_q_norm.weight", count: p.headDim)
                .map { .heads($0) }
            attention.keyNorm = try weights.optionalVector("\(block).attn_k_norm.weight", count: p.headDim)
                .map { .heads($0) }
            return ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: attention,
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).post_attention_norm", p),
                feedForward: index < dense
                    ? try GatedFeedForward(p, weights, block) : try mixture(p, reader, weights, block))
        }
    }

    private static func mixture(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String
    ) throws(ModelError) -> any ChannelMixer {
        let experts = try reader.requiredExperts()
        let bias = try weights.optionalVector("\(block).exp_probs_b.bias", count: experts.count)
        var mixture = try ExpertMixture(
            p, weights, block, experts: experts.count, hidden: try reader.expertHidden(),
            routing: try reader.routing(experts, scoring: .sigmoid, normalizes: true, selectionBias: bias))
        try mixture.loadShared(p, reader, weights, block)
        return mixture
    }
}
