internal import CKernels

/// Cosines and sines of the positions that one forward pass covers.
package final class Rotations {
    package let table: RotaryTable
    private let buffer = FloatBuffer()

    package init(_ table: RotaryTable) { self.table = table }

    /// Computes them, once for all layers.
    package func prepare(_ positions: some Collection<Int>) {
        buffer.reserve(positions.count * 2 * table.half)
        unsafe table.fill(positions, into: buffer.pointer)
    }

    func cosines(of token: Int) -> UnsafeMutablePointer<Float> { unsafe buffer.pointer + token * 2 * table.half }
}

extension Compute {
    /// Root-mean-square norm of every head by itself, in place.
    /// - Parameter weight: [heads.dim]; nil for ones.
    package func normalizeHeads(
        _ heads: HeadRows, tokens: Int, weight: UnsafePointer<Float>?, epsilon: Float
    ) {
        forEachToken(tokens) { token in
            for head in unsafe 0..<heads.heads {
                let row = unsafe heads.head(head, of: token)
                unsafe kernels.pointee.rms_norm(row, weight, epsilon, Int32(heads.dim), row)
            }
        }
    }

    /// Layer norm of every head by itself, in place; `weight` and `bias` are [heads.dim].
    package func layerNormalizeHeads(
        _ heads: HeadRows, tokens: Int, weight: UnsafePointer<Float>, bias: UnsafePointer<Float>, epsilon: Float
    ) {
        forEachToken(tokens) { token in
            for head in unsafe 0..<heads.heads {
                let row = unsafe heads.head(head, of: token)
                unsafe kernels.pointee.layer_norm(row, weight, bias, epsilon, Int32(heads.dim), row)
            }
        }
    }

    /// Rotates 2 * table.half elements of every head from `offset` on by its token's position, in place.
    /// - Parameter inverse: turns back.
    package func rotate(
        _ heads: HeadRows, tokens: Int, _ rotations: Rotations, pairing: RotaryPairing, offset: Int = 0,
        inverse: Bool = false
    ) {
        let rotate = unsafe pairing == .halves ? kernels.pointee.rope_halves! : kernels.pointee.rope_pairs!
        let half = rotations.table.half
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: inverse ? tokens * half : 1) { negated in
            if inverse {
                for token in 0..<tokens {
                    let sines = unsafe rotations.cosines(of: token) + half
                    for i in 0..<half { unsafe negated[token * half + i] = unsafe -sines[i] }
                }
            }
            let negated = negated.baseAddress!
            forEachToken(tokens) { token in
                let cosines = unsafe rotations.cosines(of: token)
                let sines = unsafe inverse ? negated + token * half : cosines + half
                for head in unsafe 0..<heads.heads {
                    unsafe rotate(heads.head(head, of: token) + offset, cosines, sines, Int32(half))
                }
            }
        }
    }

    /// Appends `tokens` keys and values to the cache from `position` on; `values` is ignored where rows serve as both.
    package func store(keys: HeadRows, values: HeadRows?, tokens: Int, position: Int, in cache: KVCache) {
        let shape = cache.shape
        let code = cache.type.code
        forEachToken(tokens) { token in
            let at = Int32(position + token)
            for head in 0..<shape.heads {
                let memory = unsafe cache.head(head)
                unsafe withPadding(keys.head(head, of: token), shape.keyDim, shape.paddedKeyDim) { key in
                    if let to = unsafe memory.keys {
                        unsafe kernels.pointee.store_key(code, key, Int32(shape.paddedKeyDim), at, to, memory.keyScales)
                    } else {
                        unsafe kernels.pointee.store_value(
                            code, key, Int32(shape.paddedKeyDim), at, memory.values, memory.valueScales)
                    }
                }
                guard let values = unsafe values, !shape.sharesRows else { continue }
                unsafe withPadding(values.head(head, of: token), shape.valueDim, shape.paddedValueDim) { value in
                    unsafe kernels.pointee.store_value(
                        code, value, Int32(shape.paddedValueDim), at, memory.values, memory.valueScales)
                }
            }
        }
    }

    /// Odd head dimensions are stored with zeros behind them.
    private func withPadding(
        _ row: UnsafePointer<Float>, _ dim: Int, _ padded: Int, _ body: (UnsafePointer<Float>) -> Void
    ) {
        guard dim != padded else { return unsafe body(row) }
        unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: padded) { copy in
            unsafe copy.initialize(repeating: 0)
            unsafe copy.baseAddress!.update(from: row, count: dim)
            unsafe body(copy.baseAddress!)
        }
    }

    /// Copies heads to places of the same or a smaller dimension.
    package func copy(_ heads: HeadRows, tokens: Int, to places: HeadRows) {
        forEachToken(tokens) { token in
            for head in unsafe 0..<heads.heads {
                unsafe places.head(head, of: token).update(from: heads.head(head, of: token), count: places.dim)
            }
        }
    }

    /// The first elements of every head as rows of their own, [tokens * heads, rows.width], quantised.
    package func gather(_ heads: HeadRows, tokens: Int, into rows: Activations) {
        unsafe rows.reserve(tokens: tokens * heads.heads)
        unsafe forEachToken(tokens * heads.heads) { index in
            let from = unsafe heads.head(index % heads.heads, of: index / heads.heads)
            unsafe rows.row(index).update(from: from, count: rows.width)
            unsafe kernels.pointee.quantize(rows.row(index), Int32(rows.width), rows.groups(of: index))
        }
    }

    /// Multiplies each row by the sigmoid of a gate of the same width, in place.
    package func gate(_ rows: HeadRows, by gates: HeadRows, tokens: Int) {
        forEachToken(tokens) { token in
            for head in unsafe 0..<rows.heads {
                unsafe kernels.pointee.gate(gates.head(head, of: token), Int32(rows.dim), rows.head(head, of: token))
            }
        }
    }
}
