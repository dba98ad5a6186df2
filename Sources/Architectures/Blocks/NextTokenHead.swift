package import Tensors

/// A layer behind the decoder that predicts the token after next: from a token, and from what the decoder made of the
/// one before it.
///
/// Its predictions are drafts: the decoder verifies them. Fed with its own output in place of the decoder's, it
/// predicts further tokens.
/// - SeeAlso: Gloeckle et al. 2024, arXiv:2404.19737; DeepSeek-AI 2024, arXiv:2412.19437 (in this sequential form).
package struct NextTokenHead: Sendable {
    /// Elements of a row.
    package let width: Int
    private let epsilon: Float
    private let embedding: Matrix  // [vocabulary, width]
    private let embeddingNorm: Norm
    private let hiddenNorm: Norm
    private let join: Matrix  // [width, 2 * width]: the token's half first
    private let layer: ResidualDecoder.Layer
    private let norm: Norm
    private let unembedding: Matrix  // [vocabulary, width]

    /// Loads `BLOCK.nextn.*`; what such a layer shares with the decoder is taken from it.
    init(
        _ decoder: ResidualDecoder, _ weights: WeightLoader, _ block: String, layer: ResidualDecoder.Layer
    ) throws(ModelError) {
        let p = decoder.hyperparameters
        (width, epsilon) = (p.width, p.epsilon)
        self.layer = layer
        embeddingNorm = try weights.rootMeanSquareNorm("\(block).nextn.enorm", p)
        hiddenNorm = try weights.rootMeanSquareNorm("\(block).nextn.hnorm", p)
        join = try weights.matrix("\(block).nextn.eh_proj.weight", rows: p.width, columns: 2 * p.width)
        norm =
            weights.has("\(block).nextn.shared_head_norm.weight")
            ? try weights.rootMeanSquareNorm("\(block).nextn.shared_head_norm", p) : decoder.unembedding.norm
        embedding =
            try weights.optionalMatrix(
                "\(block).nextn.embed_tokens.weight", rows: p.vocabulary, columns: p.width, isAdaptable: false)
            ?? decoder.embedding
        unembedding =
            try weights.optionalMatrix("\(block).nextn.shared_head_head.weight", rows: p.vocabulary, columns: p.width)
            ?? decoder.unembedding.matrix
    }

    package func cacheByteCount(capacity: Int, kv: KVType) -> Int {
        layer.attention.cacheByteCount(capacity: capacity, kv: kv)
    }

    package func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)? {
        layer.attention.makeCache(capacity: capacity, kv: kv)
    }

    package func supports(_ kv: KVType) -> Bool { layer.attention.supports(kv) }

    /// Takes tokens through the layer.
    ///
    /// - Parameters:
    ///   - pass: the tokens; their positions are those of their predecessors.
    ///   - hidden: [tokens, width], what the decoder (or the head itself) made of each token's predecessor; receives
    ///     what the head makes of them.
    ///   - report: receives the logits after the last token, [vocabulary], for the one that follows it; nil where only
    ///     the cache is to be filled.
    package func forward(
        _ pass: Pass, hidden: UnsafeMutablePointer<Float>, cache: any LayerCache,
        report: ((UnsafeMutableBufferPointer<Float>) -> Void)?
    ) {
        let (tokens, compute) = (pass.tokens, pass.compute)
        let residual = unsafe pass.workspace.floats(.residual, tokens * width)
        for unsafe(row, id) in unsafe pass.ids.enumerated() {
            unsafe compute.decodeRow(Int(id), of: embedding, into: residual + row * width)
        }
        let normalized = pass.workspace.activations(.normalized, width: width)
        let joined = pass.workspace.activations(.hidden, width: 2 * width)
        joined.reserve(tokens: tokens)
        for unsafe(half, norm) in unsafe [(residual, embeddingNorm), (hidden, hiddenNorm)].enumerated() {
            unsafe norm.1.apply(norm.0, tokens: tokens, compute, into: normalized)
            for row in 0..<tokens {
                unsafe (joined.values + (2 * row + half) * width).update(
                    from: normalized.values + row * width, count: width)
            }
        }
        compute.quantize(joined, tokens: tokens)
        unsafe compute.project(joined, tokens: tokens, [Projection(join, output: residual)])
        unsafe layer.apply(to: residual, pass, width: width, epsilon: epsilon, caches: [cache])
        unsafe norm.apply(residual, tokens: tokens, compute, into: normalized)
        unsafe hidden.update(from: normalized.values, count: tokens * width)
        guard let report = unsafe report else { return }
        unsafe norm.apply(residual + (tokens - 1) * width, tokens: 1, compute, into: normalized)
        let logits = unsafe pass.workspace.floats(.logits, unembedding.rows)
        unsafe compute.project(normalized, tokens: 1, [Projection(unembedding, output: logits)])
        unsafe report(UnsafeMutableBufferPointer(start: logits, count: unembedding.rows))
    }
}
