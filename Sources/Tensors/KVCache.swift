internal import CKernels

/// How keys and values are stored.
package enum KVType: String, Sendable, CaseIterable, Codable {
    case f16
    case q8_0
    /// Exact: for comparing logits.
    case f32

    /// Bytes that one key or value row of `dim` elements takes.
    package func rowBytes(dim: Int) -> Int {
        switch self {
        case .f16: dim * 2
        case .f32: dim * 4
        case .q8_0: dim + dim / 32 * 2
        }
    }
}

extension KVType {
    /// The number that kernels know this type by.
    package var code: Int32 {
        switch self {
        case .f16: Int32(MK_CACHE_F16)
        case .q8_0: Int32(MK_CACHE_Q8_0)
        case .f32: Int32(MK_CACHE_F32)
        }
    }
}

/// What a cache keeps for each token of one layer.
package struct KVShape: Hashable, Sendable {
    package var heads: Int
    /// Elements of a key head and of a value head.
    package var keyDim: Int
    package var valueDim: Int
    /// Whether values are the first `valueDim` elements of the keys, as in latent attention: one row is stored.
    package var sharesRows: Bool

    package init(heads: Int, keyDim: Int, valueDim: Int, sharesRows: Bool = false) {
        self.heads = heads
        self.keyDim = keyDim
        self.valueDim = valueDim
        self.sharesRows = sharesRows
    }

    /// Rounded up to a multiple of 16; the rest stays zero.
    package var paddedKeyDim: Int { (keyDim + 15) / 16 * 16 }
    package var paddedValueDim: Int { (valueDim + 15) / 16 * 16 }

    /// Whether rows of `type` can hold heads this wide.
    package func fits(_ type: KVType) -> Bool {
        if sharesRows, valueDim % 16 != 0 { return false }
        return type != .q8_0 || (paddedKeyDim % 32 == 0 && paddedValueDim % 32 == 0)
    }

    /// Bytes that a cache of `capacity` tokens takes.
    package func byteCount(capacity: Int, type: KVType) -> Int {
        let values = sharesRows ? 0 : type.rowBytes(dim: paddedValueDim)
        return heads * ((capacity + 31) / 32 * 32) * (type.rowBytes(dim: paddedKeyDim) + values)
    }
}

/// Keys and values of one layer for one sequence of tokens; pages take up room only as tokens arrive.
///
/// Keys lie transposed in blocks of 32, [capacity / 32, keyDim, 32] for each head, so that one vector holds as many
/// keys and attention needs no sums across lanes; values are rows, [capacity, valueDim]. Rows that serve as both are
/// stored as rows.
package final class KVCache {
    package let shape: KVShape
    package let type: KVType
    /// Tokens that fit; a multiple of 32.
    package let capacity: Int
    private let memory: AlignedMemory

    /// - Returns: nil when the system refuses the memory, or when the shape does not fit the type.
    package init?(_ shape: KVShape, capacity: Int, type: KVType) {
        guard shape.fits(type),
            let memory = AlignedMemory(byteCount: shape.byteCount(capacity: capacity, type: type))
        else { return nil }
        self.shape = shape
        self.type = type
        self.capacity = (capacity + 31) / 32 * 32
        self.memory = memory
    }

    /// Memory of one KV head: codes and, for q8_0, their scales. Without keys, `values` holds whole rows.
    @unsafe
    struct Head {
        var keys: UnsafeMutableRawPointer?
        var keyScales: UnsafeMutablePointer<UInt16>?
        var values: UnsafeMutableRawPointer
        var valueScales: UnsafeMutablePointer<UInt16>?
        /// Elements of a stored value row.
        var stride: Int
    }

    func head(_ head: Int) -> Head {
        let (keyDim, valueDim) = (shape.paddedKeyDim, shape.paddedValueDim)
        let start =
            unsafe memory.bytes.baseAddress! + head * shape.byteCount(capacity: capacity, type: type) / shape.heads
        func scales(_ codes: UnsafeMutableRawPointer, _ dim: Int) -> UnsafeMutablePointer<UInt16>? {
            unsafe type == .q8_0 ? (codes + capacity * dim).assumingMemoryBound(to: UInt16.self) : nil
        }
        guard !shape.sharesRows else {
            return unsafe Head(
                keys: nil, keyScales: nil, values: start, valueScales: scales(start, keyDim), stride: keyDim)
        }
        let values = unsafe start + capacity * type.rowBytes(dim: keyDim)
        return unsafe Head(
            keys: start, keyScales: scales(start, keyDim), values: values, valueScales: scales(values, valueDim),
            stride: valueDim)
    }

    /// Copies the stored row at `position` of the only head, [paddedKeyDim]; for rows that are keys and values at once.
    func readRow(_ position: Int, _ kernels: UnsafePointer<mk_kernels>, into output: UnsafeMutablePointer<Float>) {
        let (memory, dim) = unsafe (head(0), shape.paddedKeyDim)
        switch type {
        case .f32, .f16:
            let row = unsafe memory.values + position * type.rowBytes(dim: dim)
            unsafe kernels.pointee.dequantize(
                type == .f32 ? Int32(MK_F32) : Int32(MK_F16), row.assumingMemoryBound(to: UInt8.self),
                Int32(dim), output)
        case .q8_0:
            let codes = unsafe memory.values.assumingMemoryBound(to: Int8.self) + position * dim
            let scales = unsafe memory.valueScales! + position * dim / 32
            for i in 0..<dim { unsafe output[i] = unsafe Float(codes[i]) * Float(Float16(bitPattern: scales[i / 32])) }
        }
    }

    /// Copies the stored row at `position` of the only head as it is, to place `index` of rows that lie side by side.
    func copyRow(
        _ position: Int, to rows: UnsafeMutableRawPointer, at index: Int, scales: UnsafeMutablePointer<UInt16>
    ) {
        let (memory, dim) = unsafe (head(0), shape.paddedKeyDim)
        let bytes = type == .q8_0 ? dim : type.rowBytes(dim: dim)
        unsafe (rows + index * bytes).copyMemory(from: memory.values + position * bytes, byteCount: bytes)
        guard let from = unsafe memory.valueScales else { return }
        unsafe (scales + index * dim / 32).update(from: from + position * dim / 32, count: dim / 32)
    }
}
