/// Super-blocks of 256 values whose parts have a scale and a minimum in a few bits each: Q2_K, Q4_K, Q5_K.
/// value = d scale code - dmin minimum.
struct AffineSuperBlock {
    /// Values of a part.
    var width: Int
    /// Largest code of a value.
    var high: Float
    /// Largest code of a scale or minimum.
    var scaleHigh: Float

    static let q2 = AffineSuperBlock(width: 16, high: 3, scaleHigh: 15)
    static let q4 = AffineSuperBlock(width: 32, high: 15, scaleHigh: 63)
    static let q5 = AffineSuperBlock(width: 32, high: 31, scaleHigh: 63)

    /// What the parts' codes are multiplied by.
    struct Scales {
        var scale: Float
        var minimum: Float
    }

    /// Leaves codes in `scratch.codes`, and the parts' codes for scale and minimum in `scratch.scales` and `offsets`.
    func fit(_ input: BlockInput, _ scratch: BlockScratch) -> Scales {
        let parts = 256 / width
        let variance = unsafe input.importance == nil ? 0 : 2 * input.meanSquare
        for part in 0..<parts {
            let first = part * width
            unsafe input.part(first, width).weigh(.magnitude, variance: variance, into: scratch.weights + first)
            let group = unsafe WeightedGroup(
                values: input.values + first, weights: scratch.weights + first, count: width)
            let line = group.line(high: high, reach: 1, step: high > 3 ? 0.1 : 0.05, offsetIsNegative: true)
            unsafe scratch.scales[part] = line.scale
            unsafe scratch.offsets[part] = line.offset
            unsafe scratch.scaleWeights[part] = group.totalWeight
        }
        let range = CodeRange(low: 0, high: scaleHigh, anchor: scaleHigh)
        let scale = unsafe quantize(scratch.scales, weights: scratch.scaleWeights, parts, range)
        for part in 0..<parts { settle(part, step: scale, input, scratch) }
        let minimum = unsafe quantize(scratch.offsets, weights: scratch.offsetWeights, parts, range)
        for part in 0..<parts {
            let inverse = unsafe PlainBlocks.reciprocal(scale * scratch.scales[part])
            let offset = unsafe minimum * scratch.offsets[part]
            for i in stride(from: part * width, to: (part + 1) * width, by: 8) {
                unsafe scratch.codes.store(((input.values.lanes(i) + offset) * inverse).limited(0, high).nearest, at: i)
            }
        }
        return Scales(scale: scale, minimum: minimum)
    }

    /// Chooses the code of a part's scale among the neighbours of what rounding gave, by the error that is left when the
    /// minimum makes up for it.
    private func settle(_ part: Int, step: Float, _ input: BlockInput, _ scratch: BlockScratch) {
        let first = part * width
        let group = unsafe WeightedGroup(values: input.values + first, weights: scratch.weights + first, count: width)
        let code = unsafe scratch.scales[part]
        var best = unsafe group.residue(scale: step * code, near: scratch.offsets[part], high)
        var chosen = code
        for neighbour in [code - 1, code + 1] where step != 0 && neighbour >= 0 && neighbour <= scaleHigh {
            let tried = unsafe group.residue(scale: step * neighbour, near: scratch.offsets[part], high)
            if tried.error < best.error { (best, chosen) = (tried, neighbour) }
        }
        unsafe scratch.scales[part] = chosen
        unsafe scratch.offsets[part] = -best.offset
        unsafe scratch.offsetWeights[part] = best.weight
    }

    /// Replaces numbers by whole codes in `range`; returns what the codes are to be multiplied by, in 16 bits.
    private func quantize(
        _ numbers: UnsafeMutablePointer<Float>, weights: UnsafeMutablePointer<Float>, _ count: Int, _ range: CodeRange
    ) -> Float {
        let scale = unsafe WeightedGroup(values: numbers, weights: weights, count: count).scale(range).asHalf
        let inverse = PlainBlocks.reciprocal(scale)
        for i in stride(from: 0, to: count, by: 8) {
            unsafe numbers.store((numbers.lanes(i) * inverse).limited(range.low, range.high).nearest, at: i)
        }
        return scale
    }
}

extension AffineSuperBlock {
    static func encodeQ2(_ input: BlockInput, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch) {
        let scales = q2.fit(input, scratch)
        let bytes = unsafe block.assumingMemoryBound(to: UInt8.self)
        for part in 0..<16 { unsafe bytes[part] = UInt8(scratch.scales[part]) | UInt8(scratch.offsets[part]) << 4 }
        unsafe packTwoBits(scratch.codes, to: bytes + 16)
        unsafe block.storeHalf(scales.scale, at: 80)
        unsafe block.storeHalf(scales.minimum, at: 82)
    }

    static func encodeQ4(_ input: BlockInput, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch) {
        let scales = q4.fit(input, scratch)
        unsafe storeHead(scales, scratch, to: block)
        unsafe packNibbles(scratch.codes, to: block.assumingMemoryBound(to: UInt8.self) + 16)
    }

    static func encodeQ5(_ input: BlockInput, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch) {
        let scales = q5.fit(input, scratch)
        unsafe storeHead(scales, scratch, to: block)
        let fifths = unsafe block.assumingMemoryBound(to: UInt8.self) + 16
        for j in 0..<32 {
            var bits: UInt8 = 0
            for part in 0..<8 { unsafe bits |= (scratch.codes[32 * part + j] >> 4) << UInt8(part) }
            unsafe fifths[j] = bits
        }
        unsafe packNibbles(scratch.codes, to: fifths + 32)
    }

    /// d, dmin, and eight pairs of 6 bits: the upper two bits of the last four pairs stand above the first eight codes.
    private static func storeHead(_ scales: Scales, _ scratch: BlockScratch, to block: UnsafeMutableRawPointer) {
        unsafe block.storeHalf(scales.scale, at: 0)
        unsafe block.storeHalf(scales.minimum, at: 2)
        let bytes = unsafe block.assumingMemoryBound(to: UInt8.self) + 4
        for part in 0..<4 {
            let (scale, minimum) = unsafe (UInt8(scratch.scales[part]), UInt8(scratch.offsets[part]))
            let (laterScale, laterMinimum) = unsafe (UInt8(scratch.scales[part + 4]), UInt8(scratch.offsets[part + 4]))
            unsafe bytes[part] = scale | (laterScale >> 4) << 6
            unsafe bytes[part + 4] = minimum | (laterMinimum >> 4) << 6
            unsafe bytes[part + 8] = laterScale & 15 | laterMinimum << 4
        }
    }

    /// Of each 64 codes the first half in low nibbles, the second in high ones.
    private static func packNibbles(_ codes: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
        for pair in 0..<4 {
            for j in 0..<32 {
                unsafe target[32 * pair + j] = codes[64 * pair + j] & 15 | codes[64 * pair + 32 + j] << 4
            }
        }
    }

    /// Of each 128 codes those 32 apart share a byte, two bits each.
    static func packTwoBits(_ codes: UnsafePointer<UInt8>, to target: UnsafeMutablePointer<UInt8>) {
        for half in 0..<2 {
            let from = unsafe codes + 128 * half
            for j in 0..<32 {
                let (low, high) = unsafe (
                    from[j] & 3 | (from[j + 32] & 3) << 2, (from[j + 64] & 3) << 4 | (from[j + 96] & 3) << 6
                )
                unsafe target[32 * half + j] = low | high
            }
        }
    }
}
