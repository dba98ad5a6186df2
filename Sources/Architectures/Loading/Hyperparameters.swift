internal import ModelFiles
package import Tensors

/// The numbers that define a decoder, read from GGUF metadata.
package struct Hyperparameters: Sendable {
    package var architecture: String
    package var layers: Int
    /// Width of the residual stream.
    package var width: Int
    package var feedForward: Int
    package var heads: Int
    package var kvHeads: Int
    package var headDim: Int
    package var vocabulary: Int
    /// Tokens that the model was trained for.
    package var context: Int
    /// Most tokens that it may be given: more where YaRN is stated, by the file or the publisher.
    package var longestContext: Int
    /// Factor of a YaRN that the file does not state, for more tokens than the model was trained for.
    package var extensionFactor: Double?
    package var epsilon: Float
    package var ropeDimensions: Int
    package var ropeBase: Double
    package var ropeScaling: RotaryScaling
}

/// Reads `ARCHITECTURE.*` keys with checks: every number comes from a file that may be damaged or hostile.
struct HyperparameterReader {
    let metadata: GGUFMetadata
    let architecture: String
    let file: String
    /// Rows of the embedding.
    let vocabulary: Int
    /// Tokens of context that the model is to have room for.
    let wantedContext: Int

    func has(_ key: String) -> Bool { metadata.contains("\(architecture).\(key)") }

    func optionalInteger(_ key: String, in range: ClosedRange<Int>) throws(ModelError) -> Int? {
        has(key) ? try integer(key, in: range) : nil
    }

    func integer(_ key: String, in range: ClosedRange<Int>, default fallback: Int? = nil) throws(ModelError) -> Int {
        let name = "\(architecture).\(key)"
        guard let value = metadata.integer(name) ?? fallback else { throw .missingKey(name, file: file) }
        guard range.contains(value) else {
            throw .invalidValue(
                key: name, value: "\(value)", expected: "\(range.lowerBound) to \(range.upperBound)", file: file)
        }
        return value
    }

    func float(_ key: String, default fallback: Float? = nil) throws(ModelError) -> Float {
        let name = "\(architecture).\(key)"
        guard let value = metadata.float(name) ?? fallback else { throw .missingKey(name, file: file) }
        guard value.isFinite, value > 0 else {
            throw .invalidValue(key: name, value: "\(value)", expected: "a positive number", file: file)
        }
        return value
    }

    /// What the decoders of all families share.
    func decoder() throws(ModelError) -> Hyperparameters {
        let width = try integer("embedding_length", in: 1...1 << 20)
        let heads = try integer("attention.head_count", in: 1...4096)
        let kvHeads = try integer("attention.head_count_kv", in: 1...4096, default: heads)
        guard heads % kvHeads == 0 else {
            throw .invalidValue(
                key: "\(architecture).attention.head_count_kv", value: "\(kvHeads)", expected: "a divisor of \(heads)",
                file: file)
        }
        let headDim = try integer("attention.key_length", in: 2...4096, default: max(2, width / heads))
        let context = try integer("context_length", in: 1...1 << 30)
        let ropeDimensions = try integer("rope.dimension_count", in: 2...headDim, default: headDim)
        var p = Hyperparameters(
            architecture: architecture,
            layers: try integer("block_count", in: 1...4096),
            width: width,
            feedForward: try integer(
                "feed_forward_length", in: 1...1 << 22,
                default: optionalInteger("expert_feed_forward_length", in: 1...1 << 22)),
            heads: heads,
            kvHeads: kvHeads,
            headDim: headDim,
            vocabulary: vocabulary,
            context: context,
            longestContext: context,
            epsilon: try float(
                has("attention.layer_norm_epsilon")
                    ? "attention.layer_norm_epsilon" : "attention.layer_norm_rms_epsilon"),
            ropeDimensions: ropeDimensions / 2 * 2,
            ropeBase: Double(try float("rope.freq_base", default: 10_000)),
            ropeScaling: try scaling(context: context))
        try p.extend(to: wantedContext, file: file)
        return p
    }

    /// Layers behind the model's own predict further tokens ahead; these are the parameters without them.
    func withoutDraftLayers(_ parameters: Hyperparameters) throws(ModelError) -> Hyperparameters {
        var p = parameters
        p.layers -= try integer("nextn_predict_layers", in: 0...p.layers - 1, default: 0)
        return p
    }

    private func scaling(context: Int) throws(ModelError) -> RotaryScaling {
        let key = "\(architecture).rope.scaling.type"
        // Files from before the key had a name for the type meant linear scaling.
        let legacy = metadata.float("\(architecture).rope.scale_linear")
        let type = metadata.string(key) ?? (legacy == nil ? "none" : "linear")
        switch type {
        case "none":
            return .none
        case "linear":
            return .linear(factor: Double(try float("rope.scaling.factor", default: legacy)))
        case "yarn":
            let original = try integer("rope.scaling.original_context_length", in: 1...1 << 30, default: context)
            // In GGUF this multiplies YaRN's own temperature; most files leave it out.
            let extra = try float("rope.scaling.attn_factor", default: 1)
            return .yarn(
                factor: Double(try float("rope.scaling.factor")), originalContext: original,
                betaFast: Double(try float("rope.scaling.yarn_beta_fast", default: 32)),
                betaSlow: Double(try float("rope.scaling.yarn_beta_slow", default: 1)),
                temperature: Double(extra))
        default:
            throw .invalidValue(key: key, value: "'\(type)'", expected: "none, linear or yarn", file: file)
        }
    }
}

extension WeightLoader {
    /// The rotation that the hyper-parameters and, in Llama 3 files, a tensor of divisors describe.
    func rotaryTable(_ p: Hyperparameters, blendsWholePairs: Bool = true) throws(ModelError) -> RotaryTable {
        var scaling = p.ropeScaling
        if has("rope_freqs.weight") {
            scaling = .divisors(try vector("rope_freqs.weight", count: p.ropeDimensions / 2).values)
        }
        return RotaryTable(
            dimensions: p.ropeDimensions, base: p.ropeBase, scaling: scaling, blendsWholePairs: blendsWholePairs)
    }
}
