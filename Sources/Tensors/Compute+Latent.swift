internal import CKernels

/// The matrices that make every head's keys and values from the first elements of a latent row.
package struct LatentExpansion: Sendable {
    /// [key elements of its own, latent] each
    package var keys: MatrixBank
    /// [value elements, latent] each
    package var values: MatrixBank

    package init(keys: MatrixBank, values: MatrixBank) {
        self.keys = keys
        self.values = values
    }
}

/// Buffers of expanded attention, reused from layer to layer.
package final class LatentState {
    /// Latent parts of a chunk of cached rows.
    fileprivate let latents: Activations
    /// The other elements of those rows, [keys / 32][elements][32].
    fileprivate let shared = FloatBuffer()
    /// For each head the running softmax of all tokens: maxima, sums, weighted values.
    fileprivate let softmax = FloatBuffer()

    package init(latent: Int) { latents = Activations(width: latent) }
}

/// How expanded attention is cut: heads x tiles of tokens, each of which goes through the keys in tiles.
private struct ExpandedPlan {
    let heads: Int
    let tokens: Int
    let position: Int
    /// Key elements that each head makes from the latent part.
    let ownDim: Int
    /// Key elements that all heads share: the rest of a row.
    let sharedDim: Int
    let keyDim: Int
    let valueDim: Int
    let tileTokens: Int

    /// Keys that are expanded at once: enough to make up for unpacking the matrices, few enough for the caches.
    static let tileKeys = 256
    /// Keys whose rows are prepared at once: bounds memory in long contexts.
    static let chunkKeys = 2048
    /// Keys that the kernel takes at once: tokens before them are left out.
    static let stepKeys = 128
    static let tileRows = 32

    init(_ input: AttentionInput, _ shape: KVShape, _ expansion: LatentExpansion, threads: Int) {
        heads = unsafe input.queries.heads
        tokens = unsafe input.tokens
        position = unsafe input.position
        ownDim = expansion.keys.first.rows
        sharedDim = shape.keyDim - shape.valueDim
        keyDim = (ownDim + sharedDim + 15) / 16 * 16
        valueDim = (expansion.values.first.rows + 15) / 16 * 16
        // Tiles of tokens repeat the expansion: as few as keep the threads busy.
        let tiles = max((tokens + 511) / 512, min((tokens + 63) / 64, (4 * threads + heads - 1) / heads))
        tileTokens = (tokens + tiles - 1) / tiles
    }

    var tiles: Int { (tokens + tileTokens - 1) / tileTokens }
    var softmaxStride: Int { tokens * (valueDim + 2) }

    /// Queries, limits, keys, values, products before their rearrangement, the kernel's own scratch.
    var scratchFloats: Int {
        tileTokens * (keyDim + 1) + Self.tileKeys * (keyDim + valueDim) + 32 * max(keyDim, valueDim)
            + tileTokens * 128 + 64
    }
}

extension Compute {
    /// Causal attention of many tokens over latent rows, whose keys and values every head makes on the way.
    ///
    /// `attend` leaves the rows as they are and reads them at their full width for every token; here each head reads
    /// narrower keys and values, once they are made: worth it from some tens of tokens on. A head's key is what
    /// `expansion` makes, followed by the elements of the row behind the latent part.
    /// - Parameter input: queries as wide as such a key; all earlier keys are seen.
    /// - SeeAlso: DeepSeek-AI 2024, arXiv:2405.04434, section 2.1.
    package func attendExpanded(
        _ input: AttentionInput, cache: KVCache, _ expansion: LatentExpansion, _ state: LatentState,
        into output: HeadRows
    ) {
        let plan = unsafe ExpandedPlan(input, cache.shape, expansion, threads: pool.threadCount)
        unsafe precondition(cache.shape.sharesRows && input.window == nil && input.sinks == nil)
        unsafe precondition(plan.ownDim + plan.sharedDim == input.queries.dim)
        let softmax = unsafe clear(state, plan)
        let keys = unsafe input.position + input.tokens
        for first in stride(from: 0, to: keys, by: ExpandedPlan.chunkKeys) {
            let chunk = first..<min(keys, first + ExpandedPlan.chunkKeys)
            prepare(chunk, cache, state, plan)
            reserveScratch(
                plan.scratchFloats + tileFloats(tokens: ExpandedPlan.tileKeys, rowsPerChunk: ExpandedPlan.tileRows))
            pool.run(plan.heads * plan.tiles) { task, thread in
                let first = task % plan.tiles * plan.tileTokens
                unsafe attendExpanded(
                    plan, head: task / plan.tiles, tokens: first..<min(plan.tokens, first + plan.tileTokens),
                    keys: chunk, input, expansion, state, softmax: softmax, scratch: scratch(of: thread))
            }
        }
        forEachToken(plan.tokens) { token in
            for head in 0..<plan.heads {
                let own = unsafe softmax + head * plan.softmaxStride
                let from = unsafe own + 2 * plan.tokens + token * plan.valueDim
                let weight = unsafe 1 / own[plan.tokens + token]
                let to = unsafe output.head(head, of: token)
                for i in unsafe 0..<output.dim { unsafe to[i] = unsafe from[i] * weight }
            }
        }
    }

    private func clear(_ state: LatentState, _ plan: ExpandedPlan) -> UnsafeMutablePointer<Float> {
        state.softmax.reserve(plan.heads * plan.softmaxStride)
        let softmax = unsafe state.softmax.pointer
        pool.run(plan.heads) { head, _ in
            let own = unsafe softmax + head * plan.softmaxStride
            unsafe own.update(repeating: -.infinity, count: plan.tokens)
            unsafe (own + plan.tokens).update(repeating: 0, count: plan.softmaxStride - plan.tokens)
        }
        return unsafe softmax
    }

    /// Reads cached rows: their latent parts as input of products, the rest as keys lie.
    private func prepare(_ chunk: Range<Int>, _ cache: KVCache, _ state: LatentState, _ plan: ExpandedPlan) {
        let (latent, dim) = (cache.shape.valueDim, cache.shape.paddedKeyDim)
        state.latents.reserve(tokens: chunk.count)
        state.shared.reserve((chunk.count + 31) / 32 * 32 * plan.sharedDim)
        let shared = unsafe state.shared.pointer
        let blocks = (chunk.count + 31) / 32
        reserveScratch(32 * dim)
        pool.run(blocks) { block, thread in
            let rows = unsafe scratch(of: thread)
            let count = min(32, chunk.count - block * 32)
            for row in 0..<count {
                let key = block * 32 + row
                unsafe cache.readRow(chunk.lowerBound + key, kernels, into: rows + row * dim)
                unsafe state.latents.row(key).update(from: rows + row * dim, count: latent)
                unsafe kernels.pointee.quantize(state.latents.row(key), Int32(latent), state.latents.groups(of: key))
            }
            unsafe kernels.pointee.transpose(
                rows + latent, dim, Int32(count), Int32(plan.sharedDim), shared + block * 32 * plan.sharedDim, 32)
        }
    }

    private func attendExpanded(
        _ plan: ExpandedPlan, head: Int, tokens: Range<Int>, keys chunk: Range<Int>, _ input: AttentionInput,
        _ expansion: LatentExpansion, _ state: LatentState, softmax: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (keyDim, valueDim) = (plan.keyDim, plan.valueDim)
        let queries = unsafe scratch
        let limits = unsafe UnsafeMutableRawPointer(queries + tokens.count * keyDim).assumingMemoryBound(to: Int32.self)
        let keys = unsafe queries + plan.tileTokens * (keyDim + 1)
        let values = unsafe keys + ExpandedPlan.tileKeys * keyDim
        let kernelScratch = unsafe values + ExpandedPlan.tileKeys * valueDim
        let rest = unsafe kernelScratch + 32 * max(keyDim, valueDim) + plan.tileTokens * 128
        for (row, token) in tokens.enumerated() {
            let (from, to) = unsafe (input.queries.head(head, of: token), queries + row * keyDim)
            for i in unsafe 0..<input.queries.dim { unsafe to[i] = unsafe from[i] * input.scale }
            for i in unsafe input.queries.dim..<keyDim { unsafe to[i] = 0 }
        }
        let own = unsafe softmax + head * plan.softmaxStride
        var task = unsafe mk_attention()
        unsafe task.key_dim = Int32(keyDim)
        unsafe task.value_dim = Int32(valueDim)
        unsafe task.cache = KVType.f32.code
        unsafe task.k = UnsafeRawPointer(keys)
        unsafe task.v = UnsafeRawPointer(values)
        unsafe task.value_stride = Int32(valueDim)
        unsafe task.scratch = kernelScratch
        // Keys behind the last token of the tile are nobody's.
        let end = min(chunk.upperBound, plan.position + tokens.upperBound)
        for first in stride(from: chunk.lowerBound, to: end, by: ExpandedPlan.tileKeys) {
            let tile = first..<min(end, first + ExpandedPlan.tileKeys)
            let rows = unsafe state.latents.rows.every(1, from: first - chunk.lowerBound)
            unsafe expand(expansion.keys[head], rows, count: tile.count, scratch: rest) { part, count, tile, width in
                for block in stride(from: 0, to: count, by: 32) {
                    unsafe kernels.pointee.transpose(
                        tile + block * width, width, Int32(min(32, count - block)), Int32(part.count),
                        keys + (block * keyDim + part.lowerBound * 32), 32)
                }
            }
            for block in stride(from: 0, to: tile.count, by: 32) {
                let shared = unsafe state.shared.pointer + (first - chunk.lowerBound + block) * plan.sharedDim
                let to = unsafe keys + (block * keyDim + plan.ownDim * 32)
                unsafe to.update(from: shared, count: plan.sharedDim * 32)
                unsafe (to + plan.sharedDim * 32).update(
                    repeating: 0, count: (keyDim - plan.ownDim - plan.sharedDim) * 32)
            }
            unsafe expand(expansion.values[head], rows, count: tile.count, scratch: rest) { part, count, tile, width in
                for key in 0..<count {
                    let to = unsafe values + key * valueDim
                    unsafe (to + part.lowerBound).update(from: tile + key * width, count: part.count)
                    unsafe (to + part.upperBound).update(
                        repeating: 0,
                        count: part.upperBound == expansion.values.first.rows ? valueDim - part.upperBound : 0)
                }
            }
            for step in stride(from: tile.lowerBound, to: tile.upperBound, by: ExpandedPlan.stepKeys) {
                // The first token that sees a key of this step.
                let token = max(tokens.lowerBound, step - plan.position)
                let last = min(tile.upperBound, step + ExpandedPlan.stepKeys)
                let row = token - tokens.lowerBound
                for row in row..<tokens.count {
                    unsafe limits[row] = Int32(plan.position + tokens.lowerBound + row + 1 - first)
                }
                unsafe task.rows = Int32(tokens.count - row)
                unsafe task.q = UnsafePointer(queries + row * keyDim)
                unsafe task.limit = UnsafePointer(limits + row)
                unsafe task.first_key = Int32(step - first)
                unsafe task.last_key = Int32(last - first)
                unsafe task.maximum = own + token
                unsafe task.sum = own + plan.tokens + token
                unsafe task.out = own + 2 * plan.tokens + token * valueDim
                unsafe kernels.pointee.attend(&task)
            }
        }
    }

    /// Products of one head's matrix and `count` rows, 32 outputs at a time: `take` gets the range of outputs and
    /// their tile, [count, width].
    private func expand(
        _ matrix: Matrix, _ rows: InputRows, count: Int, scratch tile: UnsafeMutablePointer<Float>,
        take: (_ part: Range<Int>, _ count: Int, _ tile: UnsafeMutablePointer<Float>, _ width: Int) -> Void
    ) {
        for first in stride(from: 0, to: matrix.rows, by: ExpandedPlan.tileRows) {
            let part = first..<min(matrix.rows, first + ExpandedPlan.tileRows)
            let width = tileWidth(matrix, rows: part, tokens: count)
            unsafe multiply(matrix, rows: part, rows, tokens: count, into: tile, scratch: tile + count * width)
            unsafe take(part, count, tile, width)
        }
    }
}
