internal import ModelFiles
internal import Tensors

/// Qwen3-Next and Qwen3-Coder-Next (80B-A3B): three gated delta rule layers, then one of gated attention, and so on;
/// each followed by a mixture of experts with a gated shared one.
///
/// The attention's query rows carry a gate for each head's output; a quarter of each head is rotated. GGUF files hold
/// norm weights with one added, and -exp(A_log) as `ssm_a`. The norm of queries and keys in the delta rule adds 1e-6 as
/// transformers does, where llama.cpp takes the model's epsilon: the same number in every published model.
/// - SeeAlso: Qwen team 2025, "Qwen3-Next: Towards Ultimate Training & Inference Efficiency"; Yang et al. 2024,
///   arXiv:2412.06464; Qiu et al. 2025, arXiv:2505.06708 (gated attention).
enum Qwen3Next {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try decoder(reader, weights, order: .grouped)
    }

    /// The decoder of both generations, which differ in how files order the delta rule's heads.
    static func decoder(
        _ reader: HyperparameterReader, _ weights: WeightLoader, order: GatedDeltaNet.HeadOrder
    ) throws(ModelError) -> any Decoder {
        let all = try reader.decoder()
        let p = try reader.withoutDraftLayers(all)
        let rotary = try weights.rotaryTable(p)
        let shape = try reader.deltaShape()
        let isRecurrent = try reader.recurrentLayers(count: p.layers)
        func layer(_ block: String, _ attention: any TokenMixer) throws(ModelError) -> ResidualDecoder.Layer {
            ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: attention,
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).post_attention_norm", p),
                feedForward: try feedForward(p, reader, weights, block))
        }
        var decoder = try ResidualDecoder(p, weights: weights) { index, block throws(ModelError) in
            try layer(
                block,
                isRecurrent[index]
                    ? try GatedDeltaNet(p, shape, weights, block, order: order)
                    : try attention(p, weights, block, rotary))
        }
        // A file may count the layer that predicts further tokens and leave it out.
        let block = "blk.\(p.layers)"
        if p.layers < all.layers, weights.has("\(block).nextn.eh_proj.weight") {
            decoder.nextTokenHead = try NextTokenHead(
                decoder, weights, block, layer: try layer(block, try attention(p, weights, block, rotary)))
        }
        return decoder
    }

    private static func attention(
        _ p: Hyperparameters, _ weights: WeightLoader, _ block: String, _ rotary: RotaryTable
    ) throws(ModelError) -> any TokenMixer {
        var attention = try GroupedQueryAttention(
            p, weights, block, pairing: .halves, rotary: rotary, hasOutputGate: true)
        attention.queryNorm = .heads(try weights.vector("\(block).attn_q_norm.weight", count: p.headDim))
        attention.keyNorm = .heads(try weights.vector("\(block).attn_k_norm.weight", count: p.headDim))
        return attention
    }

    private static func feedForward(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String
    ) throws(ModelError) -> any ChannelMixer {
        guard let experts = try reader.experts(), weights.has("\(block).ffn_gate_inp.weight") else {
            return try GatedFeedForward(p, weights, block)
        }
        let hidden = try reader.expertHidden()
        var mixture = try ExpertMixture(
            p, weights, block, experts: experts.count, hidden: hidden,
            routing: try reader.routing(experts, scoring: .softmax, normalizes: true))
        if weights.has("\(block).ffn_gate_shexp.weight") {
            let shared = try reader.integer("expert_shared_feed_forward_length", in: 1...1 << 22, default: hidden)
            mixture.shared = try GatedFeedForward(p, weights, block, suffix: "_shexp", hidden: shared)
            mixture.sharedGate = try weights.matrix("\(block).ffn_gate_inp_shexp.weight", rows: 1, columns: p.width)
        }
        return mixture
    }
}

extension HyperparameterReader {
    /// Which layers are recurrent: listed one by one, or all but every n-th.
    fileprivate func recurrentLayers(count: Int) throws(ModelError) -> [Bool] {
        let key = "\(architecture).attention.recurrent_layers"
        if metadata.contains(key) {
            guard let flags = metadata.bools(key), flags.count >= count else {
                throw .invalidValue(key: key, value: "another list", expected: "\(count) truth values", file: file)
            }
            return Array(flags.prefix(count))
        }
        let interval = try integer("full_attention_interval", in: 1...4096, default: 4)
        return (0..<count).map { ($0 + 1) % interval != 0 }
    }
}
