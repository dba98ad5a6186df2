internal import CKernels

/// Buffers of attention that live as long as a model's session.
package final class AttentionState {
    let rotations = FloatBuffer()
    let queries = FloatBuffer()
    let partials = FloatBuffer()
    package init() {}
}

/// What one layer's attention works on. All rows are float32, one a token.
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
        (self.queryHeads, self.dim) = (queryHeads, dim)
        (self.queries, self.keys, self.values) = (queries, keys, values)
        (self.position, self.tokens, self.layer) = (position, tokens, layer)
    }
}

extension Compute {
    /// Computes cosines and sines for `positions`, once for all layers.
    package func prepareRotation(_ table: RotaryTable, positions: Range<Int>, _ state: AttentionState) {
        state.rotations.reserve(positions.count * 2 * table.half)
        table.fill(positions, into: state.rotations.pointer)
    }

    /// Rotates queries and keys and appends keys and values to the cache.
    package func rotateAndStore(
        _ input: AttentionInput, pairing: RotaryPairing, table: RotaryTable, cache: KVCache, _ state: AttentionState
    ) {
        let rotate = pairing == .halves ? kernels.pointee.rope_halves! : kernels.pointee.rope_pairs!
        let half = Int32(table.half)
        forEachToken(input.tokens) { token in
            let cosines = state.rotations.pointer + token * 2 * table.half
            let sines = cosines + table.half
            for head in 0..<input.queryHeads {
                rotate(input.queries + (token * input.queryHeads + head) * input.dim, cosines, sines, half)
            }
            for head in 0..<cache.heads {
                let offset = (token * cache.heads + head) * input.dim
                rotate(input.keys + offset, cosines, sines, half)
                store(input.keys + offset, input.values + offset, input, token: token, head: head, cache)
            }
        }
    }

    private func store(
        _ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>, _ input: AttentionInput, token: Int, head: Int,
        _ cache: KVCache
    ) {
        let memory = cache.head(head, layer: input.layer)
        func put(_ key: UnsafePointer<Float>, _ value: UnsafePointer<Float>) {
            kernels.pointee.store_kv(
                cache.type.code, key, value, Int32(cache.dim), Int32(input.position + token), memory.keys,
                memory.keyScales, memory.values, memory.valueScales)
        }
        guard cache.dim != input.dim else { return put(key, value) }
        // Odd head dimensions are stored with zeros behind them.
        withUnsafeTemporaryAllocation(of: Float.self, capacity: 2 * cache.dim) { padded in
            padded.initialize(repeating: 0)
            padded.baseAddress!.update(from: key, count: input.dim)
            (padded.baseAddress! + cache.dim).update(from: value, count: input.dim)
            put(padded.baseAddress!, padded.baseAddress! + cache.dim)
        }
    }

    /// Causal attention of each token over the cache up to itself; writes [tokens, queryHeads * dim] to `output`.
    ///
    /// The query heads that share a KV head are processed together. Few tokens split along the keys into fixed ranges
    /// (whatever the number of threads, so that results do not depend on it); many split into tiles of tokens.
    package func attend(_ input: AttentionInput, cache: KVCache, into output: Activations, _ state: AttentionState) {
        output.reserve(tokens: input.tokens)
        let plan = AttentionPlan(input, cache)
        state.partials.reserve(plan.taskCount * plan.partialStride)
        reserveScratch(plan.scratchFloats)
        pool.run(plan.taskCount) { task, thread in
            attend(plan, task: task, input, cache, partials: state.partials.pointer, scratch: scratch(of: thread))
        }
        merge(plan, input, partials: state.partials.pointer, into: output)
        quantize(output, tokens: input.tokens)
    }

    private func attend(
        _ plan: AttentionPlan, task index: Int, _ input: AttentionInput, _ cache: KVCache,
        partials: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let part = plan.part(index)
        let group = plan.group
        let rows = part.tokens.count * group
        let dim = cache.dim
        let partial = partials + index * plan.partialStride
        let queries = scratch
        let scale = 1 / Float(input.dim).squareRoot()
        let limits = UnsafeMutableRawPointer(scratch + plan.tileRows * dim).assumingMemoryBound(to: Int32.self)
        var row = 0
        for token in part.tokens {
            for member in 0..<group {
                let head = part.head * group + member
                let from = input.queries + (token * input.queryHeads + head) * input.dim
                let to = queries + row * dim
                for i in 0..<input.dim { to[i] = from[i] * scale }
                for i in input.dim..<dim { to[i] = 0 }
                limits[row] = Int32(input.position + token + 1)
                row += 1
            }
        }
        let (maxima, sums, out) = (partial, partial + plan.tileRows, partial + 2 * plan.tileRows)
        maxima.update(repeating: -.infinity, count: rows)
        sums.update(repeating: 0, count: rows)
        out.update(repeating: 0, count: rows * dim)
        let memory = cache.head(part.head, layer: input.layer)
        var task = mk_attention()
        task.rows = Int32(rows)
        task.dim = Int32(dim)
        task.q = UnsafePointer(queries)
        task.limit = UnsafePointer(limits)
        task.first_key = Int32(part.keys.lowerBound)
        task.last_key = Int32(part.keys.upperBound)
        task.cache = cache.type.code
        task.k = UnsafeRawPointer(memory.keys)
        task.k_scale = UnsafePointer(memory.keyScales)
        task.v = UnsafeRawPointer(memory.values)
        task.v_scale = UnsafePointer(memory.valueScales)
        task.maximum = maxima
        task.sum = sums
        task.out = out
        task.scratch = scratch + plan.tileRows * (dim + 1)
        kernels.pointee.attend(&task)
    }

    /// Joins the key ranges of each row and divides by the sum of exponentials.
    private func merge(
        _ plan: AttentionPlan, _ input: AttentionInput, partials: UnsafeMutablePointer<Float>, into output: Activations
    ) {
        forEachToken(input.tokens) { token in
            for head in 0..<input.queryHeads {
                let row = token % plan.tileTokens * plan.group + head % plan.group
                let first = plan.firstTask(head: head / plan.group, token: token)
                var largest = -Float.infinity
                for range in 0..<plan.keyRanges {
                    largest = max(largest, partials[(first + range) * plan.partialStride + row])
                }
                let to = output.row(token) + head * input.dim
                var sum: Float = 0
                for range in 0..<plan.keyRanges {
                    let partial = partials + (first + range) * plan.partialStride
                    if partial[row] > -.infinity {
                        sum += partial[plan.tileRows + row] * exponential(partial[row] - largest)
                    }
                }
                to.update(repeating: 0, count: input.dim)
                for range in 0..<plan.keyRanges {
                    let partial = partials + (first + range) * plan.partialStride
                    guard partial[row] > -.infinity else { continue }
                    let weight = exponential(partial[row] - largest) / sum
                    let from = partial + 2 * plan.tileRows + row * plan.dim
                    kernels.pointee.add_scaled(from, weight, Int32(input.dim), to)
                }
            }
        }
    }
}
