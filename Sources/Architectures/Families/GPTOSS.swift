internal import Tensors

/// gpt-oss: a window in every other layer, a sink for each head, biases everywhere, experts with a clamped gate that
/// are weighed by a softmax over the chosen ones; circulating files hold the experts in MXFP4.
///
/// The blend of YaRN's frequencies runs between fractions of a pair, as the model was trained; llama.cpp rounds them to
/// whole pairs.
/// - SeeAlso: OpenAI 2025, arXiv:2508.10925; Xiao et al. 2023, arXiv:2309.17453 (sinks).
enum GPTOSS {
    /// Of the gate, which no file states.
    private static let limit: Float = 7

    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        let rotary = try weights.rotaryTable(p, blendsWholePairs: false)
        let window = try reader.window()
        let isLocal = try reader.windowedLayers(p.layers, period: 2)
        let experts = try reader.requiredExperts()
        let routing = try reader.routing(experts, scoring: .softmaxOfChosen, normalizes: false)
        let hidden = try reader.expertHidden()
        return try ResidualDecoder(p, weights: weights) { index, block throws(ModelError) in
            var attention = try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: rotary)
            attention.window = isLocal[index] ? window : nil
            attention.sinks = try weights.vector("\(block).attn_sinks.weight", count: p.heads)
            return ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: attention,
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).post_attention_norm", p),
                feedForward: try ExpertMixture(
                    p, weights, block, experts: experts.count, hidden: hidden, routing: routing,
                    activation: .swigluOAI(limit: limit)))
        }
    }
}
