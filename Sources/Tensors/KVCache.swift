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

/// Keys and values of every layer for one sequence of tokens.
///
/// Keys lie transposed in blocks of 32, [capacity / 32, dim, 32] for each KV head, so that one vector holds as many
/// keys and attention needs no sums across lanes; values are rows, [capacity, dim].
package final class KVCache {
    package let layers: Int
    package let heads: Int
    /// Head dimension, rounded up to a multiple of 16 (the rest stays zero).
    package let dim: Int
    package let type: KVType
    /// Tokens that fit; a multiple of 32.
    package let capacity: Int
    private let memory: AlignedMemory

    /// - Returns: nil when the system refuses the memory, or when q8_0 is asked for a head dimension that is not a
    ///   multiple of 32.
    package init?(layers: Int, heads: Int, dim: Int, capacity: Int, type: KVType) {
        self.layers = layers
        self.heads = heads
        self.dim = (dim + 15) / 16 * 16
        self.type = type
        self.capacity = (capacity + 31) / 32 * 32
        if type == .q8_0, self.dim % 32 != 0 { return nil }
        let bytes = Self.byteCount(layers: layers, heads: heads, dim: dim, capacity: capacity, type: type)
        guard let memory = AlignedMemory(byteCount: bytes) else { return nil }
        self.memory = memory
    }

    /// Bytes that a full cache takes; pages are used only as tokens arrive.
    package static func byteCount(layers: Int, heads: Int, dim: Int, capacity: Int, type: KVType) -> Int {
        let padded = (dim + 15) / 16 * 16
        return layers * heads * ((capacity + 31) / 32 * 32) * 2 * type.rowBytes(dim: padded)
    }

    /// Memory of one KV head of one layer: codes and, for q8_0, their scales.
    @unsafe
    struct Head {
        var keys: UnsafeMutableRawPointer
        var keyScales: UnsafeMutablePointer<UInt16>?
        var values: UnsafeMutableRawPointer
        var valueScales: UnsafeMutablePointer<UInt16>?
    }

    func head(_ head: Int, layer: Int) -> Head {
        let side = capacity * type.rowBytes(dim: dim)
        let keys = unsafe memory.bytes.baseAddress! + (layer * heads + head) * 2 * side
        let values = unsafe keys + side
        guard type == .q8_0 else { return unsafe Head(keys: keys, values: values) }
        return unsafe Head(
            keys: keys, keyScales: (keys + capacity * dim).assumingMemoryBound(to: UInt16.self),
            values: values, valueScales: (values + capacity * dim).assumingMemoryBound(to: UInt16.self))
    }
}
