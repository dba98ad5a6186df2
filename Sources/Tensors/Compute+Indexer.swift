internal import CKernels

/// What a lightning indexer asks of each token of a pass.
@unsafe
package struct IndexQuery {
    /// Rotated queries.
    package var queries: HeadRows
    /// [tokens, queries.heads]: how much each head's score counts.
    package var weights: UnsafePointer<Float>
    package var tokens: Int

    package init(queries: HeadRows, weights: UnsafePointer<Float>, tokens: Int) {
        unsafe self.queries = queries
        unsafe self.weights = weights
        unsafe self.tokens = tokens
    }

    /// Those of some of the tokens.
    package func rows(_ range: Range<Int>) -> IndexQuery {
        unsafe IndexQuery(
            queries: queries.rows(from: range.lowerBound), weights: weights + range.lowerBound * queries.heads,
            tokens: range.count)
    }
}

/// Buffers of an indexer, reused from layer to layer.
package final class IndexState {
    /// Scores of the keys, one row a token.
    fileprivate let scores = FloatBuffer()

    package init() {}
}

extension Compute {
    /// Lists for each token the `count` keys of highest score, or all that it may see where those are not more.
    ///
    /// A key's score is the sum over the heads of weight * max(0, query . key).
    /// - Parameters:
    ///   - keys: the cache of the only key head, without values.
    ///   - visible: the number of leading keys that a token may see.
    ///   - append: adds to a token's rows before the chosen keys; returns how many it added, at most `extra`.
    /// - SeeAlso: DeepSeek-AI 2025, "DeepSeek-V3.2: Pushing the Frontier of Open Large Language Models", section 2.1.
    package func selectKeys(
        _ query: IndexQuery, keys: KVCache, count: Int, visible: (_ token: Int) -> Int, _ state: IndexState,
        into selection: RowSelection, extra: Int = 0,
        append: (_ token: Int, UnsafeMutablePointer<Int32>) -> Int = { _, _ in 0 }
    ) {
        let most = unsafe (0..<query.tokens).map(visible).max() ?? 0
        unsafe selection.reserve(tokens: query.tokens, stride: extra + min(count, most))
        // A few tokens at a time bound the room for scores in long contexts.
        let group = 32
        for first in unsafe stride(from: 0, to: query.tokens, by: group) {
            let tokens = unsafe first..<min(query.tokens, first + group)
            let scores = unsafe score(tokens, query, keys, most: most, count: count, visible: visible, state)
            pool.run(tokens.count) { index, _ in
                let token = first + index
                let rows = unsafe selection.rows(of: token)
                let own = unsafe append(token, rows)
                let chosen = unsafe Self.best(scores + index * most, visible(token), count: count, into: rows + own)
                selection.setCount(of: token, own + chosen)
            }
        }
    }

    /// Scores of all keys that each of `tokens` may see, [tokens, most]; none for tokens that see no more than they take.
    private func score(
        _ tokens: Range<Int>, _ query: IndexQuery, _ keys: KVCache, most: Int, count: Int, visible: (Int) -> Int,
        _ state: IndexState
    ) -> UnsafeMutablePointer<Float> {
        state.scores.reserve(max(1, tokens.count * most))
        let scores = unsafe state.scores.pointer
        let (heads, dim) = unsafe (query.queries.heads, keys.shape.paddedKeyDim)
        let memory = unsafe keys.head(0)
        let range = 512
        let ranges = (most + range - 1) / range
        reserveScratch(heads * dim + 32 * dim + 8 * 128 + 64)
        pool.run(tokens.count * ranges) { part, thread in
            let token = tokens.lowerBound + part / ranges
            let seen = visible(token)
            let first = part % ranges * range
            guard seen > count, first < seen else { return }
            let queries = unsafe scratch(of: thread)
            for head in 0..<heads {
                let (from, to) = unsafe (query.queries.head(head, of: token), queries + head * dim)
                for i in 0..<dim { unsafe to[i] = unsafe i < query.queries.dim ? from[i] : 0 }
            }
            var task = unsafe mk_attention()
            unsafe task.rows = Int32(heads)
            unsafe task.key_dim = Int32(dim)
            unsafe task.q = UnsafePointer(queries)
            unsafe task.first_key = Int32(first)
            unsafe task.last_key = Int32(min(seen, first + range))
            unsafe task.cache = keys.type.code
            unsafe task.k = UnsafeRawPointer(memory.keys)
            unsafe task.k_scale = UnsafePointer(memory.keyScales)
            unsafe task.scratch = queries + heads * dim
            unsafe kernels.pointee.index_scores(
                &task, query.weights + token * heads, scores + (token - tokens.lowerBound) * most + first)
        }
        return unsafe scores
    }

    /// Writes the places of the `count` largest of `n` scores to `rows`, ascending; of equals the first. Scores are lost.
    static func best(
        _ scores: UnsafeMutablePointer<Float>, _ n: Int, count: Int, into rows: UnsafeMutablePointer<Int32>
    ) -> Int {
        guard n > count else {
            for i in 0..<n { unsafe rows[i] = Int32(i) }
            return n
        }
        let threshold = unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: n) { copy in
            // A damaged file's NaN must not stop the search.
            for i in 0..<n { unsafe copy[i] = unsafe scores[i].isNaN ? -.infinity : scores[i] }
            return unsafe largest(count, of: copy)
        }
        var above = 0
        for i in 0..<n where unsafe scores[i] > threshold { above += 1 }
        var (equals, place) = (count - above, 0)
        for i in 0..<n where place < count {
            let isEqual = unsafe !(scores[i] > threshold) && (scores[i] == threshold || threshold == -.infinity)
            guard unsafe scores[i] > threshold || (isEqual && equals > 0) else { continue }
            if isEqual { equals -= 1 }
            unsafe rows[place] = Int32(i)
            place += 1
        }
        return place
    }

    /// The value that `count` of the values reach: quickselect, in expected linear time.
    /// - SeeAlso: Hoare 1961, "Algorithm 65: Find".
    private static func largest(_ count: Int, of values: UnsafeMutableBufferPointer<Float>) -> Float {
        var (low, high) = (0, values.count - 1)
        let wanted = count - 1
        while low < high {
            let pivot = unsafe values[low + (high - low) / 2]
            var (i, j) = (low, high)
            while i <= j {
                while unsafe values[i] > pivot { i += 1 }
                while unsafe values[j] < pivot { j -= 1 }
                guard i <= j else { break }
                unsafe values.swapAt(i, j)
                i += 1
                j -= 1
            }
            if wanted <= j { high = j } else if wanted >= i { low = i } else { break }
        }
        return unsafe values[wanted]
    }
}
