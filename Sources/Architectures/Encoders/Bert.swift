internal import Tensors

/// BERT: learned positions and token types, attention that sees the whole text, and a layer norm behind every block's
/// sum instead of in front of the block.
/// - SeeAlso: Devlin et al. 2018, arXiv:1810.04805.
struct Bert: Sendable {
    struct Layer: Sendable {
        var attention: GroupedQueryAttention
        var attentionNorm: Norm
        var feedForward: PlainFeedForward
        var feedForwardNorm: Norm
    }

    let hyperparameters: Hyperparameters
    let tokens: Matrix  // [vocabulary, width]
    let positions: Matrix  // [context, width]
    let tokenTypes: Matrix?  // [types, width]
    let norm: Norm
    let layers: [Layer]
    let classifier: PairClassifier?

    init(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) {
        let p = try reader.decoder()
        hyperparameters = p
        tokens = try weights.matrix("token_embd.weight", rows: p.vocabulary, columns: p.width)
        positions = try weights.matrix("position_embd.weight", rows: p.context, columns: p.width)
        let types = try weights.shape(of: "token_types.weight")?.dropFirst().first ?? 1
        tokenTypes = try weights.optionalMatrix("token_types.weight", rows: types, columns: p.width)
        norm = try weights.layerNorm("token_embd_norm", p)
        var layers: [Layer] = []
        for index in 0..<p.layers {
            let block = "blk.\(index)"
            var attention = try GroupedQueryAttention(p, weights, block, pairing: .halves, rotary: nil)
            attention.isCausal = false
            layers.append(
                Layer(
                    attention: attention,
                    attentionNorm: try weights.layerNorm("\(block).attn_output_norm", p),
                    feedForward: try PlainFeedForward(p, weights, block, activation: .exactGELU),
                    feedForwardNorm: try weights.layerNorm("\(block).layer_output_norm", p)))
        }
        self.layers = layers
        classifier = try PairClassifier(p, weights)
    }

    /// Takes whole texts, one a segment, through the layers.
    /// - Parameters:
    ///   - types: one for each row: 0, and 1 from the second text of a pair on.
    ///   - caches: one for each segment, of at least its tokens; every layer writes over them.
    ///   - goOn: asked before each layer; false stops there.
    /// - Returns: the last layer's rows, [tokens, width], valid until the next pass; nil where it was stopped.
    func encode(
        _ pass: Pass, types: [Int], caches: [KVCache], goOn: () -> Bool
    ) -> UnsafeMutablePointer<Float>? {
        let (width, compute) = (hyperparameters.width, pass.compute)
        let residual = unsafe pass.workspace.floats(.residual, pass.tokens * width)  // [tokens, width]
        unsafe embed(pass, types: types, into: residual)
        // What a norm writes is both the next block's input and what its output is added to.
        let normalized = pass.workspace.activations(.normalized, width: width)
        unsafe norm.apply(residual, tokens: pass.tokens, compute, into: normalized)
        for layer in layers {
            guard goOn() else { return nil }
            unsafe residual.update(from: normalized.values, count: pass.tokens * width)
            unsafe layer.attention.mix(
                normalized, pass, caches: caches, into: Output(rows: residual, accumulates: true))
            unsafe layer.attentionNorm.apply(residual, tokens: pass.tokens, compute, into: normalized)
            unsafe residual.update(from: normalized.values, count: pass.tokens * width)
            unsafe layer.feedForward.mix(normalized, pass, into: Output(rows: residual, accumulates: true))
            unsafe layer.feedForwardNorm.apply(residual, tokens: pass.tokens, compute, into: normalized)
        }
        return unsafe normalized.values
    }

    /// The sum of a token's embedding, that of its place and that of its type.
    private func embed(_ pass: Pass, types: [Int], into residual: UnsafeMutablePointer<Float>) {
        let width = hyperparameters.width
        let added = unsafe pass.workspace.floats(.mixed, width)
        for segment in pass.segments {
            for row in segment.rows {
                let to = unsafe residual + row * width
                unsafe pass.compute.decodeRow(Int(pass.ids[row]), of: tokens, into: to)
                unsafe pass.compute.decodeRow(row - segment.rows.lowerBound, of: positions, into: added)
                for i in 0..<width { unsafe to[i] += added[i] }
                guard let tokenTypes else { continue }
                unsafe pass.compute.decodeRow(min(types[row], tokenTypes.rows - 1), of: tokenTypes, into: added)
                for i in 0..<width { unsafe to[i] += added[i] }
            }
        }
    }
}
