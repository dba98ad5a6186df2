internal import Tensors

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Queries that grow with their position: by 1 + slope * ln(1 + whole lengths before it).
struct QueryTemperature: Sendable {
    var slope: Float
    /// Tokens.
    var length: Int

    func factor(at position: Int) -> Float { 1 + slope * Float(log(Double(1 + position / length))) }
}

/// Attention in which several query heads share one pair of key and value heads.
/// - SeeAlso: Ainslie et al. 2023, arXiv:2305.13245.
struct GroupedQueryAttention: TokenMixer {
    /// Root-mean-square norm of queries or keys before their rotation.
    enum QueryKeyNorm: Sendable {
        /// Every head by itself, [headDim].
        case heads(Vector)
        /// All heads of a token together, [heads * headDim].
        case row(Vector)
    }

    var heads: Int
    var kvHeads: Int
    var headDim: Int
    var query: Matrix  // [heads * headDim, width]; twice the rows with `hasOutputGate`
    var key: Matrix  // [kvHeads * headDim, width]
    var value: Matrix  // [kvHeads * headDim, width]
    var queryBias: Vector?
    var keyBias: Vector?
    var valueBias: Vector?
    var queryNorm: QueryKeyNorm?
    var keyNorm: QueryKeyNorm?
    var epsilon: Float
    /// Nil for layers without positions.
    var rotary: RotaryTable?
    var pairing: RotaryPairing
    /// Factor on the scores; nil for 1 / sqrt(headDim).
    var scale: Float?
    var temperature: QueryTemperature?
    /// Keys that a token sees, itself included; nil for all.
    var window: Int?
    /// Whether a token sees only those before it and itself: false in encoders.
    var isCausal = true
    /// [heads]: scores that take part in the softmax and have no value.
    var sinks: Vector?
    /// Whether each head's rows of `query` are followed by as many for a gate on the head's output.
    var hasOutputGate = false
    var output: Matrix  // [width, heads * headDim]
    var outputBias: Vector?

    /// Loads the usual names; biases and norms where the file has them.
    init(
        _ p: Hyperparameters, _ weights: WeightLoader, _ block: String, pairing: RotaryPairing, rotary: RotaryTable?,
        hasOutputGate: Bool = false
    ) throws(ModelError) {
        (heads, kvHeads, headDim, epsilon) = (p.heads, p.kvHeads, p.headDim, p.epsilon)
        (self.pairing, self.rotary, self.hasOutputGate) = (pairing, rotary, hasOutputGate)
        let (queryWidth, keyWidth) = (p.heads * p.headDim, p.kvHeads * p.headDim)
        let queryRows = hasOutputGate ? 2 * queryWidth : queryWidth
        query = try weights.matrix("\(block).attn_q.weight", rows: queryRows, columns: p.width)
        key = try weights.matrix("\(block).attn_k.weight", rows: keyWidth, columns: p.width)
        value = try weights.matrix("\(block).attn_v.weight", rows: keyWidth, columns: p.width)
        output = try weights.matrix("\(block).attn_output.weight", rows: p.width, columns: queryWidth)
        queryBias = try weights.optionalVector("\(block).attn_q.bias", count: queryRows)
        keyBias = try weights.optionalVector("\(block).attn_k.bias", count: keyWidth)
        valueBias = try weights.optionalVector("\(block).attn_v.bias", count: keyWidth)
        outputBias = try weights.optionalVector("\(block).attn_output.bias", count: p.width)
    }

    private var shape: KVShape { KVShape(heads: kvHeads, keyDim: headDim, valueDim: headDim) }

    func cacheByteCount(capacity: Int, kv: KVType) -> Int { shape.byteCount(capacity: capacity, type: kv) }

    func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)? { KVCache(shape, capacity: capacity, type: kv) }

    func supports(_ kv: KVType) -> Bool { shape.fits(kv) }

    func mix(_ input: Activations, _ pass: Pass, caches: [any LayerCache], into destination: Output) {
        let (compute, tokens) = (pass.compute, pass.tokens)
        let projected = unsafe pass.workspace.floats(.queries, tokens * query.rows)
        let keys = unsafe pass.workspace.floats(.keys, tokens * key.rows)
        let values = unsafe pass.workspace.floats(.values, tokens * value.rows)
        unsafe compute.project(
            input, tokens: tokens,
            [
                Projection(query, bias: queryBias?.pointer, output: projected),
                Projection(key, bias: keyBias?.pointer, output: keys),
                Projection(value, bias: valueBias?.pointer, output: values),
            ])
        let pitch = hasOutputGate ? 2 * headDim : headDim
        let queryHeads = unsafe HeadRows(projected, heads: heads, dim: headDim, pitch: pitch)
        let keyHeads = unsafe HeadRows(keys, heads: kvHeads, dim: headDim)
        unsafe normalize(queryHeads, queryNorm, pass)
        unsafe normalize(keyHeads, keyNorm, pass)
        if let rotary {
            let rotations = pass.rotations(rotary)
            unsafe compute.rotate(queryHeads, tokens: tokens, rotations, pairing: pairing)
            unsafe compute.rotate(keyHeads, tokens: tokens, rotations, pairing: pairing)
        }
        unsafe scale(queryHeads, pass)
        let valueHeads = unsafe HeadRows(values, heads: kvHeads, dim: headDim)
        let attended = pass.workspace.activations(.attended, width: heads * headDim)
        attended.reserve(tokens: tokens)
        let attendedHeads = unsafe HeadRows(attended.values, heads: heads, dim: headDim)
        let attentions = unsafe pass.parts(caches, as: KVCache.self).map { segment, cache in
            let first = segment.rows.lowerBound
            unsafe compute.store(
                keys: keyHeads.rows(from: first), values: valueHeads.rows(from: first), tokens: segment.tokens,
                position: segment.position, in: cache)
            return unsafe Attention(
                input: AttentionInput(
                    queries: queryHeads.rows(from: first), position: segment.position, tokens: segment.tokens,
                    scale: scale, window: window, isCausal: isCausal, sinks: sinks?.pointer),
                cache: cache, output: attendedHeads.rows(from: first))
        }
        unsafe compute.attend(attentions, partials: pass.workspace.partials)
        if hasOutputGate {
            let gates = unsafe HeadRows(projected + headDim, heads: heads, dim: headDim, pitch: pitch)
            unsafe compute.gate(attendedHeads, by: gates, tokens: tokens)
        }
        compute.quantize(attended, tokens: tokens)
        unsafe compute.project(
            attended, tokens: tokens,
            [
                Projection(
                    output, bias: outputBias?.pointer, accumulates: destination.accumulates, output: destination.rows)
            ])
    }

    private func scale(_ queries: HeadRows, _ pass: Pass) {
        guard let temperature else { return }
        for segment in pass.segments {
            for token in segment.rows {
                let factor = temperature.factor(at: segment.position + token - segment.rows.lowerBound)
                guard factor != 1 else { continue }
                for head in 0..<heads {
                    let row = unsafe queries.start + token * queries.stride + head * queries.pitch
                    for i in 0..<headDim { unsafe row[i] *= factor }
                }
            }
        }
    }

    private func normalize(_ rows: HeadRows, _ norm: QueryKeyNorm?, _ pass: Pass) {
        switch norm {
        case .heads(let weight):
            unsafe pass.compute.normalizeHeads(rows, tokens: pass.tokens, weight: weight.pointer, epsilon: epsilon)
        case .row(let weight):
            let row = unsafe HeadRows(rows.start, heads: 1, dim: rows.heads * rows.dim)
            unsafe pass.compute.normalizeHeads(row, tokens: pass.tokens, weight: weight.pointer, epsilon: epsilon)
        case nil: break
        }
    }
}
