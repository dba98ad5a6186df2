internal import ModelFiles
internal import Tensors

/// DeepSeek-V2, Coder-V2, V3, V3.1, Kimi K2 and GLM-4.7-Flash: latent attention; a few dense layers, then experts with
/// shared ones. V2 routes by softmax, its successors by sigmoids with a bias that balances the load.
///
/// llama.cpp ranks V2's groups by their two best experts; like transformers, this ranks them by the best.
/// - SeeAlso: DeepSeek-AI 2024, arXiv:2405.04434 and arXiv:2412.19437.
enum DeepSeek2 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try decoder(reader, weights) { p, block, shape, rotation throws(ModelError) in
            try LatentAttention(p, reader, weights, block, shape, rotation)
        }
    }

    /// The decoder of all generations, which differ in what a token attends to.
    static func decoder(
        _ reader: HyperparameterReader, _ weights: WeightLoader,
        attention: (Hyperparameters, _ block: String, LatentShape, LatentRotation) throws(ModelError) -> any TokenMixer
    ) throws(ModelError) -> any Decoder {
        let p = try reader.withoutDraftLayers(reader.decoder())
        let shape = try reader.latentShape(p)
        let rotation = try reader.latentRotation(p, shape)
        return try ResidualDecoder(p, weights: weights) { index, block throws(ModelError) in
            ResidualDecoder.Layer(
                attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                attention: try attention(p, block, shape, rotation),
                feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
                feedForward: try feedForward(p, reader, weights, block, index))
        }
    }

    /// The block of layer `index`: dense in front, experts behind.
    private static func feedForward(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String, _ index: Int
    ) throws(ModelError) -> any ChannelMixer {
        let dense = try reader.integer("leading_dense_block_count", in: 0...4096, default: 0)
        guard index >= dense, let experts = try reader.experts() else {
            return try GatedFeedForward(p, weights, block)
        }
        // Only models that score by sigmoids have a bias; old files do not say how theirs scores.
        let bias = try weights.optionalVector("\(block).exp_probs_b.bias", count: experts.count)
        var routing = try reader.routing(
            experts, scoring: bias == nil ? .softmax : .sigmoid, normalizes: false, selectionBias: bias)
        routing.groupScore = routing.scoring == .softmax ? .best : .sumOfBestTwo
        var mixture = try ExpertMixture(
            p, weights, block, experts: experts.count, hidden: try reader.expertHidden(), routing: routing)
        try mixture.loadShared(p, reader, weights, block)
        return mixture
    }
}

/// The rotation of a part of the keys, and the factor on scores that its scaling brings along.
struct LatentRotation: Sendable {
    var table: RotaryTable
    var scoreScale: Float
}

extension HyperparameterReader {
    /// Files from before the matrices were split give the extents of expanded keys and values under the usual names.
    func latentShape(_ p: Hyperparameters) throws(ModelError) -> LatentShape {
        guard !has("attention.temperature_scale") else {
            throw .invalidValue(
                key: "\(architecture).attention.temperature_scale", value: "a number", expected: "no such key",
                file: file)
        }
        let latent = try integer("attention.kv_lora_rank", in: 32...1 << 14)
        let keyDim = try integer("attention.key_length_mla", in: 1...4096, default: p.headDim)
        let valueDim = try integer(
            "attention.value_length_mla", in: 1...4096, default: integer("attention.value_length", in: 1...1 << 15))
        let shape = LatentShape(
            heads: p.heads, latent: latent, ownDim: keyDim - p.ropeDimensions, rotatedDim: p.ropeDimensions,
            valueDim: valueDim)
        guard shape.latent % 32 == 0 else {
            throw .invalidValue(
                key: "\(architecture).attention.kv_lora_rank", value: "\(latent)", expected: "a multiple of 32",
                file: file)
        }
        guard shape.ownDim > 0, shape.ownDim % 16 == 0 else {
            throw .invalidValue(
                key: "\(architecture).attention.key_length_mla", value: "\(keyDim)",
                expected: "\(p.ropeDimensions) rotated elements and a multiple of 16 others", file: file)
        }
        guard valueDim <= 4096, valueDim % 16 == 0 else {
            throw .invalidValue(
                key: "\(architecture).attention.value_length_mla", value: "\(valueDim)",
                expected: "a multiple of 16 up to 4096", file: file)
        }
        return shape
    }

    /// YaRN as DeepSeek applies it: with `yarn_log_multiplier`, its temperature goes to the scores of whole keys instead
    /// of the rotated part.
    func latentRotation(_ p: Hyperparameters, _ shape: LatentShape) throws(ModelError) -> LatentRotation {
        let scale = 1 / Float(shape.keyDim).squareRoot()
        guard case .yarn(let factor, let original, let betaFast, let betaSlow, let temperature) = p.ropeScaling,
            case let multiplier = metadata.float("\(architecture).rope.scaling.yarn_log_multiplier") ?? 0,
            multiplier != 0
        else {
            let table = RotaryTable(dimensions: p.ropeDimensions, base: p.ropeBase, scaling: p.ropeScaling)
            return LatentRotation(table: table, scoreScale: scale)
        }
        guard multiplier.isFinite, abs(multiplier) < 100 else {
            throw .invalidValue(
                key: "\(architecture).rope.scaling.yarn_log_multiplier", value: "\(multiplier)",
                expected: "a small number", file: file)
        }
        let table = RotaryTable(
            dimensions: p.ropeDimensions, base: p.ropeBase,
            scaling: .yarn(
                factor: factor, originalContext: original, betaFast: betaFast, betaSlow: betaSlow,
                temperature: temperature / RotaryScaling.yarnTemperature(factor: factor)))
        let magnitude = Float(RotaryScaling.yarnTemperature(factor: factor, multiplier: 10 * Double(multiplier)))
        return LatentRotation(table: table, scoreScale: scale * magnitude * magnitude)
    }
}

extension LatentAttention {
    /// Loads the usual names; old files have one matrix for keys and values.
    init(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String,
        _ shape: LatentShape, _ rotation: LatentRotation
    ) throws(ModelError) {
        let queryRows = shape.heads * shape.keyDim
        let query: Query
        if weights.has("\(block).attn_q_a.weight") {
            let rank = try reader.integer("attention.q_lora_rank", in: 1...1 << 16)
            query = .compressed(
                down: try weights.matrix("\(block).attn_q_a.weight", rows: rank, columns: p.width),
                norm: try weights.vector("\(block).attn_q_a_norm.weight", count: rank),
                up: try weights.matrix("\(block).attn_q_b.weight", rows: queryRows, columns: rank))
        } else {
            query = .direct(try weights.matrix("\(block).attn_q.weight", rows: queryRows, columns: p.width))
        }
        let (keys, values): (Keys, MatrixBank)
        if weights.has("\(block).attn_kv_b.weight") {
            (keys, values) = try Self.unsplit(weights, "\(block).attn_kv_b.weight", shape)
        } else {
            keys = .absorbing(
                try weights.bank(
                    "\(block).attn_k_b.weight", count: shape.heads, rows: shape.latent, columns: shape.ownDim))
            values = try weights.bank(
                "\(block).attn_v_b.weight", count: shape.heads, rows: shape.valueDim, columns: shape.latent)
        }
        self.init(
            shape: shape, query: query,
            latent: try weights.matrix(
                "\(block).attn_kv_a_mqa.weight", rows: shape.latent + shape.rotatedDim, columns: p.width),
            latentNorm: try weights.vector("\(block).attn_kv_a_norm.weight", count: shape.latent),
            keys: keys, values: values,
            output: try weights.matrix(
                "\(block).attn_output.weight", rows: p.width, columns: shape.heads * shape.valueDim),
            rotary: rotation.table, scale: rotation.scoreScale, epsilon: p.epsilon)
    }

    /// Each head's key and value rows lie together; what takes queries to the latent space is made here.
    private static func unsplit(
        _ weights: WeightLoader, _ name: String, _ shape: LatentShape
    ) throws(ModelError) -> (Keys, MatrixBank) {
        func part(_ first: Int, _ rows: Int) throws(ModelError) -> MatrixBank {
            try weights.stackedBank(
                name, count: shape.heads, rows: rows, columns: shape.latent, firstRow: first,
                storedRows: shape.ownDim + shape.valueDim)
        }
        let expanding = try part(0, shape.ownDim)
        guard let absorbing = expanding.transposed() else { throw .outOfMemory(tensor: name, file: weights.path) }
        return (.both(absorbing: absorbing, expanding: expanding), try part(shape.ownDim, shape.valueDim))
    }
}
