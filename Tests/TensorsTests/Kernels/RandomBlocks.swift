internal import Tensors

extension RandomNumbers {
    /// Rows of random codes under scales of like size and either sign; `[rows][rowBytes]`.
    mutating func blocks(_ type: TensorType, rows: Int, columns: Int) -> [UInt8] {
        guard type.elementsPerBlock > 1 else { return floatBytes(type, floats(rows * columns)) }
        var bytes: [UInt8] = []
        for _ in 0..<rows * columns / type.elementsPerBlock { bytes += block(type) }
        return bytes
    }

    private mutating func block(_ type: TensorType) -> [UInt8] {
        var block = bytes(type.bytesPerBlock)
        let scale = Float.random(in: 0.25...1, using: &self) * (Bool.random(using: &self) ? 1 : -1)
        let minimum = Float.random(in: -1...1, using: &self)
        func put(_ value: Float, at offset: Int) {
            let half = Float16(value).bitPattern
            block[offset] = UInt8(truncatingIfNeeded: half)
            block[offset + 1] = UInt8(half >> 8)
        }
        switch type {
        case .q4_0, .q5_0, .q8_0, .iq4_nl, .iq4_xs: put(scale, at: 0)
        case .q4_1, .q5_1, .q4_K, .q5_K:
            put(scale, at: 0)
            put(minimum, at: 2)
        case .q2_K:
            put(scale, at: 80)
            put(minimum, at: 82)
        case .q3_K: put(scale, at: 108)
        case .q6_K: put(scale, at: 208)
        case .q8_K: block.replaceSubrange(0..<4, with: floatBytes(.f32, [scale]))
        case .mxfp4: block[0] = UInt8.random(in: 120...131, using: &self)
        case .nvfp4, .f32, .f16, .bf16, .i32: break
        }
        return block
    }

    private func floatBytes(_ type: TensorType, _ values: [Float]) -> [UInt8] {
        values.flatMap { value -> [UInt8] in
            let bits: UInt32 =
                switch type {
                case .f32: value.bitPattern
                case .f16: UInt32(Float16(value).bitPattern)
                default: value.bitPattern >> 16
                }
            return (0..<type.bytesPerBlock).map { UInt8(truncatingIfNeeded: bits >> UInt32(8 * $0)) }
        }
    }

    /// Random bytes whose scales are likely infinite, not a number, subnormal or zero.
    mutating func hostileBlocks(_ type: TensorType, rows: Int, columns: Int) -> [UInt8] {
        let extremes: [UInt8] = [0x00, 0x7c, 0x7e, 0x7f, 0x80, 0xfc, 0xff, 0x01]
        return (0..<rows * (type.rowBytes(columns) ?? 0)).map { _ in
            let random = next()
            return random % 3 == 0
                ? extremes[Int(random >> 8) % extremes.count] : UInt8(truncatingIfNeeded: random >> 16)
        }
    }
}
