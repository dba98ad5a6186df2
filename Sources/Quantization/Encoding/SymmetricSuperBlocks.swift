/// Super-blocks of 256 values in parts of 16 with a signed scale each: Q3_K and Q6_K. value = d scale code.
struct SymmetricSuperBlock {
    var codes: CodeRange
    /// Codes of the parts' scales.
    var scales: CodeRange

    static let q3 = SymmetricSuperBlock(
        codes: CodeRange(low: -4, high: 3, anchor: -4, secondAnchor: 3),
        scales: CodeRange(low: -32, high: 31, anchor: -32))
    static let q6 = SymmetricSuperBlock(
        codes: CodeRange(low: -32, high: 31, anchor: -32),
        scales: CodeRange(low: -128, high: 127, anchor: -128, reach: 0))

    /// Leaves codes from 0 on in `scratch.codes` and the parts' codes in `scratch.scales`; returns d.
    private func fit(_ input: BlockInput, _ scratch: BlockScratch) -> Float {
        let variance = unsafe input.importance == nil ? 0 : 2 * input.meanSquare
        unsafe input.weigh(.square, variance: variance, into: scratch.weights)
        for part in 0..<16 {
            let group = unsafe WeightedGroup(
                values: input.values + 16 * part, weights: scratch.weights + 16 * part, count: 16)
            unsafe scratch.scales[part] = group.scale(codes)
            unsafe scratch.scaleWeights[part] = group.totalWeight
        }
        let outer = unsafe WeightedGroup(values: scratch.scales, weights: scratch.scaleWeights, count: 16)
        let scale = outer.scale(scales).asHalf
        let inverse = PlainBlocks.reciprocal(scale)
        for i in [0, 8] {
            let lanes = unsafe scratch.scales.lanes(i) * inverse
            unsafe scratch.scales.store(lanes.limited(scales.low, scales.high).nearest, at: i)
        }
        for part in 0..<16 {
            let inverse = unsafe PlainBlocks.reciprocal(scale * scratch.scales[part])
            for i in [16 * part, 16 * part + 8] {
                let code = unsafe (input.values.lanes(i) * inverse).limited(codes.low, codes.high).nearest
                unsafe scratch.codes.store(code - codes.low, at: i)
            }
        }
        return scale
    }

    static func encodeQ3(_ input: BlockInput, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch) {
        let scale = q3.fit(input, scratch)
        let bytes = unsafe block.assumingMemoryBound(to: UInt8.self)
        for j in 0..<32 {
            var bits: UInt8 = 0
            for part in 0..<8 { unsafe bits |= (scratch.codes[32 * part + j] >> 2) << UInt8(part) }
            unsafe bytes[j] = bits
        }
        unsafe AffineSuperBlock.packTwoBits(scratch.codes, to: bytes + 32)
        // 16 scales of 6 bits: low nibbles of the first and the last eight, then the upper two bits of four in a byte.
        let scales = unsafe bytes + 96
        for j in 0..<12 { unsafe scales[j] = 0 }
        for part in 0..<16 {
            let code = unsafe UInt8(scratch.scales[part] + 32)
            unsafe scales[part % 8] |= (code & 15) << (part < 8 ? 0 : 4)
            unsafe scales[8 + part % 4] |= (code >> 4) << UInt8(2 * (part / 4))
        }
        unsafe block.storeHalf(scale, at: 108)
    }

    static func encodeQ6(_ input: BlockInput, to block: UnsafeMutableRawPointer, _ scratch: BlockScratch) {
        let scale = q6.fit(input, scratch)
        let bytes = unsafe block.assumingMemoryBound(to: UInt8.self)
        for half in 0..<2 {
            let codes = unsafe scratch.codes + 128 * half
            let (low, high) = unsafe (bytes + 64 * half, bytes + 128 + 32 * half)
            for j in 0..<32 {
                let (a, b, c, d) = unsafe (codes[j], codes[j + 32], codes[j + 64], codes[j + 96])
                unsafe low[j] = a & 15 | c << 4
                unsafe low[j + 32] = b & 15 | d << 4
                unsafe high[j] = a >> 4 | (b >> 4) << 2 | (c >> 4) << 4 | (d >> 4) << 6
            }
        }
        for part in 0..<16 { unsafe bytes[192 + part] = UInt8(bitPattern: Int8(scratch.scales[part])) }
        unsafe block.storeHalf(scale, at: 208)
    }
}
