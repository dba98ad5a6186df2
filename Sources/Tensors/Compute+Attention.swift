internal import CKernels

/// Buffers of attention that live as long as a model's session.
package final class AttentionState {
    let rotations = FloatBuffer()
    let queries = FloatBuffer()
    let partials = FloatBuffer()
    package init() {}
}

/// What one layer's attention works on. All rows are float32, one a token.
@unsafe
package struct AttentionInput {
    package var queryHeads: Int
    /// Head dimension.
    package var dim: Int
    /// [tokens, queryHeads * dim], rotated in place.
    package var queries: UnsafeMutablePointer<Float>
    /// [tokens, cache.heads * dim], rotated in place and then stored.
    package var keys: UnsafeMutablePointer<Float>
    /// [tokens, cache.heads * dim]
    package var values: UnsafeMutablePointer<Float>
    /// Position of the first token; the others follow.
    package var position: Int
    package var tokens: Int
    package var layer: Int

    package init(
        queryHeads: Int, dim: Int, queries: UnsafeMutablePointer<Float>, keys: UnsafeMutablePointer<Float>,
        values: UnsafeMutablePointer<Float>, position: Int, tokens: Int, layer: Int
    ) {
        unsafe (self.queryHeads, self.dim) = (queryHeads, dim)
        unsafe (self.queries, self.keys, self.values) = (queries, keys, values)
        unsafe (self.position, self.tokens, self.layer) = (position, tokens, layer)
    }
}

extension Compute {
    /// Computes cosines and sines for `positions`, once for all layers.
    package func prepareRotation(_ table: RotaryTable, positions: Range<Int>, _ state: AttentionState) {
        state.rotations.reserve(positions.count * 2 * table.half)
        unsafe table.fill(positions, into: state.rotations.pointer)
    }

    /// Rotates queries and keys and appends keys and values to the cache.
    package func rotateAndStore(
        _ input: AttentionInput, pairing: RotaryPairing, table: RotaryTable, cache: KVCache, _ state: AttentionState
    ) {
        let rotate = unsafe pairing == .halves ? kernels.pointee.rope_halves! : kernels.pointee.rope_pairs!
        let half = Int32(table.half)
        unsafe forEachToken(input.tokens) { token in
            let cosines = unsafe state.rotations.pointer + token * 2 * table.half
            let sines = unsafe cosines + table.half
            for head in unsafe 0..<input.queryHeads {
                unsafe rotate(input.queries + (token * input.queryHeads + head) * input.dim, cosines, sines, half)
            }
            for head in 0..<cache.heads {
                let offset = unsafe (token * cache.heads + head) * input.dim
                unsafe rotate(input.keys + offset, cosines, sines, half)
                unsafe store(input.keys + offset, input.values + offset, input, token: token, head: head, cache)
            }
        }
    }

    private func store(
        _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ input: AttentionInput, token: Int, head: Int,
        _ cache: KVCache
    ) {
        let memory = unsafe cache.head(head, layer: input.layer)
        func put(_ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>) {
            unsafe kernels.pointee.store_kv(
                cache.type.code, key, value, Int32(cache.dim), Int32(input.position + token), memory.keys,
                memory.keyScales, memory.values, memory.valueScales)
        }
        guard unsafe cache.dim != input.dim else { return unsafe put(key, value) }
        // Odd head dimensions are stored with zeros behind them.
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * cache.dim) { padded in
            unsafe padded.initialize(repeating: 0)
            unsafe padded.baseAddress!.update(from: key, count: input.dim)
            unsafe (padded.baseAddress! + cache.dim).update(from: value, count: input.dim)
            unsafe put(padded.baseAddress!, padded.baseAddress! + cache.dim)
        }
    }

    /// Causal attention of each token over the cache up to itself; writes [tokens, queryHeads * dim] to `output`.
    ///
    /// The query heads that share a KV head are processed together. Few tokens split along the keys into fixed ranges
    /// (whatever the number of threads, so that results do not depend on it); many split into tiles of tokens.
    package func attend(_ input: AttentionInput, cache: KVCache, into output: Activations, _ state: AttentionState) {
        unsafe output.reserve(tokens: input.tokens)
        let plan = unsafe AttentionPlan(input, cache)
        state.partials.reserve(plan.taskCount * plan.partialStride)
        reserveScratch(plan.scratchFloats)
        pool.run(plan.taskCount) { task, thread in
            unsafe attend(
                plan, task: task, input, cache, partials: state.partials.pointer, scratch: scratch(of: thread))
        }
        unsafe merge(plan, input, partials: state.partials.pointer, into: output)
        unsafe quantize(output, tokens: input.tokens)
    }

    private func attend(
        _ plan: AttentionPlan, task index: Int, _ input: AttentionInput, _ cache: KVCache,
        partials: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let part = plan.part(index)
        let group = plan.group
        let rows = part.tokens.count * group
        let dim = cache.dim
        let partial = unsafe partials + index * plan.partialStride
        let queries = unsafe scratch
        let scale = unsafe 1 / Float(input.dim).squareRoot()
        let limits = unsafe UnsafeMutableRawPointer(scratch + plan.tileRows * dim).assumingMemoryBound(to: Int32.self)
        var row = 0
        for token in part.tokens {
            for member in 0..<group {
                let head = part.head * group + member
                let from = unsafe input.queries + (token * input.queryHeads + head) * input.dim
                let to = unsafe queries + row * dim
                for i in unsafe 0..<input.dim { unsafe to[i] = unsafe from[i] * scale }
                for i in unsafe input.dim..<dim { unsafe to[i] = 0 }
                unsafe limits[row] = Int32(input.position + token + 1)
                row += 1
            }
        }
        let (maxima, sums, out) = unsafe (partial, partial + plan.tileRows, partial + 2 * plan.tileRows)
        unsafe maxima.update(repeating: -.infinity, count: rows)
        unsafe sums.update(repeating: 0, count: rows)
        unsafe out.update(repeating: 0, count: rows * dim)
        let memory = unsafe cache.head(part.head, layer: input.layer)
        var task = unsafe mk_attention()
        unsafe task.rows = Int32(rows)
        unsafe task.dim = Int32(dim)
        unsafe task.q = UnsafePointer(queries)
        unsafe task.limit = UnsafePointer(limits)
        unsafe task.first_key = Int32(part.keys.lowerBound)
        unsafe task.last_key = Int32(part.keys.upperBound)
        unsafe task.cache = cache.type.code
        unsafe task.k = UnsafeRawPointer(memory.keys)
        unsafe task.k_scale = UnsafePointer(memory.keyScales)
        unsafe task.v = UnsafeRawPointer(memory.values)
        unsafe task.v_scale = UnsafePointer(memory.valueScales)
        unsafe task.maximum = maxima
        unsafe task.sum = sums
        unsafe task.out = out
        unsafe task.scratch = scratch + plan.tileRows * (dim + 1)
        unsafe kernels.pointee.attend(&task)
    }

    /// Joins the key ranges of each row and divides by the sum of exponentials.
    private func merge(
        _ plan: AttentionPlan, _ input: AttentionInput, partials: UnsafeMutablePointer<Float>, into output: Activations
    ) {
        unsafe forEachToken(input.tokens) { token in
            for head in unsafe 0..<input.queryHeads {
                let row = token % plan.tileTokens * plan.group + head % plan.group
                let first = plan.firstTask(head: head / plan.group, token: token)
                var largest = -Float.infinity
                for range in 0..<plan.keyRanges {
                    largest = unsafe max(largest, partials[(first + range) * plan.partialStride + row])
                }
                let to = unsafe output.row(token) + head * input.dim
                var sum: Float = 0
                for range in 0..<plan.keyRanges {
                    let partial = unsafe partials + (first + range) * plan.partialStride
                    if unsafe partial[row] > -.infinity {
                        unsafe sum += partial[plan.tileRows + row] * exponential(partial[row] - largest)
                    }
                }
                unsafe to.update(repeating: 0, count: input.dim)
                for range in 0..<plan.keyRanges {
                    let partial = unsafe partials + (first + range) * plan.partialStride
                    guard unsafe partial[row] > -.infinity else { continue }
                    let weight = unsafe exponential(partial[row] - largest) / sum
                    let from = unsafe partial + 2 * plan.tileRows + row * plan.dim
                    unsafe kernels.pointee.add_scaled(from, weight, Int32(input.dim), to)
                }
            }
        }
    }
}
