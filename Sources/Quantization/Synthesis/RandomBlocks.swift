package import Tensors

/// Fills blocks with random codes and with scales that give their values a mean of about zero and a wanted deviation.
///
/// It covers all types that mixes lead to.
package struct RandomBlocks {
    private let type: TensorType
    /// Standard deviation of the values.
    private let deviation: Float

    package init(type: TensorType, deviation: Float) {
        self.type = type
        self.deviation = deviation
    }

    /// `bytes` is a whole number of blocks.
    package func fill(_ bytes: UnsafeMutableRawBufferPointer, _ random: inout RandomBits) {
        switch type {
        case .f32, .f16, .bf16: unsafe fillFloats(bytes, &random)
        default:
            var offset = 0
            while offset + 8 <= bytes.count {
                unsafe bytes.storeBytes(of: random.next(), toByteOffset: offset, as: UInt64.self)
                offset += 8
            }
            while offset < bytes.count {
                unsafe bytes[offset] = UInt8(truncatingIfNeeded: random.next())
                offset += 1
            }
            for start in stride(from: 0, to: bytes.count, by: type.bytesPerBlock) { unsafe scale(bytes, at: start) }
        }
    }

    /// Sums of four uniform numbers: close enough to normal.
    private func fillFloats(_ bytes: UnsafeMutableRawBufferPointer, _ random: inout RandomBits) {
        let size = type.bytesPerBlock
        for index in 0..<bytes.count / size {
            let bits = random.next()
            let sum = (0..<4).reduce(Float(0)) { $0 + Float((bits >> (16 * UInt64($1))) & 0xffff) / 65536 - 0.5 }
            let value = sum * deviation * Float(3).squareRoot()
            switch type {
            case .f32: unsafe bytes.storeBytes(of: value.bitPattern, toByteOffset: 4 * index, as: UInt32.self)
            case .f16: unsafe bytes.storeBytes(of: Float16(value).bitPattern, toByteOffset: 2 * index, as: UInt16.self)
            default:
                let rounded = UInt16(truncatingIfNeeded: (value.bitPattern &+ 0x8000) >> 16)
                unsafe bytes.storeBytes(of: rounded, toByteOffset: 2 * index, as: UInt16.self)
            }
        }
    }

    /// Replaces the random scales of one block, or what of them must not be random.
    ///
    /// The divisors are the deviations of codes that are all equally likely, those of random scales included.
    private func scale(_ bytes: UnsafeMutableRawBufferPointer, at start: Int) {
        func half(_ value: Float, _ offset: Int) {
            unsafe bytes.storeBytes(of: Float16(value).bitPattern, toByteOffset: start + offset, as: UInt16.self)
        }
        /// A step and the minimum that makes up for codes having no sign.
        func affine(_ step: Float, centre: Float, _ offset: Int) {
            half(step, offset)
            half(step * centre, offset + 2)
        }
        // Most codes have one more value below zero than above it: every other block points the other way.
        let step = start / type.bytesPerBlock % 2 == 0 ? deviation : -deviation
        switch type {
        // Codes 0...15 less 8.
        case .q4_0: half(step / 4.61, 0)
        case .q5_0: half(step / 9.23, 0)
        case .q8_0: half(step / 73.9, 0)
        // The minimum is added.
        case .q4_1: affine(deviation / 4.61, centre: -7.5, 0)
        case .q5_1: affine(deviation / 9.23, centre: -15.5, 0)
        case .q4_K, .q5_K:
            // Scales of 6 bits, all 32, and minima as large: what is taken off is half the code's range.
            for index in 0..<4 {
                unsafe bytes[start + 4 + index] = 32 | 0x80
                unsafe bytes[start + 8 + index] = 32 | 0x80
                unsafe bytes[start + 12 + index] = 0
            }
            let isFour = type == .q4_K
            affine(deviation / (isFour ? 4.61 : 9.23) / 32, centre: isFour ? 7.5 : 15.5, 0)
        case .q6_K:
            for index in 192..<208 { unsafe bytes[start + index] = 16 }
            half(step / 18.47 / 16, 208)
        case .q2_K:
            // Scales and minima of 4 bits, all 8.
            for index in 0..<16 { unsafe bytes[start + index] = 0x88 }
            affine(deviation / 1.118 / 8, centre: 1.5, 80)
        // Codes -4...3 times scales -32...31.
        case .q3_K: half(step / 2.345 / 18.48, 108)
        // A table of 16 values.
        case .iq4_nl: half(step / 67.4, 0)
        // The same table times scales -32...31.
        case .iq4_xs: half(step / 67.4 / 18.48, 0)
        // 0 to 6 with either sign; scales are powers of two, the nearest is taken.
        case .mxfp4: unsafe bytes[start] = UInt8(127 + (deviation / 2.926 * Float(2).squareRoot()).exponent)
        default: preconditionFailure("no mix leads to \(type.name)")
        }
    }
}
