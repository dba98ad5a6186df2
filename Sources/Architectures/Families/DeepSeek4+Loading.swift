internal import ModelFiles
internal import Tensors

extension DeepSeek4 {
    init(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) {
        let p = try reader.withoutDraftLayers(reader.decoder())
        hyperparameters = p
        let streams = try reader.integer("hyper_connection.count", in: 1...HyperConnection.mostStreams)
        self.streams = streams
        embedding = try weights.matrix(
            "token_embd.weight", rows: p.vocabulary, columns: p.width, isAdaptable: false)
        unembedding = try Unembedding(p, weights, embedding: embedding)
        let connections = try ConnectionLoader(p, reader, weights, streams: streams)
        outputStreams = try connections.load("output_hc", coefficients: streams, scales: 1)
        let attention = try CompressedAttentionLoader(p, reader, weights)
        var layers: [Layer] = []
        for index in 0..<p.layers {
            let block = "blk.\(index)"
            layers.append(
                Layer(
                    attentionStreams: try connections.load(
                        "\(block).hc_attn", coefficients: (2 + streams) * streams, scales: 3),
                    attentionNorm: try weights.rootMeanSquareNorm("\(block).attn_norm", p),
                    attention: try attention.load(index, block),
                    feedForwardStreams: try connections.load(
                        "\(block).hc_ffn", coefficients: (2 + streams) * streams, scales: 3),
                    feedForwardNorm: try weights.rootMeanSquareNorm("\(block).ffn_norm", p),
                    feedForward: try Self.mixture(p, reader, weights, index, block)))
        }
        self.layers = layers
    }

    private static func mixture(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ index: Int, _ block: String
    ) throws(ModelError) -> ExpertMixture {
        let experts = try reader.requiredExperts()
        let byToken = index < (try reader.integer("hash_layer_count", in: 0...4096, default: 0))
        let bias = byToken ? nil : try weights.vector("\(block).exp_probs_b.bias", count: experts.count)
        let routing = try reader.routing(
            experts, scoring: .squareRootOfSoftplus, normalizes: true, selectionBias: bias)
        let limit = try reader.limit("swiglu_clamp_exp", layer: index) ?? 0
        let sharedLimit = try reader.limit("swiglu_clamp_shexp", layer: index) ?? limit
        var mixture = try ExpertMixture(
            p, weights, block, experts: experts.count, hidden: try reader.expertHidden(), routing: routing,
            activation: .silu(limit: limit))
        if byToken {
            mixture.prescribed = try weights.table(
                "\(block).ffn_gate_tid2eid.weight", rows: p.vocabulary, columns: experts.used, below: experts.count)
        }
        try mixture.loadShared(p, reader, weights, block, activation: .silu(limit: sharedLimit))
        return mixture
    }
}

/// Loads hyper-connections of one model.
private struct ConnectionLoader {
    let weights: WeightLoader
    let streams: Int
    let width: Int
    let epsilon: Float
    let floor: Float
    let iterations: Int

    init(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, streams: Int
    ) throws(ModelError) {
        (self.weights, self.streams, width, epsilon) = (weights, streams, p.width, p.epsilon)
        floor = try reader.float("hyper_connection.epsilon")
        iterations = try reader.integer("hyper_connection.sinkhorn_iterations", in: 1...1000)
    }

    func load(_ prefix: String, coefficients: Int, scales: Int) throws(ModelError) -> HyperConnection {
        HyperConnection(
            weights: try weights.matrix("\(prefix)_fn.weight", rows: coefficients, columns: streams * width),
            base: try weights.vector("\(prefix)_base.weight", count: coefficients),
            scale: try weights.vector("\(prefix)_scale.weight", count: scales), streams: streams, epsilon: epsilon,
            floor: floor, iterations: iterations)
    }
}

/// Loads the attention of a model's layers, which differ in how they compress.
private struct CompressedAttentionLoader {
    let p: Hyperparameters
    let reader: HyperparameterReader
    let weights: WeightLoader
    let window: Int
    let queryRank: Int
    let groups: Int
    let outputRank: Int
    /// Tokens of a window for each layer; 0 where nothing is compressed.
    let ratios: [Int]
    /// Of layers that compress nothing, and of the others.
    let plain: RotaryTable
    let compressing: RotaryTable

    init(_ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) {
        (self.p, self.reader, self.weights) = (p, reader, weights)
        window = try reader.integer("attention.sliding_window", in: 1...1 << 20)
        queryRank = try reader.integer("attention.q_lora_rank", in: 1...1 << 16)
        groups = try reader.integer("attention.output_group_count", in: 1...p.heads)
        outputRank = try reader.integer("attention.output_lora_rank", in: 1...1 << 16)
        ratios = try reader.ratios(p.layers)
        guard p.heads % groups == 0 else {
            throw reader.invalid("attention.output_group_count", groups, expected: "a divisor of \(p.heads) heads")
        }
        guard p.headDim % 16 == 0 else {
            throw reader.invalid("attention.key_length", p.headDim, expected: "a multiple of 16")
        }
        plain = RotaryTable(dimensions: p.ropeDimensions, base: p.ropeBase, scaling: .none)
        var scaling = p.ropeScaling
        // Cosines and sines are not scaled, as the model was trained.
        if case .yarn(let factor, let original, let betaFast, let betaSlow, let temperature) = scaling {
            scaling = .yarn(
                factor: factor, originalContext: original, betaFast: betaFast, betaSlow: betaSlow,
                temperature: temperature / RotaryScaling.yarnTemperature(factor: factor))
        }
        compressing = RotaryTable(
            dimensions: p.ropeDimensions, base: Double(try reader.float("attention.compress_rope_freq_base")),
            scaling: scaling)
    }

    func load(_ index: Int, _ block: String) throws(ModelError) -> CompressedAttention {
        let (heads, headDim, ratio) = (p.heads, p.headDim, ratios[index])
        let rotary = ratio == 0 ? plain : compressing
        // Only overlapping windows come with an indexer.
        let isIndexed = ratio > 0 && weights.has("\(block).indexer.proj.weight")
        return CompressedAttention(
            heads: heads, headDim: headDim, window: window,
            queryDown: try weights.matrix("\(block).attn_q_a.weight", rows: queryRank, columns: p.width),
            queryNorm: try weights.vector("\(block).attn_q_a_norm.weight", count: queryRank),
            queryUp: try weights.matrix("\(block).attn_q_b.weight", rows: heads * headDim, columns: queryRank),
            row: try weights.matrix("\(block).attn_kv.weight", rows: headDim, columns: p.width),
            rowNorm: try weights.vector("\(block).attn_kv_a_norm.weight", count: headDim),
            sinks: try weights.vector("\(block).attn_sinks.weight", count: heads), rotary: rotary,
            epsilon: p.epsilon,
            compressor: ratio == 0
                ? nil
                : try Compressor(
                    p, weights, "\(block).attn_compressor", ratio: ratio, width: headDim, overlaps: isIndexed,
                    rotary: rotary),
            indexer: isIndexed ? try indexer(block, ratio: ratio) : nil,
            outputDown: try weights.stackedBank(
                "\(block).attn_output_a.weight", count: groups, rows: outputRank, columns: heads / groups * headDim),
            outputUp: try weights.matrix(
                "\(block).attn_output_b.weight", rows: p.width, columns: groups * outputRank))
    }

    private func indexer(_ block: String, ratio: Int) throws(ModelError) -> CompressedAttention.Indexer {
        let (count, heads, headDim) = try reader.indexer(rotated: p.ropeDimensions)
        return CompressedAttention.Indexer(
            compressor: try Compressor(
                p, weights, "\(block).indexer_compressor", ratio: ratio, width: headDim, overlaps: true,
                rotary: compressing),
            query: try weights.matrix("\(block).indexer.attn_q_b.weight", rows: heads * headDim, columns: queryRank),
            headWeights: try weights.matrix("\(block).indexer.proj.weight", rows: heads, columns: p.width),
            count: count, heads: heads)
    }
}

extension HyperparameterReader {
    /// Tokens of a compressed window for each layer.
    fileprivate func ratios(_ layers: Int) throws(ModelError) -> [Int] {
        let key = "\(architecture).attention.compress_ratios"
        guard let ratios = metadata.integers(key) else { throw .missingKey(key, file: file) }
        guard ratios.count >= layers, ratios.allSatisfy({ (0...1 << 16).contains($0) }) else {
            throw .invalidValue(
                key: key, value: "\(ratios.count) numbers", expected: "a window's tokens for each of \(layers) layers",
                file: file)
        }
        return Array(ratios.prefix(layers))
    }

    /// What an activation's operands are cut at in a layer: one number for all layers, or one for each.
    fileprivate func limit(_ key: String, layer: Int) throws(ModelError) -> Float? {
        let name = "\(architecture).\(key)"
        guard has(key) else { return nil }
        let value = metadata.float(name) ?? metadata.floats(name).flatMap { layer < $0.count ? $0[layer] : nil }
        guard let value, value >= 0 else {
            throw .invalidValue(
                key: name, value: value.map { "\($0)" } ?? "unreadable", expected: "a limit for layer \(layer)",
                file: file)
        }
        return value
    }
}
