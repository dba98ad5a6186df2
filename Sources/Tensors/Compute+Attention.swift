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
    /// Whether a token sees only those before it and itself; otherwise it sees all.
    package var isCausal: Bool
    /// [queries.heads]: a score that takes part in the softmax and has no value.
    package var sinks: UnsafePointer<Float>?

    package init(
        queries: HeadRows, position: Int, tokens: Int, scale: Float? = nil, window: Int? = nil, isCausal: Bool = true,
        sinks: UnsafePointer<Float>? = nil
    ) {
        unsafe self.queries = queries
        unsafe self.position = position
        unsafe self.tokens = tokens
        unsafe self.scale = scale ?? 1 / Float(queries.dim).squareRoot()
        unsafe self.window = window
        unsafe self.isCausal = isCausal
        unsafe self.sinks = sinks
    }
}

/// The attention of one sequence's tokens in a layer.
@unsafe
package struct Attention {
    package var input: AttentionInput
    package var cache: KVCache
    /// Receives [tokens, heads * valueDim].
    package var output: HeadRows

    package init(input: AttentionInput, cache: KVCache, output: HeadRows) {
        unsafe self.input = input
        unsafe self.cache = cache
        unsafe self.output = output
    }
}

/// How the attention of several sequences is cut: the tasks of each lie one behind the other.
private struct AttentionPlans {
    private(set) var plans: [AttentionPlan] = []
    /// The first task of each, and the end; likewise tokens and floats of partial results.
    private(set) var tasks = [0]
    private(set) var tokens = [0]
    private(set) var partials = [0]

    init(_ attentions: [Attention]) {
        for index in unsafe attentions.indices {
            let plan = unsafe AttentionPlan(attentions[index].input, attentions[index].cache)
            plans.append(plan)
            tasks.append(tasks.last! + plan.taskCount)
            tokens.append(tokens.last! + plan.tokens)
            partials.append(partials.last! + plan.taskCount * plan.partialStride)
        }
    }

    var scratchFloats: Int { plans.map(\.scratchFloats).max() ?? 0 }

    /// The sequence that `index` falls in, and its place there.
    static func find(_ index: Int, in starts: [Int]) -> (sequence: Int, place: Int) {
        var sequence = 0
        while index >= starts[sequence + 1] { sequence += 1 }
        return (sequence, index - starts[sequence])
    }
}

extension Compute {
    /// Attention of each token over the cache, up to itself where it is causal; writes [tokens, heads * valueDim] to `output`.
    /// - Parameter partials: room for the parts before they are joined.
    package func attend(_ input: AttentionInput, cache: KVCache, into output: HeadRows, partials: FloatBuffer) {
        unsafe attend([Attention(input: input, cache: cache, output: output)], partials: partials)
    }

    /// Attention of the tokens of several sequences, each over a cache of its own; each is computed as it would
    /// be alone.
    ///
    /// The query heads that share a KV head are processed together. Few tokens split along the keys into fixed ranges
    /// (whatever the number of threads, so that results do not depend on it); many split into tiles of tokens.
    /// - Parameter partials: room for the parts before they are joined.
    package func attend(_ attentions: [Attention], partials: FloatBuffer) {
        let all = unsafe AttentionPlans(attentions)
        partials.reserve(all.partials.last!)
        reserveScratch(all.scratchFloats)
        let parts = unsafe partials.pointer
        pool.run(all.tasks.last!) { index, thread in
            let (sequence, task) = AttentionPlans.find(index, in: all.tasks)
            let attention = unsafe attentions[sequence]
            unsafe attend(
                all.plans[sequence], task: task, attention.input, attention.cache,
                partials: parts + all.partials[sequence], scratch: scratch(of: thread))
        }
        forEachToken(all.tokens.last!) { index in
            let (sequence, token) = AttentionPlans.find(index, in: all.tokens)
            let attention = unsafe attentions[sequence]
            unsafe merge(
                all.plans[sequence], token: token, attention.input, partials: parts + all.partials[sequence],
                into: attention.output)
        }
    }

    private func attend(
        _ plan: AttentionPlan, task index: Int, _ input: AttentionInput, _ cache: KVCache,
        partials: UnsafeMutablePointer<Float>, scratch: UnsafeMutablePointer<Float>
    ) {
        let part = plan.part(index)
        let group = plan.group
        let rows = part.tokens.count * group
        let partial = unsafe partials + index * plan.partialStride
        let queries = unsafe scratch
        let limits = unsafe UnsafeMutableRawPointer(scratch + plan.tileRows * plan.keyDim)
            .assumingMemoryBound(to: Int32.self)
        let firsts = unsafe limits + plan.tileRows
        var row = 0
        for token in part.tokens {
            for member in 0..<group {
                let from = unsafe input.queries.head(part.head * group + member, of: token)
                let to = unsafe queries + row * plan.keyDim
                for i in unsafe 0..<input.queries.dim { unsafe to[i] = unsafe from[i] * input.scale }
                for i in unsafe input.queries.dim..<plan.keyDim { unsafe to[i] = 0 }
                unsafe limits[row] = Int32(input.position + (input.isCausal ? token + 1 : input.tokens))
                unsafe firsts[row] = Int32(plan.firstKey(of: token))
                row += 1
            }
        }
        let (maxima, sums, out) = unsafe (partial, partial + plan.tileRows, partial + 2 * plan.tileRows)
        unsafe maxima.update(repeating: -.infinity, count: rows)
        unsafe sums.update(repeating: 0, count: rows)
        unsafe out.update(repeating: 0, count: rows * plan.valueDim)
        let memory = unsafe cache.head(part.head)
        var task = unsafe mk_attention()
        unsafe task.rows = Int32(rows)
        unsafe task.key_dim = Int32(plan.keyDim)
        unsafe task.value_dim = Int32(plan.valueDim)
        unsafe task.q = UnsafePointer(queries)
        unsafe task.first = input.window == nil ? nil : UnsafePointer(firsts)
        unsafe task.limit = UnsafePointer(limits)
        unsafe task.first_key = Int32(part.keys.lowerBound)
        unsafe task.last_key = Int32(part.keys.upperBound)
        unsafe task.cache = cache.type.code
        unsafe task.k = UnsafeRawPointer(memory.keys)
        unsafe task.k_scale = UnsafePointer(memory.keyScales)
        unsafe task.v = UnsafeRawPointer(memory.values)
        unsafe task.v_scale = UnsafePointer(memory.valueScales)
        unsafe task.value_stride = Int32(memory.stride)
        unsafe task.maximum = maxima
        unsafe task.sum = sums
        unsafe task.out = out
        unsafe task.scratch = scratch + plan.tileRows * (plan.keyDim + 2)
        unsafe kernels.pointee.attend(&task)
    }

    /// Joins the key ranges of a token's rows and divides by the sums of exponentials.
    private func merge(
        _ plan: AttentionPlan, token: Int, _ input: AttentionInput, partials: UnsafeMutablePointer<Float>,
        into output: HeadRows
    ) {
        for head in unsafe 0..<input.queries.heads {
            let row = token % plan.tileTokens * plan.group + head % plan.group
            let first = plan.firstTask(head: head / plan.group, token: token)
            var largest = unsafe input.sinks.map { unsafe $0[head] } ?? -.infinity
            for range in 0..<plan.keyRanges {
                largest = unsafe max(largest, partials[(first + range) * plan.partialStride + row])
            }
            let to = unsafe output.head(head, of: token)
            var sum = unsafe input.sinks.map { unsafe expf($0[head] - largest) } ?? 0
            for range in 0..<plan.keyRanges {
                let partial = unsafe partials + (first + range) * plan.partialStride
                if unsafe partial[row] > -.infinity {
                    unsafe sum += partial[plan.tileRows + row] * expf(partial[row] - largest)
                }
            }
            unsafe to.update(repeating: 0, count: output.dim)
            for range in 0..<plan.keyRanges {
                let partial = unsafe partials + (first + range) * plan.partialStride
                guard unsafe partial[row] > -.infinity else { continue }
                let weight = unsafe expf(partial[row] - largest) / sum
                let from = unsafe partial + 2 * plan.tileRows + row * plan.valueDim
                unsafe kernels.pointee.add_scaled(from, weight, Int32(output.dim), to)
            }
        }
    }
}
