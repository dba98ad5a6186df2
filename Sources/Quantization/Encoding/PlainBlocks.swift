/// Blocks of 32 values under one scale: Q4_0, Q4_1, Q5_0, Q5_1, Q8_0.
///
/// Without importance the codes are those of the format's reference encoder, bit for bit: the largest value takes the
/// outermost code. With it the scale is searched.
enum PlainBlocks {
    /// Q4_0 and Q5_0: value = d (code - half), codes of `bits` bits.
    static func encodeSymmetric(
        _ input: BlockInput, bits: Int, variance: Float, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch
    ) {
        let half = Float(1 << (bits - 1))
        let group = unsafe WeightedGroup(values: input.values, weights: scratch.weights, count: 32)
        let scale: Float
        if unsafe input.importance != nil {
            unsafe input.weigh(.square, variance: variance, into: scratch.weights)
            scale = group.scale(CodeRange(low: -half, high: half - 1, anchor: -half, secondAnchor: half - 1)).asHalf
            let inverse = reciprocal(scale)
            for i in stride(from: 0, to: 32, by: 8) {
                let code = unsafe (input.values.lanes(i) * inverse).limited(-half, half - 1).nearest
                unsafe scratch.codes.store(code + half, at: i)
            }
        } else {
            scale = unsafe firstExtreme(input.values) / -half
            let inverse = reciprocal(scale)
            for i in stride(from: 0, to: 32, by: 8) {
                let code = unsafe (input.values.lanes(i) * inverse + (half + 0.5)).limited(0, 2 * half - 1).floored
                unsafe scratch.codes.store(code, at: i)
            }
        }
        unsafe block.storeHalf(scale, at: 0)
        unsafe pack(scratch.codes, bits: bits, to: block + 2)
    }

    /// Q4_1 and Q5_1: value = d code + m.
    static func encodeAffine(
        _ input: BlockInput, bits: Int, variance: Float, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch
    ) {
        let high = Float((1 << bits) - 1)
        let group = unsafe WeightedGroup(values: input.values, weights: scratch.weights, count: 32)
        let (scale, offset): (Float, Float)
        if unsafe input.importance != nil {
            unsafe input.weigh(.square, variance: variance, into: scratch.weights)
            let line = group.line(high: high, reach: 1, step: 0.125, offsetIsNegative: false)
            (scale, offset) = (line.scale.asHalf, line.offset.asHalf)
            let inverse = reciprocal(scale)
            for i in stride(from: 0, to: 32, by: 8) {
                let code = unsafe ((input.values.lanes(i) - offset) * inverse).limited(0, high).nearest
                unsafe scratch.codes.store(code, at: i)
            }
        } else {
            let (least, greatest) = group.range
            (scale, offset) = ((greatest - least) / high, least)
            let inverse = reciprocal(scale)
            for i in stride(from: 0, to: 32, by: 8) {
                let code = unsafe ((input.values.lanes(i) - offset) * inverse + 0.5).limited(0, high).floored
                unsafe scratch.codes.store(code, at: i)
            }
        }
        unsafe block.storeHalf(scale, at: 0)
        unsafe block.storeHalf(offset, at: 2)
        unsafe pack(scratch.codes, bits: bits, to: block + 4)
    }

    /// Q8_0: value = d code. Fine enough that nothing is gained by a search.
    static func encodeBytes(_ input: BlockInput, to block: UnsafeMutableRawPointer) {
        let scale = unsafe abs(firstExtreme(input.values)) / 127
        let inverse = reciprocal(scale)
        for i in stride(from: 0, to: 32, by: 8) {
            let scaled = unsafe (input.values.lanes(i) * inverse).limited(-127, 127)
            // Halves go away from zero.
            let magnitude = scaled.magnitudes
            let whole = magnitude.floored
            let rounded = whole + Lanes.zero.replacing(with: 1, where: magnitude - whole .>= 0.5)
            let code = rounded.replacing(with: 0 - rounded, where: scaled .< 0)
            let biased = (code + 128).bytes
            unsafe (block + 2 + i).storeBytes(of: biased ^ SIMD8(repeating: 0x80), as: SIMD8<UInt8>.self)
        }
        unsafe block.storeHalf(scale, at: 0)
    }

    /// Scales that are so small that they have no reciprocal count as zero.
    static func reciprocal(_ scale: Float) -> Float {
        guard scale != 0 else { return 0 }
        let inverse = 1 / scale
        return inverse.isFinite ? inverse : 0
    }

    /// The value of the largest magnitude; of two, the first.
    private static func firstExtreme(_ values: UnsafePointer<Float>) -> Float {
        var extreme: Float = 0
        var largest: Float = 0
        for i in 0..<32 where unsafe abs(values[i]) > largest {
            extreme = unsafe values[i]
            largest = abs(extreme)
        }
        return extreme
    }

    /// 32 codes: the fifth bits of all, if there are any, then nibbles j and j + 16 in a byte.
    private static func pack(_ codes: UnsafePointer<UInt8>, bits: Int, to target: UnsafeMutableRawPointer) {
        var nibbles = unsafe target.assumingMemoryBound(to: UInt8.self)
        if bits == 5 {
            var fifths: UInt32 = 0
            for j in 0..<32 { unsafe fifths |= UInt32(codes[j] >> 4) << UInt32(j) }
            unsafe target.storeBytes(of: fifths.littleEndian, as: UInt32.self)
            unsafe nibbles += 4
        }
        for j in 0..<16 { unsafe nibbles[j] = codes[j] & 15 | codes[j + 16] << 4 }
    }
}
