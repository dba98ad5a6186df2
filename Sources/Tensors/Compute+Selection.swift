internal import CKernels

#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The cached rows that each token of a pass attends to.
package final class RowSelection {
    private var stride = 0
    private var tokens = 0
    private let memory = FloatBuffer()

    package init() {}

    /// Makes room for `stride` rows of each token; no token has any at first.
    package func reserve(tokens: Int, stride: Int) {
        (self.tokens, self.stride) = (tokens, stride)
        memory.reserve(tokens * (stride + 1))
        unsafe counts.update(repeating: 0, count: tokens)
    }

    private var counts: UnsafeMutablePointer<Int32> {
        unsafe UnsafeMutableRawPointer(memory.pointer).assumingMemoryBound(to: Int32.self)
    }

    /// Rows of a token: of the cache, or where negative, ~row of the second cache.
    package func rows(of token: Int) -> UnsafeMutablePointer<Int32> { unsafe counts + tokens + token * stride }

    package func count(of token: Int) -> Int { unsafe Int(counts[token]) }

    /// Says how many of a token's rows were written; tokens may be on different threads.
    package func setCount(of token: Int, _ count: Int) { unsafe counts[token] = Int32(count) }

    fileprivate var longest: Int { (0..<tokens).reduce(0) { max($0, count(of: $1)) } }
}

/// How attention to selected rows is cut: every token by itself, and the rows of a few tokens into ranges.
private struct SelectionPlan {
    let heads: Int
    let keyDim: Int
    let valueDim: Int
    let type: KVType
    let ranges: Int
    let rowsPerRange: Int

    /// Rows that are copied side by side at once, as many as the kernel takes.
    static let step = 128

    init(_ input: AttentionInput, _ cache: KVCache, longest: Int) {
        heads = unsafe input.queries.heads
        keyDim = cache.shape.paddedKeyDim
        valueDim = cache.shape.paddedValueDim
        type = cache.type
        // Enough tokens keep every thread busy.
        rowsPerRange = unsafe input.tokens >= 16 ? max(1, longest) : 2 * Self.step
        ranges = max(1, (longest + rowsPerRange - 1) / rowsPerRange)
    }

    /// Floats of a range's result: maxima, sums, weighted values.
    var partialStride: Int { heads * (valueDim + 2) }
    var gatheredFloats: Int { (Self.step * type.rowBytes(dim: keyDim) + 3) / 4 + 16 }
    /// Queries, limits, copied rows, the kernel's own scratch.
    var scratchFloats: Int { heads * (keyDim + 1) + gatheredFloats + 32 * keyDim + heads * 128 + 64 }
}

extension Compute {
    /// Attention of each token to the rows that `selection` lists, whatever their positions; rows are keys and values.
    ///
    /// Rows lie apart: they are copied side by side first, which costs little beside what many heads make of them.
    /// - Parameters:
    ///   - other: the cache that negative entries of the selection mean, of the same shape and type.
    ///   - input: its window is not obeyed.
    package func attendSelected(
        _ input: AttentionInput, _ selection: RowSelection, cache: KVCache, other: KVCache? = nil,
        into output: HeadRows, partials: FloatBuffer
    ) {
        precondition(cache.shape.sharesRows && cache.shape.heads == 1)
        precondition(other == nil || (other!.shape == cache.shape && other!.type == cache.type))
        let plan = unsafe SelectionPlan(input, cache, longest: selection.longest)
        let split = plan.ranges > 1
        unsafe partials.reserve((split ? input.tokens * plan.ranges : pool.threadCount) * plan.partialStride)
        reserveScratch(plan.scratchFloats)
        let parts = unsafe partials.pointer
        unsafe pool.run(input.tokens * plan.ranges) { task, thread in
            let (token, range) = (task / plan.ranges, task % plan.ranges)
            let partial = unsafe parts + (split ? task : thread) * plan.partialStride
            let count = selection.count(of: token)
            let rows = min(count, range * plan.rowsPerRange)..<min(count, (range + 1) * plan.rowsPerRange)
            unsafe attend(
                plan, token: token, rows: rows, input, selection, cache, other, partial: partial,
                scratch: scratch(of: thread))
            if !split { unsafe join(plan, token: token, input, partials: partial, into: output) }
        }
        guard split else { return }
        for token in unsafe 0..<input.tokens {
            unsafe join(
                plan, token: token, input, partials: parts + token * plan.ranges * plan.partialStride, into: output)
        }
    }

    private func attend(
        _ plan: SelectionPlan, token: Int, rows: Range<Int>, _ input: AttentionInput, _ selection: RowSelection,
        _ cache: KVCache, _ other: KVCache?, partial: UnsafeMutablePointer<Float>,
        scratch: UnsafeMutablePointer<Float>
    ) {
        let (heads, keyDim) = (plan.heads, plan.keyDim)
        let queries = unsafe scratch
        let limits = unsafe UnsafeMutableRawPointer(scratch + heads * keyDim).assumingMemoryBound(to: Int32.self)
        let gathered = unsafe UnsafeMutableRawPointer(scratch + heads * (keyDim + 1))
        for head in 0..<heads {
            let (from, to) = unsafe (input.queries.head(head, of: token), queries + head * keyDim)
            for i in unsafe 0..<input.queries.dim { unsafe to[i] = unsafe from[i] * input.scale }
            for i in unsafe input.queries.dim..<keyDim { unsafe to[i] = 0 }
        }
        unsafe partial.update(repeating: -.infinity, count: heads)
        unsafe (partial + heads).update(repeating: 0, count: plan.partialStride - heads)
        let scales = unsafe (gathered + SelectionPlan.step * keyDim).assumingMemoryBound(to: UInt16.self)
        var task = unsafe mk_attention()
        unsafe task.rows = Int32(heads)
        unsafe task.key_dim = Int32(keyDim)
        unsafe task.value_dim = Int32(plan.valueDim)
        unsafe task.q = UnsafePointer(queries)
        unsafe task.limit = UnsafePointer(limits)
        unsafe task.cache = cache.type.code
        unsafe task.v = UnsafeRawPointer(gathered)
        unsafe task.v_scale = UnsafePointer(scales)
        unsafe task.value_stride = Int32(keyDim)
        unsafe task.maximum = partial
        unsafe task.sum = partial + heads
        unsafe task.out = partial + 2 * heads
        unsafe task.scratch = scratch + heads * (keyDim + 1) + plan.gatheredFloats
        let list = unsafe selection.rows(of: token)
        for first in stride(from: rows.lowerBound, to: rows.upperBound, by: SelectionPlan.step) {
            let count = min(SelectionPlan.step, rows.upperBound - first)
            for i in 0..<count {
                let row = unsafe Int(list[first + i])
                let (source, place) = row >= 0 ? (cache, row) : (other!, ~row)
                unsafe source.copyRow(place, to: gathered, at: i, scales: scales)
            }
            unsafe limits.update(repeating: Int32(count), count: heads)
            unsafe task.last_key = Int32(count)
            unsafe kernels.pointee.attend(&task)
        }
    }

    /// Joins the ranges of one token and divides by the sum of exponentials.
    private func join(
        _ plan: SelectionPlan, token: Int, _ input: AttentionInput, partials: UnsafePointer<Float>,
        into output: HeadRows
    ) {
        for head in 0..<plan.heads {
            var largest = unsafe input.sinks.map { unsafe $0[head] } ?? -.infinity
            for range in 0..<plan.ranges { largest = unsafe max(largest, partials[range * plan.partialStride + head]) }
            var sum = unsafe input.sinks.map { unsafe expf($0[head] - largest) } ?? 0
            let to = unsafe output.head(head, of: token)
            unsafe to.update(repeating: 0, count: output.dim)
            for range in 0..<plan.ranges {
                let partial = unsafe partials + range * plan.partialStride
                guard unsafe partial[head] > -.infinity else { continue }
                let weight = unsafe expf(partial[head] - largest)
                unsafe sum += partial[plan.heads + head] * weight
                unsafe kernels.pointee.add_scaled(
                    partial + 2 * plan.heads + head * plan.valueDim, weight, Int32(output.dim), to)
            }
            let inverse = sum > 0 ? 1 / sum : 0
            for i in unsafe 0..<output.dim { unsafe to[i] *= inverse }
        }
    }
}
