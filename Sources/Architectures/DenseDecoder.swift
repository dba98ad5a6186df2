internal import Tensors

/// The decoder that the Llama line of models shares: RMSNorm, rotary grouped-query attention, gated feed-forward.
///
/// A family describes what it does differently (`biases`, `pairing`, scaling); this file reads top to bottom like
/// the paper. - SeeAlso: Touvron et al. 2023, arXiv:2302.13971; Ainslie et al. 2023, arXiv:2305.13245.
package struct DenseDecoder: Sendable {
    struct Layer: Sendable {
        var attentionNorm: Vector  // [width]
        var query: Matrix  // [heads * headDim, width]
        var key: Matrix  // [kvHeads * headDim, width]
        var value: Matrix  // [kvHeads * headDim, width]
        var queryBias: Vector?
        var keyBias: Vector?
        var valueBias: Vector?
        var output: Matrix  // [width, heads * headDim]
        var outputBias: Vector?
        var feedForwardNorm: Vector  // [width]
        var gate: Matrix  // [feedForward, width]
        var up: Matrix  // [feedForward, width]
        var down: Matrix  // [width, feedForward]
    }

    package let hyperparameters: Hyperparameters
    let pairing: RotaryPairing
    let rotary: RotaryTable
    let embedding: Matrix  // [vocabulary, width]
    let layers: [Layer]
    let outputNorm: Vector  // [width]
    let unembedding: Matrix  // [vocabulary, width]

    /// Loads weights by their GGUF names.
    init(_ parameters: Hyperparameters, weights: WeightLoader, pairing: RotaryPairing) throws(ModelError) {
        hyperparameters = parameters
        self.pairing = pairing
        let p = parameters
        let (queryWidth, keyWidth) = (p.heads * p.headDim, p.kvHeads * p.headDim)
        var scaling = p.ropeScaling
        if weights.has("rope_freqs.weight") {
            scaling = .divisors(try weights.vector("rope_freqs.weight", count: p.ropeDimensions / 2).values)
        }
        rotary = RotaryTable(dimensions: p.ropeDimensions, base: p.ropeBase, scaling: scaling)
        embedding = try weights.matrix("token_embd.weight", rows: p.vocabulary, columns: p.width)
        unembedding =
            weights.has("output.weight")
            ? try weights.matrix("output.weight", rows: p.vocabulary, columns: p.width) : embedding
        outputNorm = try weights.vector("output_norm.weight", count: p.width)
        var layers: [Layer] = []
        for index in 0..<p.layers {
            let block = "blk.\(index)"
            layers.append(
                Layer(
                    attentionNorm: try weights.vector("\(block).attn_norm.weight", count: p.width),
                    query: try weights.matrix("\(block).attn_q.weight", rows: queryWidth, columns: p.width),
                    key: try weights.matrix("\(block).attn_k.weight", rows: keyWidth, columns: p.width),
                    value: try weights.matrix("\(block).attn_v.weight", rows: keyWidth, columns: p.width),
                    queryBias: try weights.optionalVector("\(block).attn_q.bias", count: queryWidth),
                    keyBias: try weights.optionalVector("\(block).attn_k.bias", count: keyWidth),
                    valueBias: try weights.optionalVector("\(block).attn_v.bias", count: keyWidth),
                    output: try weights.matrix("\(block).attn_output.weight", rows: p.width, columns: queryWidth),
                    outputBias: try weights.optionalVector("\(block).attn_output.bias", count: p.width),
                    feedForwardNorm: try weights.vector("\(block).ffn_norm.weight", count: p.width),
                    gate: try weights.matrix("\(block).ffn_gate.weight", rows: p.feedForward, columns: p.width),
                    up: try weights.matrix("\(block).ffn_up.weight", rows: p.feedForward, columns: p.width),
                    down: try weights.matrix("\(block).ffn_down.weight", rows: p.width, columns: p.feedForward)))
        }
        self.layers = layers
    }

    /// Runs `ids` at positions `position...` and reports the logits of the rows in `wanted`.
    ///
    /// - Parameters:
    ///   - ids: [tokens], each within the vocabulary.
    ///   - wanted: rows of this batch whose logits `report` receives, [vocabulary] each, valid during the call.
    ///   - goOn: asked before each layer; false stops there, and what the cache holds from `position` on is void.
    /// - Returns: whether it came to the end.
    func forward(
        _ ids: UnsafeBufferPointer<Int32>, position: Int, cache: KVCache, _ state: DecoderState, compute: Compute,
        wanted: Range<Int>, goOn: () -> Bool, report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool {
        let p = hyperparameters
        let tokens = ids.count
        state.reserve(tokens: tokens)
        let residual = unsafe state.residual.pointer  // [tokens, width]
        for unsafe(row, id) in unsafe ids.enumerated() {
            unsafe compute.decodeRow(Int(id), of: embedding, into: residual + row * p.width)
        }
        compute.prepareRotation(rotary, positions: position..<position + tokens, state.attention)
        for (index, layer) in layers.enumerated() {
            guard goOn() else { return false }
            unsafe attend(layer, index, residual, tokens: tokens, position: position, cache, state, compute)
            unsafe feedForward(layer, residual, tokens: tokens, state, compute)
        }
        unsafe unembed(residual, wanted: wanted, state, compute, report: report)
        return true
    }

    private func attend(
        _ layer: Layer, _ index: Int, _ residual: UnsafeMutablePointer<Float>, tokens: Int, position: Int,
        _ cache: KVCache, _ state: DecoderState, _ compute: Compute
    ) {
        let p = hyperparameters
        unsafe compute.normalize(
            residual, tokens: tokens, weight: layer.attentionNorm.pointer, epsilon: p.epsilon, into: state.normalized)
        let (queries, keys, values) = unsafe (state.queries.pointer, state.keys.pointer, state.values.pointer)
        unsafe compute.project(
            state.normalized, tokens: tokens,
            [
                Projection(layer.query, bias: layer.queryBias?.pointer, output: queries),
                Projection(layer.key, bias: layer.keyBias?.pointer, output: keys),
                Projection(layer.value, bias: layer.valueBias?.pointer, output: values),
            ])
        let input = unsafe AttentionInput(
            queryHeads: p.heads, dim: p.headDim, queries: queries, keys: keys, values: values, position: position,
            tokens: tokens, layer: index)
        unsafe compute.rotateAndStore(input, pairing: pairing, table: rotary, cache: cache, state.attention)
        unsafe compute.attend(input, cache: cache, into: state.attended, state.attention)
        unsafe compute.project(
            state.attended, tokens: tokens,
            [Projection(layer.output, bias: layer.outputBias?.pointer, accumulates: true, output: residual)])
    }

    private func feedForward(
        _ layer: Layer, _ residual: UnsafeMutablePointer<Float>, tokens: Int, _ state: DecoderState, _ compute: Compute
    ) {
        unsafe compute.normalize(
            residual, tokens: tokens, weight: layer.feedForwardNorm.pointer, epsilon: hyperparameters.epsilon,
            into: state.normalized)
        compute.projectGated(state.normalized, tokens: tokens, gate: layer.gate, up: layer.up, into: state.gated)
        unsafe compute.project(
            state.gated, tokens: tokens, [Projection(layer.down, accumulates: true, output: residual)])
    }

    /// Logits in blocks of rows: a full batch of them would take hundreds of megabytes.
    private func unembed(
        _ residual: UnsafeMutablePointer<Float>, wanted: Range<Int>, _ state: DecoderState, _ compute: Compute,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) {
        let p = hyperparameters
        let block = 32
        for first in stride(from: wanted.lowerBound, to: wanted.upperBound, by: block) {
            let rows = min(block, wanted.upperBound - first)
            state.logits.reserve(rows * p.vocabulary)
            unsafe compute.normalize(
                residual + first * p.width, tokens: rows, weight: outputNorm.pointer, epsilon: p.epsilon,
                into: state.normalized)
            unsafe compute.project(
                state.normalized, tokens: rows, [Projection(unembedding, output: state.logits.pointer)])
            for row in 0..<rows {
                let start = unsafe state.logits.pointer + row * p.vocabulary
                unsafe report(first + row, UnsafeMutableBufferPointer(start: start, count: p.vocabulary))
            }
        }
    }
}
