internal import Tensors

/// The decoder that most families share: each layer adds attention, then a feed-forward block, to the residual stream.
///
/// A family's file says which blocks those are.
struct ResidualDecoder: Decoder {
    struct Layer: Sendable {
        var attentionNorm: Norm
        var attention: any TokenMixer
        /// Applied to what attention adds.
        var attentionPostNorm: Vector?
        var feedForwardNorm: Norm
        var feedForward: any ChannelMixer
        /// Applied to what the feed-forward block adds.
        var feedForwardPostNorm: Vector?
    }

    let hyperparameters: Hyperparameters
    let embedding: Matrix  // [vocabulary, width]
    /// Factor on embeddings.
    let embeddingScale: Float
    let layers: [Layer]
    let unembedding: Unembedding
    var nextTokenHead: NextTokenHead?

    /// - Parameters:
    ///   - outputNorm: nil for the RMS norm of the usual name.
    ///   - layer: makes the layer whose tensors begin with the given prefix.
    init(
        _ parameters: Hyperparameters, weights: WeightLoader, embeddingScale: Float = 1, outputNorm: Norm? = nil,
        layer: (_ index: Int, _ block: String) throws(ModelError) -> Layer
    ) throws(ModelError) {
        let p = parameters
        hyperparameters = p
        self.embeddingScale = embeddingScale
        embedding = try weights.matrix(
            "token_embd.weight", rows: p.vocabulary, columns: p.width, isAdaptable: false)
        unembedding = try Unembedding(p, weights, norm: outputNorm, embedding: embedding)
        var layers: [Layer] = []
        for index in 0..<p.layers { layers.append(try layer(index, "blk.\(index)")) }
        self.layers = layers
    }

    var mixers: [any TokenMixer] { layers.map(\.attention) }
    var leavesHiddenRows: Bool { true }

    func forward(
        _ pass: Pass, sequences: [[any LayerCache]], wanted: [Int], goOn: () -> Bool,
        report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool {
        let width = hyperparameters.width
        let residual = unsafe pass.workspace.floats(.residual, pass.tokens * width)  // [tokens, width]
        for unsafe(row, id) in unsafe pass.ids.enumerated() {
            unsafe pass.compute.decodeRow(Int(id), of: embedding, into: residual + row * width)
        }
        if embeddingScale != 1 { for i in 0..<pass.tokens * width { unsafe residual[i] *= embeddingScale } }
        for (index, layer) in layers.enumerated() {
            guard goOn() else { return false }
            unsafe layer.apply(
                to: residual, pass, width: width, epsilon: hyperparameters.epsilon, caches: sequences.map { $0[index] })
        }
        if let hidden = unsafe pass.hidden {
            let normalized = pass.workspace.activations(.normalized, width: width)
            unsafe unembedding.norm.apply(residual, tokens: pass.tokens, pass.compute, into: normalized)
            unsafe hidden.update(from: normalized.values, count: pass.tokens * width)
        }
        unsafe unembedding.report(
            pass, wanted: wanted, of: residual, width: width, rows: { start, _ in unsafe start }, to: unsafe report)
        return true
    }
}

extension ResidualDecoder.Layer {
    /// Takes the residual stream, [tokens, width], through the layer.
    func apply(
        to residual: UnsafeMutablePointer<Float>, _ pass: Pass, width: Int, epsilon: Float, caches: [any LayerCache]
    ) {
        let normalized = pass.workspace.activations(.normalized, width: width)
        unsafe attentionNorm.apply(residual, tokens: pass.tokens, pass.compute, into: normalized)
        unsafe add(to: residual, pass, width: width, norm: attentionPostNorm, epsilon: epsilon) { output in
            attention.mix(normalized, pass, caches: caches, into: output)
        }
        unsafe feedForwardNorm.apply(residual, tokens: pass.tokens, pass.compute, into: normalized)
        unsafe add(to: residual, pass, width: width, norm: feedForwardPostNorm, epsilon: epsilon) { output in
            feedForward.mix(normalized, pass, into: output)
        }
    }

    /// Adds what `block` writes, after a norm of its own where the family has one.
    private func add(
        to residual: UnsafeMutablePointer<Float>, _ pass: Pass, width: Int, norm: Vector?, epsilon: Float,
        block: (Output) -> Void
    ) {
        guard let norm else { return unsafe block(Output(rows: residual, accumulates: true)) }
        let mixed = unsafe pass.workspace.floats(.mixed, pass.tokens * width)
        unsafe block(Output(rows: mixed, accumulates: false))
        unsafe pass.compute.addNormalized(
            mixed, tokens: pass.tokens, width: width, weight: norm.pointer, epsilon: epsilon, to: residual)
    }
}
