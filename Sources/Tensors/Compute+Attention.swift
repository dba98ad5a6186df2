internal import CKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What one layer's attention works on.
@unsafe
package struct AttentionInput {
    /// Rotated queries.
    package var queries: HeadRows
    /// Position of the first token; the others follow.
    package var position: Int
    package var tokens: Int
    /// Factor on the products of queries and keys.
    package var scale: Float
    /// Keys that a token sees, itself included; nil for all.
    package var window: Int?
    /// [queries.heads]: a score that takes part in the softmax and has no value.
    package var sinks: UnsafePointer<Float>?

    package init(
        queries: HeadRows, position: Int, tokens: Int, scale: Float? = nil, window: Int? = nil,
        sinks: UnsafePointer<Float>? = nil
    ) {
        self.queries = queries
        self.position = position
        self.tokens = tokens
        self.scale = scale ?? 1 / Float(queries.dim).squareRoot()
        self.window = window
        self.sinks = sinks
    }
}

extension Compute {
    /// Causal attention of each token over the cache up to itself; writes [tokens, heads * valueDim] to `output`.
    ///
    /// The query heads that share a KV head are processed together. Few tokens split along the keys into fixed ranges
    /// (whatever the number of threads, so that results do not depend on it); many split into tiles of tokens.
    /// - Parameter partials: room for the parts before they are joined.
    package func attend(_ input: AttentionInput, cache: KVCache, into output: HeadRows, partials: FloatBuffer) {
        let plan = AttentionPlan(input, cache)
        partials.reserve(plan.taskCount * plan.partialStride)
        reserveScratch(plan.scratchFloats)
        let parts = partials.pointer
        pool.run(plan.taskCount) { task, thread in
            attend(plan, task: task, input, cache, partials: parts, scratch: scratch(of: thread))
        }
        merge(plan, input, partials: parts, into: output)
    }

    private func attend(
        _ plan: AttentionPlan, task index: Int, _ input: AttentionInput, _ cache: KVCache,
        partials: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let part = plan.part(index)
        let group = plan.group
        let rows = part.tokens.count * group
        let partial = partials + index * plan.partialStride
        let queries = scratch
        let limits = UnsafeMutableRawPointer(scratch + plan.tileRows * plan.keyDim)
            .assumingMemoryBound(to: Int32.self)
        let firsts = limits + plan.tileRows
        var row = 0
        for token in part.tokens {
            for member in 0..<group {
                let from = input.queries.head(part.head * group + member, of: token)
                let to = queries + row * plan.keyDim
                for i in 0..<input.queries.dim { to[i] = from[i] * input.scale }
                for i in input.queries.dim..<plan.keyDim { to[i] = 0 }
                limits[row] = Int32(input.position + token + 1)
                firsts[row] = Int32(plan.firstKey(of: token))
                row += 1
            }
        }
        let (maxima, sums, out) = (partial, partial + plan.tileRows, partial + 2 * plan.tileRows)
        maxima.update(repeating: -.infinity, count: rows)
        sums.update(repeating: 0, count: rows)
        out.update(repeating: 0, count: rows * plan.valueDim)
        let memory = cache.head(part.head)
        var task = mk_attention()
        task.rows = Int32(rows)
        task.key_dim = Int32(plan.keyDim)
        task.value_dim = Int32(plan.valueDim)
        task.q = UnsafePointer(queries)
        task.first = input.window == nil ? nil : UnsafePointer(firsts)
        task.limit = UnsafePointer(limits)
        task.first_key = Int32(part.keys.lowerBound)
        task.last_key = Int32(part.keys.upperBound)
        task.cache = cache.type.code
        task.k = UnsafeRawPointer(memory.keys)
        task.k_scale = UnsafePointer(memory.keyScales)
        task.v = UnsafeRawPointer(memory.values)
        task.v_scale = UnsafePointer(memory.valueScales)
        task.value_stride = Int32(memory.stride)
        task.maximum = maxima
        task.sum = sums
        task.out = out
        task.scratch = scratch + plan.tileRows * (plan.keyDim + 2)
        kernels.pointee.attend(&task)
    }

    /// Joins the key ranges of each row and divides by the sum of exponentials.
    private func merge(
        _ plan: AttentionPlan, _ input: AttentionInput, partials: UnsafeMutablePointer<Float>, into output: HeadRows
    ) {
        forEachToken(input.tokens) { token in
            for head in 0..<input.queries.heads {
                let row = token % plan.tileTokens * plan.group + head % plan.group
                let first = plan.firstTask(head: head / plan.group, token: token)
                var largest = input.sinks.map { $0[head] } ?? -.infinity
                for range in 0..<plan.keyRanges {
                    largest = max(largest, partials[(first + range) * plan.partialStride + row])
                }
                let to = output.head(head, of: token)
                var sum = input.sinks.map { expf($0[head] - largest) } ?? 0
                for range in 0..<plan.keyRanges {
                    let partial = partials + (first + range) * plan.partialStride
                    if partial[row] > -.infinity {
                        sum += partial[plan.tileRows + row] * expf(partial[row] - largest)
                    }
                }
                to.update(repeating: 0, count: output.dim)
                for range in 0..<plan.keyRanges {
                    let partial = partials + (first + range) * plan.partialStride
                    guard partial[row] > -.infinity else { continue }
                    let weight = expf(partial[row] - largest) / sum
                    let from = partial + 2 * plan.tileRows + row * plan.valueDim
                    kernels.pointee.add_scaled(from, weight, Int32(output.dim), to)
                }
            }
        }
    }
}
