internal import CKernels
internal import Foundation
internal import Tensors

/// Queries, and the keys and values of one KV head, as attention kernels take them.
struct AttentionSetup {
    /// Elements of a key.
    let dim: Int
    let valueDim: Int
    /// Whether values are the first elements of the keys, and one row is stored for both.
    let sharesRows: Bool
    let rows: Int
    let keyCount: Int
    let type: KVType
    let queries: [Float]  // [rows, dim]
    let keys: [Float]  // [keyCount, dim]
    let values: [Float]  // [keyCount, valueDim]

    init(
        dim: Int, valueDim: Int? = nil, sharesRows: Bool = false, keys keyCount: Int, rows: Int, type: KVType,
        fill: (Int) -> [Float]
    ) {
        let width = valueDim ?? dim
        (self.dim, self.valueDim, self.sharesRows) = (dim, width, sharesRows)
        (self.rows, self.keyCount, self.type) = (rows, keyCount, type)
        queries = fill(rows * dim)
        let keys = fill(keyCount * dim)
        self.keys = keys
        values =
            sharesRows
            ? (0..<keyCount).flatMap { Array(keys[$0 * dim..<$0 * dim + width]) } : fill(keyCount * width)
    }

    /// What a kernel keeps of the rows that it saw.
    struct State {
        var maximum: [Float]  // [rows]
        var sum: [Float]  // [rows]
        var out: [Float]  // [rows, dim]
    }

    /// The cache as `store_key` and `store_value` fill it; scales are empty but for q8_0, keys where rows are shared.
    final class Cache {
        let keys, values: GuardedArray<UInt8>
        let keyScales, valueScales: GuardedArray<UInt16>

        init(_ setup: AttentionSetup) {
            let width = setup.type.rowBytes(dim: 1)
            let padded = (setup.keyCount + 31) / 32 * 32
            let keys = setup.sharesRows ? 0 : padded * setup.dim
            // The last block of rows that are keys too is read as a whole.
            let values = setup.sharesRows ? padded * setup.dim : setup.keyCount * setup.valueDim
            let scales = setup.type == .q8_0 ? 1 : 0
            self.keys = GuardedArray(count: keys * width)
            keyScales = GuardedArray(count: keys / 32 * scales)
            self.values = GuardedArray(count: values * width)
            valueScales = GuardedArray(count: values / 32 * scales)
        }
    }

    func store(_ table: KernelTable) -> Cache {
        let cache = Cache(self)
        let functions = table.functions.pointee
        for position in 0..<keyCount {
            let key = Array(keys[position * dim..<(position + 1) * dim])
            if sharesRows {
                functions.store_value(
                    type.code, key, Int32(dim), Int32(position), cache.values.pointer, cache.valueScales.pointer)
                continue
            }
            functions.store_key(
                type.code, key, Int32(dim), Int32(position), cache.keys.pointer, cache.keyScales.pointer)
            functions.store_value(
                type.code, Array(values[position * valueDim..<(position + 1) * valueDim]), Int32(valueDim),
                Int32(position), cache.values.pointer, cache.valueScales.pointer)
        }
        return cache
    }

    /// Attention of all rows to the keys in `range`; row r sees keys below `limits[r]`, and from `firsts[r]` on.
    func attend(_ table: KernelTable, limits: [Int32], firsts: [Int32]? = nil, range: Range<Int>) -> State {
        let cache = store(table)
        let (q, limit, first) = (GuardedArray(queries), GuardedArray(limits), GuardedArray(firsts ?? [0]))
        let maximum = GuardedArray([Float](repeating: -.infinity, count: rows))
        let sum = GuardedArray<Float>(count: rows)
        let out = GuardedArray<Float>(count: rows * valueDim)
        let scratch = GuardedArray<Float>(count: 32 * max(dim, valueDim) + rows * 128)
        var task = mk_attention()
        task.rows = Int32(rows)
        task.key_dim = Int32(dim)
        task.value_dim = Int32(valueDim)
        task.q = UnsafePointer(q.pointer)
        task.limit = UnsafePointer(limit.pointer)
        task.first = firsts == nil ? nil : UnsafePointer(first.pointer)
        task.first_key = Int32(range.lowerBound)
        task.last_key = Int32(range.upperBound)
        task.cache = type.code
        task.k = sharesRows ? nil : UnsafeRawPointer(cache.keys.pointer)
        task.k_scale = UnsafePointer(cache.keyScales.pointer)
        task.v = UnsafeRawPointer(cache.values.pointer)
        task.v_scale = UnsafePointer(cache.valueScales.pointer)
        task.value_stride = Int32(sharesRows ? dim : valueDim)
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
    func reference(limits: [Int32], firsts: [Int32]? = nil) -> [Double] {
        let k = stored(keys)
        let v =
            sharesRows ? (0..<keyCount).flatMap { Array(k[$0 * dim..<$0 * dim + valueDim]) } : stored(values)
        var result = [Double](repeating: 0, count: rows * valueDim)
        for row in 0..<rows {
            let visible = Int(firsts?[row] ?? 0)..<min(Int(limits[row]), keyCount)
            let scores = visible.map { key in
                (0..<dim).reduce(0.0) { $0 + Double(queries[row * dim + $1]) * k[key * dim + $1] }
            }
            let largest = scores.max()!
            let weights = scores.map { exp($0 - largest) }
            let sum = weights.reduce(0, +)
            for (key, weight) in zip(visible, weights) {
                for i in 0..<valueDim { result[row * valueDim + i] += weight / sum * v[key * valueDim + i] }
            }
        }
        return result
    }
}
