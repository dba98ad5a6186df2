internal import Tensors

/// Attention to a window of latest tokens and to rows that stand for many earlier ones each: all such rows, or those that
/// an indexer picks. One row a token is key and value of all heads, so the rotation is taken back from the result.
/// - SeeAlso: DeepSeek-AI 2026, "DeepSeek-V4", section 2.3.
struct CompressedAttention: TokenMixer {
    /// Picks rows by small queries and keys, which have a compressor of their own.
    struct Indexer: Sendable {
        var compressor: Compressor
        var query: Matrix  // [heads * compressor.width, rank]
        var headWeights: Matrix  // [heads, width]
        var count: Int
        var heads: Int
    }

    var heads: Int
    var headDim: Int
    /// Tokens that a token sees as they are, itself included.
    var window: Int
    var queryDown: Matrix  // [rank, width]
    var queryNorm: Vector  // [rank]
    var queryUp: Matrix  // [heads * headDim, rank]
    var row: Matrix  // [headDim, width]
    var rowNorm: Vector  // [headDim]
    var sinks: Vector  // [heads]
    /// Rotates the last elements of queries and rows.
    var rotary: RotaryTable
    var epsilon: Float
    var compressor: Compressor?
    var indexer: Indexer?
    var outputDown: MatrixBank  // groups of [outputRank, heads / groups * headDim]
    var outputUp: Matrix  // [width, groups * outputRank]

    /// The latest rows, those that stand for windows, the indexer's keys, and what compressors have not finished.
    final class Cache: LayerCache {
        fileprivate let attention: CompressedAttention
        fileprivate let latest: KVCache
        fileprivate let compressed: KVCache?
        fileprivate let indexKeys: KVCache?
        fileprivate let states: [(compressor: Compressor, state: Compressor.State)]
        /// One more than the last position that was written since the cache was empty.
        fileprivate var end = 0

        fileprivate init?(_ attention: CompressedAttention, capacity: Int, kv: KVType) {
            func cache(_ shape: KVShape, _ capacity: Int) -> KVCache? {
                KVCache(shape, capacity: max(1, capacity), type: kv)
            }
            self.attention = attention
            guard let latest = cache(attention.shape, attention.latestCapacity(capacity)) else { return nil }
            self.latest = latest
            compressed = attention.compressor.flatMap { cache(attention.shape, $0.count(capacity)) }
            indexKeys = attention.indexer.flatMap { cache($0.keyShape, $0.compressor.count(capacity)) }
            guard (compressed == nil) == (attention.compressor == nil),
                (indexKeys == nil) == (attention.indexer == nil)
            else { return nil }
            states = [attention.compressor, attention.indexer?.compressor].compactMap { $0 }
                .map { ($0, $0.makeState()) }
        }

        func truncate(to position: Int) -> Int {
            let canResume =
                position - (attention.window - 1) >= end - latest.capacity || end <= latest.capacity
            if canResume, states.allSatisfy({ $0.compressor.canResume(at: position, $0.state) }) { return position }
            end = 0
            for (_, state) in states { state.clear() }
            return 0
        }
    }

    private var shape: KVShape { KVShape(heads: 1, keyDim: headDim, valueDim: headDim, sharesRows: true) }

    /// Tokens to go back to without starting over, and those of a batch.
    private static let slack = 1024

    private func latestCapacity(_ capacity: Int) -> Int {
        (min(capacity, window + Self.slack) + 31) / 32 * 32
    }

    func cacheByteCount(capacity: Int, kv: KVType) -> Int {
        var bytes = shape.byteCount(capacity: latestCapacity(capacity), type: kv)
        if let compressor {
            bytes += shape.byteCount(capacity: compressor.count(capacity), type: kv) + compressor.stateByteCount
        }
        if let indexer {
            bytes += indexer.keyShape.byteCount(capacity: indexer.compressor.count(capacity), type: kv)
            bytes += indexer.compressor.stateByteCount
        }
        return bytes
    }

    func makeCache(capacity: Int, kv: KVType) -> (any LayerCache)? { Cache(self, capacity: capacity, kv: kv) }

    func supports(_ kv: KVType) -> Bool { shape.fits(kv) && indexer.map { $0.keyShape.fits(kv) } != false }

    func mix(_ input: Activations, _ pass: Pass, caches: [any LayerCache], into destination: Output) {
        let parts = pass.parts(caches, as: Cache.self)
        let (compute, tokens, workspace) = (pass.compute, pass.tokens, pass.workspace)
        let (queries, rows, narrow) = unsafe project(input, pass)
        if let compressor {
            let projected = unsafe compressor.project(input, pass)
            for (segment, cache) in parts {
                unsafe compressor.append(projected, segment, pass, cache.states[0].state, to: cache.compressed!)
            }
        }
        var indexQuery: IndexQuery?
        if let indexer {
            let projected = unsafe indexer.compressor.project(input, pass)
            for (segment, cache) in parts {
                unsafe indexer.compressor.append(projected, segment, pass, cache.states[1].state, to: cache.indexKeys!)
            }
            unsafe indexQuery = indexer.project(input, narrow, pass)
        }
        let groups = outputDown.count
        let attended = workspace.activations(.attended, width: heads * headDim / groups)
        attended.reserve(tokens: tokens * groups)
        let attendedHeads = unsafe HeadRows(attended.values, heads: heads, dim: headDim)
        for (segment, cache) in parts {
            // As many tokens at a time as the latest rows hold beside the window.
            let step = max(1, cache.latest.capacity - (window - 1))
            for first in stride(from: 0, to: segment.tokens, by: step) {
                let tokens = min(step, segment.tokens - first)
                let row = segment.rows.lowerBound + first
                let part = Segment(rows: row..<row + tokens, position: segment.position + first)
                unsafe store(rows, part, pass, cache)
                unsafe select(part, indexQuery, pass, cache)
                unsafe compute.attendSelected(
                    AttentionInput(
                        queries: queries.rows(from: row), position: part.position, tokens: tokens,
                        sinks: sinks.pointer),
                    workspace.selection, cache: cache.compressed ?? cache.latest, other: cache.latest,
                    into: attendedHeads.rows(from: row), partials: workspace.partials)
            }
        }
        unsafe compute.rotate(
            attendedHeads, tokens: tokens, pass.rotations(rotary), pairing: .pairs, offset: plainDim, inverse: true)
        compute.quantize(attended, tokens: tokens * groups)
        let narrowed = workspace.activations(.hidden, width: outputUp.columns)
        narrowed.reserve(tokens: tokens)
        unsafe compute.projectHeads(
            attended, tokens: tokens, outputDown,
            into: HeadRows(narrowed.values, heads: groups, dim: outputUp.columns / groups))
        compute.quantize(narrowed, tokens: tokens)
        unsafe compute.project(
            narrowed, tokens: tokens,
            [Projection(outputUp, accumulates: destination.accumulates, output: destination.rows)])
    }

    /// Elements of a head that do not rotate.
    private var plainDim: Int { headDim - 2 * rotary.half }

    private func project(
        _ input: Activations, _ pass: Pass
    ) -> (queries: HeadRows, rows: HeadRows, narrow: Activations) {
        let (compute, tokens, workspace) = (pass.compute, pass.tokens, pass.workspace)
        let values = unsafe workspace.floats(.values, tokens * queryDown.rows)
        let rows = unsafe HeadRows(workspace.floats(.keys, tokens * headDim), heads: 1, dim: headDim)
        unsafe compute.project(
            input, tokens: tokens, [Projection(queryDown, output: values), Projection(row, output: rows.start)])
        let narrow = workspace.activations(.latent, width: queryDown.rows)
        unsafe compute.normalize(values, tokens: tokens, weight: queryNorm.pointer, epsilon: epsilon, into: narrow)
        let queries = unsafe HeadRows(
            workspace.floats(.queries, tokens * heads * headDim), heads: heads, dim: headDim)
        unsafe compute.project(narrow, tokens: tokens, [Projection(queryUp, output: queries.start)])
        unsafe compute.normalizeHeads(queries, tokens: tokens, weight: nil, epsilon: epsilon)
        unsafe compute.normalizeHeads(rows, tokens: tokens, weight: rowNorm.pointer, epsilon: epsilon)
        let rotations = pass.rotations(rotary)
        unsafe compute.rotate(queries, tokens: tokens, rotations, pairing: .pairs, offset: plainDim)
        unsafe compute.rotate(rows, tokens: tokens, rotations, pairing: .pairs, offset: plainDim)
        return unsafe (queries, rows, narrow)
    }

    /// Appends to the latest rows, over the oldest of them.
    private func store(_ rows: HeadRows, _ part: Segment, _ pass: Pass, _ cache: Cache) {
        var done = 0
        while done < part.tokens {
            let place = (part.position + done) % cache.latest.capacity
            let count = min(part.tokens - done, cache.latest.capacity - place)
            unsafe pass.compute.store(
                keys: rows.rows(from: part.rows.lowerBound + done), values: nil, tokens: count, position: place,
                in: cache.latest)
            done += count
        }
        cache.end = max(cache.end, part.end)
    }

    /// Lists the window's rows and the compressed ones of each token of `part`.
    private func select(_ part: Segment, _ query: IndexQuery?, _ pass: Pass, _ cache: Cache) {
        let selection = pass.workspace.selection
        let (first, capacity) = (part.position, cache.latest.capacity)
        func latest(_ token: Int, _ rows: UnsafeMutablePointer<Int32>) -> Int {
            let position = first + token
            let start = max(0, position + 1 - window)
            for (place, key) in (start...position).enumerated() { unsafe rows[place] = ~Int32(key % capacity) }
            return position + 1 - start
        }
        func visible(_ token: Int) -> Int { compressor.map { $0.count(first + token + 1) } ?? 0 }
        if let query = unsafe query, let indexer, let keys = cache.indexKeys {
            unsafe pass.compute.selectKeys(
                query.rows(part.rows), keys: keys, count: indexer.count, visible: visible, pass.workspace.indexState,
                into: selection,
                extra: window, append: latest)
            return
        }
        selection.reserve(tokens: part.tokens, stride: window + visible(part.tokens - 1))
        for token in 0..<part.tokens {
            let rows = unsafe selection.rows(of: token)
            let own = unsafe latest(token, rows)
            let more = visible(token)
            for i in 0..<more { unsafe rows[own + i] = Int32(i) }
            selection.setCount(of: token, own + more)
        }
    }
}

extension CompressedAttention.Indexer {
    var keyShape: KVShape { KVShape(heads: 1, keyDim: compressor.width, valueDim: 0) }

    /// Queries, rotated, and how much each of their heads counts.
    func project(_ input: Activations, _ narrow: Activations, _ pass: Pass) -> IndexQuery {
        let (compute, tokens) = (pass.compute, pass.tokens)
        let rows = unsafe pass.workspace.floats(.gates, tokens * query.rows)
        let weights = unsafe pass.workspace.floats(.scores, tokens * heads)
        unsafe compute.project(narrow, tokens: tokens, [Projection(query, output: rows)])
        unsafe compute.project(input, tokens: tokens, [Projection(headWeights, output: weights)])
        let queries = unsafe HeadRows(rows, heads: heads, dim: compressor.width)
        let rotary = compressor.rotary
        unsafe compute.rotate(
            queries, tokens: tokens, pass.rotations(rotary), pairing: .pairs,
            offset: compressor.width - 2 * rotary.half)
        return unsafe IndexQuery(queries: queries, weights: weights, tokens: tokens)
    }
}
