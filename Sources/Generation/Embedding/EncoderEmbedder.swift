package import Architectures
internal import Tensors

/// Vectors of an encoder, which reads several texts in one pass: what works on each token by itself sees the rows of
/// all of them, and attention stays within a text. Nothing is padded.
package final class EncoderEmbedder: TextEmbedder {
    private let encoder: EmbeddingEncoder
    private let compute: Compute
    private let workspace = Workspace()
    /// One for each text of a pass, made when first needed.
    private var caches: [KVCache] = []

    /// Rows of a pass, unless one text has more: enough to keep the weights in use, few enough for the caches.
    private static let batch = 512

    package init(_ encoder: EmbeddingEncoder, _ options: SessionOptions) {
        self.encoder = encoder
        compute = options.makeCompute()
    }

    package var dimensions: Int { encoder.hyperparameters.width }
    package var longestText: Int { encoder.longestText }
    package var vocabulary: Int { encoder.hyperparameters.vocabulary }

    package func embed(_ texts: [[Int32]], goOn: () -> Bool) throws(SessionError) -> [[Float]] {
        var vectors: [[Float]] = []
        try read(texts, types: texts.map { [Int](repeating: 0, count: $0.count) }, goOn) { [encoder] rows, count in
            var vector = PooledVector(encoder.pooling, width: encoder.hyperparameters.width)
            vector.add(rows, count: count)
            vectors.append(vector.normalized)
        }
        return vectors
    }

    /// How well the two halves of each pair belong together; see `EmbeddingEncoder.scoresPairs`.
    /// - Parameter pairs: ids of both texts with what stands between them, and how many of them are the first's.
    package func score(_ pairs: [(ids: [Int32], first: Int)], goOn: () -> Bool) throws(SessionError) -> [Float] {
        var scores: [Float] = []
        let types = pairs.map { pair in pair.ids.indices.map { $0 < pair.first ? 0 : 1 } }
        try read(pairs.map(\.ids), types: types, goOn) { [encoder] rows, _ in scores.append(encoder.pairScore(rows)) }
        return scores
    }

    /// Hands the rows of each text, [count, width], to `report`, in order.
    private func read(
        _ texts: [[Int32]], types: [[Int]], _ goOn: () -> Bool, report: (UnsafePointer<Float>, Int) -> Void
    ) throws(SessionError) {
        try check(texts)
        var first = 0
        while first < texts.count {
            var (end, rows) = (first, 0)
            while end < texts.count, end == first || rows + texts[end].count <= Self.batch {
                rows += texts[end].count
                end += 1
            }
            try makeCaches(end - first)
            let finished = texts[first..<end].flatMap(\.self).withUnsafeBufferPointer { ids in
                let pass = Pass(
                    ids: ids, sequences: texts[first..<end].map { ($0.count, 0) }, compute: compute,
                    workspace: workspace)
                return encoder.encode(
                    pass, types: types[first..<end].flatMap(\.self), caches: Array(caches.prefix(end - first)),
                    goOn: goOn
                ) { _, rows, count in report(rows, count) }
            }
            guard finished else { throw .cancelled }
            first = end
        }
    }

    private func makeCaches(_ count: Int) throws(SessionError) {
        while caches.count < count {
            guard let cache = encoder.makeCache() else {
                throw .notEnoughMemory(needed: 0, available: Machine.availableMemory ?? 0, context: longestText)
            }
            caches.append(cache)
        }
    }
}
