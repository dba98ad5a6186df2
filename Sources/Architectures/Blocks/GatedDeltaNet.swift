internal import Tensors

/// Linear attention whose state forgets by a gate and is corrected by the delta rule.
///
/// Queries, keys and values pass a short causal convolution; the state of a head is a matrix from keys to values; what
/// a query reads is normalised and gated.
/// - SeeAlso: Yang et al. 2024, arXiv:2412.06464.
struct GatedDeltaNet: TokenMixer {
    /// How files order what belongs to the heads of values that share a head of queries and keys.
    enum HeadOrder: Sendable {
        /// Heads that share one lie side by side: Qwen3-Next.
        case grouped
        /// Heads that share one are as far apart as there are key heads: Qwen3.5.
        case tiled
    }

    /// Rows of a stored matrix and where its products go.
    private struct Input: Sendable {
        enum Target: Sendable { case mixed, gates, rates }
        var matrix: Matrix
        var target: Target
        var offset: Int
    }

    let shape: DeltaShape
    private let inputs: [Input]
    private let weights: DeltaWeights
    private let norm: Vector  // [valueDim]
    private let epsilon: Float
    private let output: Matrix  // [width, heads * valueDim]

    init(
        _ p: Hyperparameters, _ shape: DeltaShape, _ weights: WeightLoader, _ block: String, order: HeadOrder
    ) throws(ModelError) {
        self.shape = shape
        epsilon = p.epsilon
        var inputs = try Self.mixedInputs(p, shape, weights, block)
        let shared = shape.heads / shape.keyHeads
        var (ratePlace, decayPlace) = (Array(0..<shape.heads), Array(shape.heads..<2 * shape.heads))
        if weights.has("\(block).ssm_ba.weight") {
            inputs.append(
                Input(
                    matrix: try weights.matrix("\(block).ssm_ba.weight", rows: 2 * shape.heads, columns: p.width),
                    target: .rates, offset: 0))
            // For each key head the rates of its heads, then their decays.
            ratePlace = (0..<shape.heads).map { $0 / shared * 2 * shared + $0 % shared }
            decayPlace = ratePlace.map { $0 + shared }
        } else {
            for (index, name) in ["ssm_beta", "ssm_alpha"].enumerated() {
                inputs.append(
                    Input(
                        matrix: try weights.matrix("\(block).\(name).weight", rows: shape.heads, columns: p.width),
                        target: .rates, offset: index * shape.heads))
            }
        }
        self.inputs = inputs
        self.weights = DeltaWeights(
            convolution: try weights.columns("\(block).ssm_conv1d.weight", rows: shape.channels, columns: shape.taps),
            decay: try weights.vector("\(block).ssm_a", count: shape.heads),
            decayBias: try weights.vector("\(block).ssm_dt.bias", count: shape.heads),
            keyHead: (0..<shape.heads).map { order == .grouped ? $0 / shared : $0 % shape.keyHeads },
            ratePlace: ratePlace, decayPlace: decayPlace)
        norm = try weights.vector("\(block).ssm_norm.weight", count: shape.valueDim)
        output = try weights.matrix("\(block).ssm_out.weight", rows: p.width, columns: shape.valueWidth)
    }

    /// Queries, keys, values and gates: in two matrices, or, in older files, in one with the four of
    /// each key head together.
    private static func mixedInputs(
        _ p: Hyperparameters, _ shape: DeltaShape, _ weights: WeightLoader, _ block: String
    ) throws(ModelError) -> [Input] {
        guard weights.has("\(block).ssm_in.weight") else {
            return [
                Input(
                    matrix: try weights.matrix("\(block).attn_qkv.weight", rows: shape.channels, columns: p.width),
                    target: .mixed, offset: 0),
                Input(
                    matrix: try weights.matrix("\(block).attn_gate.weight", rows: shape.valueWidth, columns: p.width),
                    target: .gates, offset: 0),
            ]
        }
        let merged = try weights.matrix(
            "\(block).ssm_in.weight", rows: shape.channels + shape.valueWidth, columns: p.width, isAdaptable: false)
        let (keyDim, values) = (shape.keyDim, shape.heads / shape.keyHeads * shape.valueDim)
        let keyWidth = shape.keyHeads * keyDim
        return (0..<shape.keyHeads).flatMap { head in
            let first = head * 2 * (keyDim + values)
            let parts: [(Input.Target, offset: Int, count: Int)] = [
                (.mixed, head * keyDim, keyDim), (.mixed, keyWidth + head * keyDim, keyDim),
                (.mixed, 2 * keyWidth + head * values, values), (.gates, head * values, values),
            ]
            var row = first
            return parts.map { target, offset, count in
                defer { row += count }
                return Input(matrix: merged.part(row..<row + count), target: target, offset: offset)
            }
        }
    }

    func cacheByteCount(capacity: Int, kv: KVType) -> Int { RecurrentCache.byteCount(shape) }

    func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)? { RecurrentCache(shape) }

    func supports(_ kv: KVType) -> Bool { true }

    func mix(_ input: Activations, _ pass: Pass, caches: [any LayerCache], into destination: Output) {
        let (compute, tokens) = (pass.compute, pass.tokens)
        let mixed = unsafe pass.workspace.floats(.queries, tokens * shape.channels)
        let gates = unsafe pass.workspace.floats(.gates, tokens * shape.valueWidth)
        let rates = unsafe pass.workspace.floats(.scores, tokens * 2 * shape.heads)
        unsafe compute.project(
            input, tokens: tokens,
            inputs.map { part in
                switch part.target {
                case .mixed: unsafe Projection(part.matrix, output: mixed + part.offset, stride: shape.channels)
                case .gates: unsafe Projection(part.matrix, output: gates + part.offset, stride: shape.valueWidth)
                case .rates: unsafe Projection(part.matrix, output: rates + part.offset, stride: 2 * shape.heads)
                }
            })
        let attended = pass.workspace.activations(.attended, width: shape.valueWidth)
        attended.reserve(tokens: tokens)
        let heads = unsafe HeadRows(attended.values, heads: shape.heads, dim: shape.valueDim)
        let gateHeads = unsafe HeadRows(gates, heads: shape.heads, dim: shape.valueDim)
        for (segment, cache) in pass.parts(caches, as: RecurrentCache.self) {
            let first = segment.rows.lowerBound
            unsafe cache.advance(
                DeltaInput(
                    mixed: mixed + first * shape.channels, mixedStride: shape.channels,
                    rates: rates + first * 2 * shape.heads, rateStride: 2 * shape.heads, position: segment.position,
                    tokens: segment.tokens),
                weights, compute,
                into: DeltaOutput(
                    heads: heads.rows(from: first), gates: gateHeads.rows(from: first), norm: norm.pointer,
                    epsilon: epsilon))
        }
        compute.quantize(attended, tokens: tokens)
        unsafe compute.project(
            attended, tokens: tokens,
            [Projection(output, accumulates: destination.accumulates, output: destination.rows)])
    }
}

extension HyperparameterReader {
    /// The sizes of gated delta rule layers.
    func deltaShape() throws(ModelError) -> DeltaShape {
        let keyHeads = try integer("ssm.group_count", in: 1...4096)
        let heads = try integer("ssm.time_step_rank", in: 1...4096)
        let keyDim = try integer("ssm.state_size", in: 1...1024)
        let values = try integer("ssm.inner_size", in: 1...1 << 22)
        let taps = try integer("ssm.conv_kernel", in: 2...64)
        guard heads % keyHeads == 0 else {
            throw invalid("ssm.time_step_rank", heads, expected: "a multiple of \(keyHeads) groups")
        }
        guard keyDim % 32 == 0 else { throw invalid("ssm.state_size", keyDim, expected: "a multiple of 32") }
        guard values % (32 * heads) == 0 else {
            throw invalid("ssm.inner_size", values, expected: "\(heads) heads of a multiple of 32")
        }
        return DeltaShape(keyHeads: keyHeads, heads: heads, keyDim: keyDim, valueDim: values / heads, taps: taps)
    }
}
