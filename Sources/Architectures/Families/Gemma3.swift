internal import Tensors

/// Gemma 3: scaled embeddings, norms before and after every block and on query and key heads, and windows in all but
/// every sixth layer, which rotate by a base of their own.
///
/// GGUF files hold the norms' weights with the 1 that the model adds to them. They lack the divisor of the scores: it
/// is the head's width in all sizes but 27B, whose heads are narrower than their share of the residual stream.
/// - SeeAlso: Gemma Team 2025, arXiv:2503.19786.
enum Gemma3 {
    private static let layersOf27B = 62

    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        let p = try reader.decoder()
        guard !reader.has("final_logit_softcapping") else {
            throw .invalidValue(
                key: "\(p.architecture).final_logit_softcapping", value: "a limit", expected: "none in Gemma 3",
                file: weights.path)
        }
        let divisor = p.layers == layersOf27B ? p.width / p.heads : p.headDim
        let scale = try reader.float("attention.scale", default: 1 / Float(divisor).squareRoot())
        let window = try reader.window()
        let isLocal = try reader.windowedLayers(p.layers, period: 6)
        let global = try weights.rotaryTable(p)
        let local = RotaryTable(
            dimensions: p.ropeDimensions, base: Double(try reader.float("rope.freq_base_swa", default: 10_000)),
            scaling: .none)
        return try ResidualDecoder(p, weights: weights, embeddingScale: Float(p.width).squareRoot()) {
            index, block throws(ModelError) in
            let sees = window != nil && isLocal[index]
            var attention = try GroupedQueryAttention(
                p, weights, block, pairing: .halves, rotary: sees ? local : global)
            attention.queryNorm = .heads(try weights.vector("\(block).attn_q_norm.weight", count: p.headDim))
            attention.keyNorm = .heads(try weights.vector("\(block).attn_k_norm.weight", count: p.headDim))
            attention.scale = scale
            attention.window = sees ? window : nil
            return ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: attention,
                attentionPostNorm: try weights.vector("\(block).post_attention_norm.weight", count: p.width),
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
                feedForward: try GatedFeedForward(p, weights, block, activation: .gelu),
                feedForwardPostNorm: try weights.vector("\(block).post_ffw_norm.weight", count: p.width))
        }
    }
}
