internal import CKernels
internal import Foundation
internal import Tensors

/// Queries, and the keys and values of one KV head, as attention kernels take them.
struct AttentionSetup {
    let dim: Int
    let rows: Int
    let keyCount: Int
    let type: KVType
    let queries: [Float]  // [rows, dim]
    let keys: [Float]  // [keyCount, dim]
    let values: [Float]  // [keyCount, dim]

    init(dim: Int, keys keyCount: Int, rows: Int, type: KVType, fill: (Int) -> [Float]) {
        (self.dim, self.rows, self.keyCount, self.type) = (dim, rows, keyCount, type)
        queries = fill(rows * dim)
        keys = fill(keyCount * dim)
        values = fill(keyCount * dim)
    }

    /// What a kernel keeps of the rows that it saw.
    struct State {
        var maximum: [Float]  // [rows]
        var sum: [Float]  // [rows]
        var out: [Float]  // [rows, dim]
    }

    /// The cache as `store_kv` fills it; scales are empty but for q8_0.
    final class Cache {
        let keys, values: GuardedArray<UInt8>
        let keyScales, valueScales: GuardedArray<UInt16>

        init(dim: Int, keyCount: Int, type: KVType) {
            let width = type.rowBytes(dim: 1)
            let scales = type == .q8_0 ? dim / 32 : 0
            let padded = (keyCount + 31) / 32 * 32
            keys = GuardedArray(count: padded * dim * width)
            keyScales = GuardedArray(count: padded * scales)
            values = GuardedArray(count: keyCount * dim * width)
            valueScales = GuardedArray(count: keyCount * scales)
        }
    }

    func store(_ table: KernelTable) -> Cache {
        let cache = Cache(dim: dim, keyCount: keyCount, type: type)
        for position in 0..<keyCount {
            table.functions.pointee.store_kv(
                type.code, Array(keys[position * dim..<(position + 1) * dim]),
                Array(values[position * dim..<(position + 1) * dim]), Int32(dim), Int32(position),
                cache.keys.pointer, cache.keyScales.pointer, cache.values.pointer, cache.valueScales.pointer)
        }
        return cache
    }

    /// Attention of all rows to the keys in `range`; row r sees keys below `limits[r]`.
    func attend(_ table: KernelTable, limits: [Int32], range: Range<Int>) -> State {
        let cache = store(table)
        let (q, limit) = (GuardedArray(queries), GuardedArray(limits))
        let maximum = GuardedArray([Float](repeating: -.infinity, count: rows))
        let sum = GuardedArray<Float>(count: rows)
        let out = GuardedArray<Float>(count: rows * dim)
        let scratch = GuardedArray<Float>(count: 32 * dim + rows * 128)
        var task = mk_attention()
        task.rows = Int32(rows)
        task.dim = Int32(dim)
        task.q = UnsafePointer(q.pointer)
        task.limit = UnsafePointer(limit.pointer)
        task.first_key = Int32(range.lowerBound)
        task.last_key = Int32(range.upperBound)
        task.cache = type.code
        task.k = UnsafeRawPointer(cache.keys.pointer)
        task.k_scale = UnsafePointer(cache.keyScales.pointer)
        task.v = UnsafeRawPointer(cache.values.pointer)
        task.v_scale = UnsafePointer(cache.valueScales.pointer)
        task.maximum = maximum.pointer
        task.sum = sum.pointer
        task.out = out.pointer
        task.scratch = scratch.pointer
        table.functions.pointee.attend(&task)
        return State(maximum: maximum.values, sum: sum.values, out: out.values)
    }

    // MARK: Reference

    /// Rows as the cache can hold them: 16-bit floats, or 127 steps of the largest of each 32.
    func stored(_ rows: [Float]) -> [Double] {
        if type == .f32 { return rows.map(Double.init) }
        guard type == .q8_0 else { return rows.map { Double(Float16($0)) } }
        return stride(from: 0, to: rows.count, by: 32).flatMap { start in
            let (codes, scale) = Self.quantize(Array(rows[start..<start + 32]))
            return codes.map { Double($0) * Double(scale) }
        }
    }

    static func quantize(_ part: [Float]) -> (codes: [Int8], scale: Float16) {
        let largest = part.map { abs($0) }.max()!
        let inverse = largest > 0 ? 127 / largest : 0
        return (part.map { Int8(($0 * inverse).rounded(.toNearestOrEven)) }, Float16(largest / 127))
    }

    /// softmax(q k) v in double precision.
    func reference(limits: [Int32]) -> [Double] {
        let (k, v) = (stored(keys), stored(values))
        var result = [Double](repeating: 0, count: rows * dim)
        for row in 0..<rows {
            let visible = min(Int(limits[row]), keyCount)
            let scores = (0..<visible).map { key in
                (0..<dim).reduce(0.0) { $0 + Double(queries[row * dim + $1]) * k[key * dim + $1] }
            }
            let largest = scores.max()!
            let weights = scores.map { exp($0 - largest) }
            let sum = weights.reduce(0, +)
            for key in 0..<visible {
                for i in 0..<dim { result[row * dim + i] += weights[key] / sum * v[key * dim + i] }
            }
        }
        return result
    }
}
