internal import Tensors

/// DeepSeek-V3.2: V3 whose tokens attend to the keys that a small indexer picks for them.
///
/// The reference implementation rotates the indexer's queries and keys by a Hadamard matrix for the sake of 8-bit
/// rounding; scores are the same without, as transformers computes them.
/// - SeeAlso: DeepSeek-AI 2025, "DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models".
enum DeepSeek32 {
    static func load(_ reader: HyperparameterReader, _ weights: WeightLoader) throws(ModelError) -> any Decoder {
        try DeepSeek2.decoder(reader, weights) { p, block, shape, rotation throws(ModelError) in
            try SparseLatentAttention(p, reader, weights, block, shape, rotation)
        }
    }
}

/// Latent attention to the keys that an indexer picks; to all of them as long as they are no more than it would pick.
struct SparseLatentAttention: TokenMixer {
    var attention: LatentAttention
    /// Of the indexer: keys that it picks for a token, its heads and their elements.
    var count: Int
    var heads: Int
    var headDim: Int
    var query: Matrix  // [heads * headDim, rank of queries]
    var key: Matrix  // [headDim, width]
    var keyNorm: Vector  // [headDim]
    var keyNormBias: Vector  // [headDim]
    var headWeights: Matrix  // [heads, width]

    /// Of the norm of keys, which no file states.
    private static let epsilon: Float = 1e-6

    init(
        _ p: Hyperparameters, _ reader: HyperparameterReader, _ weights: WeightLoader, _ block: String,
        _ shape: LatentShape, _ rotation: LatentRotation
    ) throws(ModelError) {
        attention = try LatentAttention(p, reader, weights, block, shape, rotation)
        guard case .compressed(let down, _, _) = attention.query else {
            throw .missingTensor("\(block).attn_q_a.weight", file: weights.path)
        }
        (count, heads, headDim) = try reader.indexer(rotated: p.ropeDimensions)
        query = try weights.matrix(
            "\(block).indexer.attn_q_b.weight", rows: heads * headDim, columns: down.rows)
        key = try weights.matrix("\(block).indexer.attn_k.weight", rows: headDim, columns: p.width)
        keyNorm = try weights.vector("\(block).indexer.k_norm.weight", count: headDim)
        keyNormBias = try weights.vector("\(block).indexer.k_norm.bias", count: headDim)
        headWeights = try weights.matrix("\(block).indexer.proj.weight", rows: heads, columns: p.width)
    }

    /// Latent rows, and the indexer's keys.
    private final class Cache: LayerCache {
        let rows: KVCache
        let keys: KVCache

        init(rows: KVCache, keys: KVCache) { (self.rows, self.keys) = (rows, keys) }

        func truncate(to position: Int) -> Int { position }

        var contents: CacheContents { .pages(byteCount: rows.pageByteCount + keys.pageByteCount) }

        func copyPage(_ index: Int, to bytes: UnsafeMutableRawPointer) {
            unsafe rows.copyPage(index, to: bytes)
            unsafe keys.copyPage(index, to: bytes + rows.pageByteCount)
        }

        func setPage(_ index: Int, from bytes: UnsafeRawPointer) {
            unsafe rows.setPage(index, from: bytes)
            unsafe keys.setPage(index, from: bytes + rows.pageByteCount)
        }
    }

    private var keyShape: KVShape { KVShape(heads: 1, keyDim: headDim, valueDim: 0) }

    func cacheByteCount(capacity: Int, kv: KVType) -> Int {
        attention.cacheByteCount(capacity: capacity, kv: kv) + keyShape.byteCount(capacity: capacity, type: kv)
    }

    func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)? {
        guard let rows = KVCache(attention.cacheShape, capacity: capacity, type: kv),
            let keys = KVCache(keyShape, capacity: capacity, type: kv)
        else { return nil }
        return Cache(rows: rows, keys: keys)
    }

    func supports(_ kv: KVType) -> Bool { attention.supports(kv) && keyShape.fits(kv) }

    func mix(_ input: Activations, _ pass: Pass, caches: [any LayerCache], into destination: Output) {
        let own = pass.parts(caches, as: Cache.self)
        let parts = own.map { (segment: $0.segment, cache: $0.cache.rows) }
        let (queries, narrow) = unsafe attention.project(input, pass, into: parts)
        storeKeys(input, pass, in: own)
        unsafe attention.mix(pass, into: destination) { attended in
            guard own.contains(where: { $0.segment.end > count }) else {
                return unsafe attention.attend(queries, pass, parts, into: attended)
            }
            let query = unsafe projectQuery(input, narrow, pass)
            for (part, whole) in zip(parts, own) {
                guard part.segment.end > count else {
                    unsafe attention.attend(queries, pass, [part], into: attended)
                    continue
                }
                unsafe select(query, part.segment, whole.cache.keys, pass)
                unsafe attention.attendAbsorbed(
                    queries, pass, [part], selection: pass.workspace.selection, into: attended)
            }
        }
    }

    private func storeKeys(_ input: Activations, _ pass: Pass, in parts: [(segment: Segment, cache: Cache)]) {
        let rows = unsafe pass.workspace.floats(.carried, pass.tokens * headDim)
        unsafe pass.compute.project(input, tokens: pass.tokens, [Projection(key, output: rows)])
        let keys = unsafe HeadRows(rows, heads: 1, dim: headDim)
        unsafe pass.compute.layerNormalizeHeads(
            keys, tokens: pass.tokens, weight: keyNorm.pointer, bias: keyNormBias.pointer, epsilon: Self.epsilon)
        unsafe pass.compute.rotate(keys, tokens: pass.tokens, pass.rotations(attention.rotary), pairing: .halves)
        for (segment, cache) in parts {
            unsafe pass.compute.store(
                keys: keys.rows(from: segment.rows.lowerBound), values: nil, tokens: segment.tokens,
                position: segment.position, in: cache.keys)
        }
    }

    /// The indexer's queries of all rows, rotated.
    private func projectQuery(_ input: Activations, _ narrow: Activations, _ pass: Pass) -> IndexQuery {
        let (compute, tokens, workspace) = (pass.compute, pass.tokens, pass.workspace)
        let rows = unsafe workspace.floats(.gates, tokens * query.rows)
        let weights = unsafe workspace.floats(.scores, tokens * heads)
        unsafe compute.project(narrow, tokens: tokens, [Projection(query, output: rows)])
        unsafe compute.project(input, tokens: tokens, [Projection(headWeights, output: weights)])
        let queries = unsafe HeadRows(rows, heads: heads, dim: headDim)
        unsafe compute.rotate(queries, tokens: tokens, pass.rotations(attention.rotary), pairing: .halves)
        return unsafe IndexQuery(queries: queries, weights: weights, tokens: tokens)
    }

    private func select(_ query: IndexQuery, _ segment: Segment, _ keys: KVCache, _ pass: Pass) {
        unsafe pass.compute.selectKeys(
            query.rows(segment.rows), keys: keys, count: count, visible: { segment.position + $0 + 1 },
            pass.workspace.indexState, into: pass.workspace.selection)
    }
}

extension HyperparameterReader {
    /// Keys that an indexer picks, its heads and their elements, `rotated` of which turn with the position.
    func indexer(rotated: Int) throws(ModelError) -> (count: Int, heads: Int, headDim: Int) {
        let headDim = try integer("attention.indexer.key_length", in: rotated...4096)
        guard headDim % 16 == 0 else {
            throw invalid("attention.indexer.key_length", headDim, expected: "a multiple of 16")
        }
        return (
            try integer("attention.indexer.top_k", in: 1...1 << 24),
            try integer("attention.indexer.head_count", in: 1...4096), headDim
        )
    }
}
