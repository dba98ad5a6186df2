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
        self.queries = queries
        self.weights = weights
        self.tokens = tokens
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
        let most = (0..<query.tokens).map(visible).max() ?? 0
        selection.reserve(tokens: query.tokens, stride: extra + min(count, most))
        // A few tokens at a time bound the room for scores in long contexts.
        let group = 32
        for first in stride(from: 0, to: query.tokens, by: group) {
            let tokens = first..<min(query.tokens, first + group)
            let scores = score(tokens, query, keys, most: most, count: count, visible: visible, state)
            pool.run(tokens.count) { index, _ in
                let token = first + index
                let rows = selection.rows(of: token)
                let own = append(token, rows)
                let chosen = Self.best(scores + index * most, visible(token), count: count, into: rows + own)
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
        let scores = state.scores.pointer
        let (heads, dim) = (query.queries.heads, keys.shape.paddedKeyDim)
        let memory = keys.head(0)
        let range = 512
        let ranges = (most + range - 1) / range
        reserveScratch(heads * dim + 32 * dim + 8 * 128 + 64)
        pool.run(tokens.count * ranges) { part, thread in
            let token = tokens.lowerBound + part / ranges
            let seen = visible(token)
            let first = part % ranges * range
            guard seen > count, first < seen else { return }
            let queries = scratch(of: thread)
            for head in 0..<heads {
                let (from, to) = (query.queries.head(head, of: token), queries + head * dim)
                for i in 0..<dim { to[i] = i < query.queries.dim ? from[i] : 0 }
            }
            var task = mk_attention()
            task.rows = Int32(heads)
            task.key_dim = Int32(dim)
            task.q = UnsafePointer(queries)
            task.first_key = Int32(first)
            task.last_key = Int32(min(seen, first + range))
            task.cache = keys.type.code
            task.k = UnsafeRawPointer(memory.keys)
            task.k_scale = UnsafePointer(memory.keyScales)
            task.scratch = queries + heads * dim
            kernels.pointee.index_scores(
                &task, query.weights + token * heads, scores + (token - tokens.lowerBound) * most + first)
        }
        return scores
    }

    /// Writes the places of the `count` largest of `n` scores to `rows`, ascending; of equals the first. Scores are lost.
    static func best(
        _ scores: UnsafeMutablePointer<Float>, _ n: Int, count: Int, into rows: UnsafeMutablePointer<Int32>
    ) -> Int {
        guard n > count else {
            for i in 0..<n { rows[i] = Int32(i) }
            return n
        }
        let threshold = withUnsafeTemporaryAllocation(of: Float.self, capacity: n) { copy in
            // A damaged file's NaN must not stop the search.
            for i in 0..<n { copy[i] = scores[i].isNaN ? -.infinity : scores[i] }
            return largest(count, of: copy)
        }
        var above = 0
        for i in 0..<n where scores[i] > threshold { above += 1 }
        var (equals, place) = (count - above, 0)
        for i in 0..<n where place < count {
            let isEqual = !(scores[i] > threshold) && (scores[i] == threshold || threshold == -.infinity)
            guard scores[i] > threshold || (isEqual && equals > 0) else { continue }
            if isEqual { equals -= 1 }
            rows[place] = Int32(i)
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
            let pivot = values[low + (high - low) / 2]
            var (i, j) = (low, high)
            while i <= j {
                while values[i] > pivot { i += 1 }
                while values[j] < pivot { j -= 1 }
                guard i <= j else { break }
                values.swapAt(i, j)
                i += 1
                j -= 1
            }
            if wanted <= j { high = j } else if wanted >= i { low = i } else { break }
        }
        return values[wanted]
    }
}
