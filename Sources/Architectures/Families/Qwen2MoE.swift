internal import Tensors

/// Qwen1.5-MoE and Qwen2-MoE: Qwen2's attention, and experts beside a shared one that a sigmoid weighs; what the router
/// gives the chosen ones is not scaled up to 1.
/// - SeeAlso: Yang et al. 2024, arXiv:2407.10671.
enum Qwen2MoE {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p)
        let experts = try reader.requiredExperts()
        let routing = try reader.routing(experts, scoring: .softmax, normalizes: false)
        let hidden = try reader.expertHidden(default: p.feedForward / experts.used)
        let shared = try reader.integer("expert_shared_feed_forward_length", in: 1...1 << 22, default: p.feedForward)
        return try ResidualDecoder(p, weights: weights) { _, block throws(ModelError) in
            var mixture = try ExpertMixture(
                p, weights, block, experts: experts.count, hidden: hidden, routing: routing)
            mixture.shared = try GatedFeedForward(p, weights, block, suffix: "_shexp", hidden: shared)
            mixture.sharedGate = try weights.matrix(
                "\(block).ffn_gate_inp_shexp.weight", rows: 1, columns: p.width)
            return ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary),
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
                feedForward: mixture)
        }
    }
}
