/// IQ4_NL and IQ4_XS: codes are places in a table whose entries lie denser around zero.
enum LookupBlocks {
    static let entries: [Float] = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]

    /// The nearest entries.
    @inline(__always)
    private static func nearest(_ x: Lanes) -> Lanes {
        var entry = Lanes(repeating: -127)
        entry += above(x, -115.5) * 23
        entry += above(x, -93.5) * 21
        entry += above(x, -74) * 18
        entry += above(x, -57) * 16
        entry += above(x, -42) * 14
        entry += above(x, -28.5) * 13
        entry += above(x, -16) * 12
        entry += above(x, -4.5) * 11
        entry += above(x, 7) * 12
        entry += above(x, 19) * 12
        entry += above(x, 31.5) * 13
        entry += above(x, 45.5) * 15
        entry += above(x, 61) * 16
        entry += above(x, 79) * 20
        entry += above(x, 101) * 24
        return entry
    }

    /// The places of the nearest entries.
    @inline(__always)
    private static func places(_ x: Lanes) -> Lanes {
        var place = above(x, -115.5) + above(x, -93.5) + above(x, -74) + above(x, -57)
        place += above(x, -42) + above(x, -28.5) + above(x, -16) + above(x, -4.5)
        place += above(x, 7) + above(x, 19) + above(x, 31.5) + above(x, 45.5)
        return place + above(x, 61) + above(x, 79) + above(x, 101)
    }

    @inline(__always)
    private static func above(_ x: Lanes, _ middle: Float) -> Lanes {
        Lanes.zero.replacing(with: 1, where: x .>= middle)
    }

    static func encodeNL(
        _ input: BlockInput, variance: Float, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch
    ) {
        unsafe input.weigh(.square, variance: variance, into: scratch.weights)
        let group = unsafe WeightedGroup(values: input.values, weights: scratch.weights, count: 32)
        let step = scale(group).asHalf
        unsafe block.storeHalf(step, at: 0)
        unsafe pack(input.values, step, to: block.assumingMemoryBound(to: UInt8.self) + 2, scratch)
    }

    static func encodeXS(_ input: BlockInput, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch) {
        unsafe input.weigh(.square, variance: 2 * input.meanSquare, into: scratch.weights)
        for part in 0..<8 {
            let group = unsafe WeightedGroup(
                values: input.values + 32 * part, weights: scratch.weights + 32 * part, count: 32)
            unsafe scratch.scales[part] = scale(group)
            unsafe scratch.scaleWeights[part] = group.totalWeight
        }
        let outer = unsafe WeightedGroup(values: scratch.scales, weights: scratch.scaleWeights, count: 8)
        let step = outer.scale(CodeRange(low: -32, high: 31, anchor: -32)).asHalf
        let codes = unsafe (scratch.scales.lanes(0) * PlainBlocks.reciprocal(step)).limited(-32, 31).nearest
        let bytes = unsafe block.assumingMemoryBound(to: UInt8.self)
        unsafe block.storeHalf(step, at: 0)
        for j in 2..<8 { unsafe bytes[j] = 0 }
        for part in 0..<8 {
            // Six bits: the upper two of all parts in one word, then the nibbles.
            let code = UInt8(codes[part] + 32)
            unsafe bytes[2 + part / 4] |= (code >> 4) << UInt8(2 * (part % 4))
            unsafe bytes[4 + part / 2] |= (code & 15) << (part % 2 == 0 ? 0 : 4)
            unsafe pack(input.values + 32 * part, step * codes[part], to: bytes + 8 + 16 * part, scratch)
        }
    }

    /// The scale for which sum w (scale entry - x)^2 is least, searched as in `WeightedGroup.scale`.
    private static func scale(_ group: WeightedGroup) -> Float {
        let extreme = group.extreme
        guard abs(extreme) > WeightedGroup.negligible else { return 0 }
        var best = (scale: extreme / entries[0], gain: Float(0))
        func improve(inverse: Float) -> Bool {
            var (products, squares) = (Lanes.zero, Lanes.zero)
            for i in stride(from: 0, to: group.count, by: 8) {
                let x = unsafe group.values.lanes(i)
                let entry = nearest(x * inverse)
                let weighted = unsafe group.weights.lanes(i) * entry
                products += weighted * x
                squares += weighted * entry
            }
            let (product, square) = (products.sum(), squares.sum())
            guard square > 0, product * product > best.gain * square * WeightedGroup.margin else { return false }
            best = (product / square, product * product / square)
            return true
        }
        _ = improve(inverse: entries[0] / extreme)
        // The table is not symmetric: the largest magnitude may belong at either end.
        for offset in stride(from: Float(-7), through: 7, by: 1) {
            _ = improve(inverse: (entries[0] + offset) / extreme)
            _ = improve(inverse: (entries[15] + 2 * offset) / extreme)
        }
        for _ in 0..<4 where best.scale != 0 {
            guard improve(inverse: 1 / best.scale) else { break }
        }
        return best.scale
    }

    /// Places of 32 values: j in low nibbles, j + 16 in high ones.
    private static func pack(
        _ values: UnsafePointer<Float>, _ scale: Float, to target: UnsafeMutablePointer<UInt8>, _ scratch: BlockScratch
    ) {
        let inverse = PlainBlocks.reciprocal(scale)
        for i in stride(from: 0, to: 32, by: 8) {
            unsafe scratch.codes.store(places((values.lanes(i) * inverse).limited(-1000, 1000)), at: i)
        }
        for j in 0..<16 { unsafe target[j] = scratch.codes[j] | scratch.codes[j + 16] << 4 }
    }
}

/// MXFP4: 32 four-bit floats under a power of two.
/// - SeeAlso: Open Compute Project, "OCP Microscaling Formats", 2023.
enum MicroscaledBlocks {
    static func encode(
        _ input: BlockInput, variance: Float, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch
    ) {
        let group = unsafe WeightedGroup(values: input.values, weights: scratch.weights, count: 32)
        let bytes = unsafe block.assumingMemoryBound(to: UInt8.self)
        let largest = abs(group.extreme)
        guard largest > 1e-30 else {
            for j in 0..<17 { unsafe bytes[j] = 0 }
            return
        }
        if unsafe input.importance == nil {
            for i in 0..<32 { unsafe scratch.weights[i] = 1 }
        } else {
            unsafe input.weigh(.square, variance: variance, into: scratch.weights)
        }
        // The largest value lies between codes 4 and 8 of this scale: 6 is the last one, so the next scale may be better.
        let exponent = Int(largest.exponent) - 2
        let (near, far) = (error(group, exponent: exponent), error(group, exponent: exponent + 1))
        let chosen = near <= far ? exponent : exponent + 1
        unsafe bytes[0] = UInt8(max(0, min(254, chosen + 127)))
        let inverse = Float(sign: .plus, exponent: -chosen, significand: 1)
        for i in stride(from: 0, to: 32, by: 8) {
            let scaled = unsafe input.values.lanes(i) * inverse
            let code = places(scaled.magnitudes)
            let sign = Lanes.zero.replacing(with: 8, where: (scaled .< 0) .& (code .> 0))
            unsafe scratch.codes.store(code + sign, at: i)
        }
        for j in 0..<16 { unsafe bytes[1 + j] = scratch.codes[j] | scratch.codes[j + 16] << 4 }
    }

    private static func error(_ group: WeightedGroup, exponent: Int) -> Float {
        let scale = Float(sign: .plus, exponent: exponent, significand: 1)
        let inverse = Float(sign: .plus, exponent: -exponent, significand: 1)
        var sum = Lanes.zero
        for i in stride(from: 0, to: 32, by: 8) {
            let magnitude = unsafe group.values.lanes(i).magnitudes
            let difference = nearest(magnitude * inverse) * scale - magnitude
            unsafe sum += group.weights.lanes(i) * difference * difference
        }
        return sum.sum()
    }

    /// The nearest of 0, 0.5, 1, 1.5, 2, 3, 4, 6.
    @inline(__always)
    private static func nearest(_ x: Lanes) -> Lanes {
        let fine = above(x, 0.25) + above(x, 0.75) + above(x, 1.25) + above(x, 1.75)
        return fine * 0.5 + above(x, 2.5) + above(x, 3.5) + above(x, 5) * 2
    }

    @inline(__always)
    private static func places(_ x: Lanes) -> Lanes {
        let fine = above(x, 0.25) + above(x, 0.75) + above(x, 1.25) + above(x, 1.75)
        return fine + above(x, 2.5) + above(x, 3.5) + above(x, 5)
    }

    @inline(__always)
    private static func above(_ x: Lanes, _ middle: Float) -> Lanes {
        Lanes.zero.replacing(with: 1, where: x .> middle)
    }
}
