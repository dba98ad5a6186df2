package import Architectures
internal import Tensors

/// Turns texts of token ids into vectors of length 1. Not for use from several threads at a time.
package protocol TextEmbedder: AnyObject {
    /// Elements of a vector.
    var dimensions: Int { get }
    /// Tokens that a text may have.
    var longestText: Int { get }
    var vocabulary: Int { get }

    /// - Parameter goOn: asked before each layer of a pass; false cancels.
    /// - Returns: one vector for each text, in order.
    func embed(_ texts: [[Int32]], goOn: () -> Bool) throws(SessionError) -> [[Float]]
}

extension TextEmbedder {
    func check(_ texts: [[Int32]]) throws(SessionError) {
        for ids in texts {
            guard !ids.isEmpty else { throw .emptyPrompt }
            guard ids.count <= longestText else {
                throw .contextFull(position: 0, adding: ids.count, capacity: longestText)
            }
            for id in ids where id < 0 || Int(id) >= vocabulary { throw .tokenOutOfRange(id, vocabulary: vocabulary) }
        }
    }
}

/// Vectors of a decoder: what its last norm makes of a text's tokens, pooled.
package final class DecoderEmbedder: TextEmbedder {
    private let model: LanguageModel
    private let pooling: Pooling
    private let caches: [any LayerCache]
    private let compute: Compute
    private let workspace = Workspace()
    private let rows: FloatBuffer
    package let longestText: Int

    /// - Parameter options: `context` gives the longest text.
    package init(_ model: LanguageModel, pooling: Pooling, _ options: SessionOptions) throws(SessionError) {
        precondition(model.decoder.leavesHiddenRows, "a decoder that keeps its rows to itself")
        self.model = model
        self.pooling = pooling
        var options = options
        options.drafts = 0
        longestText = options.capacity(for: model)
        caches = try options.makeCaches(for: model, sequences: 1)[0]
        compute = options.makeCompute()
        rows = FloatBuffer(capacity: min(Session.batch, longestText) * model.hyperparameters.width)
    }

    package var dimensions: Int { model.hyperparameters.width }
    package var vocabulary: Int { model.hyperparameters.vocabulary }

    package func embed(_ texts: [[Int32]], goOn: () -> Bool) throws(SessionError) -> [[Float]] {
        try check(texts)
        var vectors: [[Float]] = []
        for ids in texts { vectors.append(try embed(ids, goOn)) }
        return vectors
    }

    private func embed(_ ids: [Int32], _ goOn: () -> Bool) throws(SessionError) -> [Float] {
        _ = caches.truncate(to: 0)
        var vector = PooledVector(pooling, width: dimensions)
        for first in stride(from: 0, to: ids.count, by: Session.batch) {
            let count = min(Session.batch, ids.count - first)
            let finished = ids.withUnsafeBufferPointer { ids in
                var pass = Pass(
                    ids: UnsafeBufferPointer(rebasing: ids[first..<first + count]), position: first, compute: compute,
                    workspace: workspace)
                pass.hidden = rows.pointer
                return model.decoder.forward(pass, caches: caches, wanted: 0..<0, goOn: goOn) { _, _ in }
            }
            guard finished else { throw .cancelled }
            vector.add(rows.pointer, count: count)
        }
        return vector.normalized
    }
}
