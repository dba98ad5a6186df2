internal import Tensors

/// A fast generator of random bits for weights that only have to look like weights.
/// - SeeAlso: Blackman and Vigna 2021, "Scrambled linear pseudorandom number generators" (xoshiro256**).
struct RandomBits: RandomNumberGenerator {
    private var state: (UInt64, UInt64, UInt64, UInt64)

    init(seed: UInt64) {
        var mixer = seed
        func next() -> UInt64 {
            mixer &+= 0x9e37_79b9_7f4a_7c15
            var z = mixer
            z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
            z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
            return z ^ (z >> 31)
        }
        state = (next(), next(), next(), next())
    }

    mutating func next() -> UInt64 {
        let product = state.1 &* 5
        let result = (product << 7 | product >> 57) &* 9
        let shifted = state.1 << 17
        state.2 ^= state.0
        state.3 ^= state.1
        state.1 ^= state.2
        state.0 ^= state.3
        state.2 ^= shifted
        state.3 = state.3 << 45 | state.3 >> 19
        return result
    }
}

/// Fills blocks with random codes and with scales that give their values a mean of zero and a wanted deviation.
struct RandomBlocks {
    let type: TensorType
    /// Standard deviation of the values.
    let deviation: Float

    /// The types that can be filled.
    static let types: Set<TensorType> = [.f32, .f16, .bf16, .q4_0, .q5_0, .q8_0, .q4_K, .q5_K, .q6_K]

    /// `bytes` is a whole number of blocks.
    func fill(_ bytes: UnsafeMutableRawBufferPointer, _ random: inout RandomBits) {
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

    /// Replaces the random scales of one block.
    private func scale(_ bytes: UnsafeMutableRawBufferPointer, at start: Int) {
        func half(_ value: Float, _ offset: Int) {
            unsafe bytes.storeBytes(of: Float16(value).bitPattern, toByteOffset: start + offset, as: UInt16.self)
        }
        switch type {
        // Codes 0...15 less 8: deviation 4.61.
        case .q4_0: half(deviation / 4.61, 0)
        case .q5_0: half(deviation / 9.23, 0)
        case .q8_0: half(deviation / 73.9, 0)
        case .q4_K, .q5_K:
            // Scales of 6 bits, all 32, and minima as large: what is taken off is half the code's range.
            for index in 0..<4 {
                unsafe bytes[start + 4 + index] = 32 | 0x80
                unsafe bytes[start + 8 + index] = 32 | 0x80
                unsafe bytes[start + 12 + index] = 0
            }
            let (spread, centre): (Float, Float) = type == .q4_K ? (4.61, 7.5) : (9.23, 15.5)
            let step = deviation / spread / 32
            half(step, 0)
            half(step * centre, 2)
        case .q6_K:
            for index in 192..<208 { unsafe bytes[start + index] = 16 }
            half(deviation / 18.47 / 16, 208)
        default: break
        }
    }
}
