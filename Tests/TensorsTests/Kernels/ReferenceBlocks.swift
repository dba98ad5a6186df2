internal import Tensors

/// Decodes rows of any type one element at a time, as the format's description reads. Float32 arithmetic in the order of
/// that description, so that results are exact to the last bit.
enum ReferenceBlocks {
    static func decode(_ type: TensorType, _ bytes: [UInt8]) -> [Float] {
        stride(from: 0, to: bytes.count, by: type.bytesPerBlock).flatMap { start in
            decodeBlock(type, Array(bytes[start..<start + type.bytesPerBlock]))
        }
    }

    private static func decodeBlock(_ type: TensorType, _ b: [UInt8]) -> [Float] {
        switch type {
        case .f32: [Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(b[$1]) << (8 * UInt32($1)) })]
        case .f16: [half(b, 0)]
        case .bf16: [Float(bitPattern: UInt32(b[1]) << 24 | UInt32(b[0]) << 16)]
        case .i32: fatalError("tables are no weights")
        case .q4_0: (0..<32).map { Float(nibble(b, 2, $0) - 8) * half(b, 0) }
        case .q4_1: (0..<32).map { Float(nibble(b, 4, $0)) * half(b, 0) + half(b, 2) }
        case .q5_0: (0..<32).map { Float(nibble(b, 6, $0) + 16 * bit(b, 2, $0) - 16) * half(b, 0) }
        case .q5_1: (0..<32).map { Float(nibble(b, 8, $0) + 16 * bit(b, 4, $0)) * half(b, 0) + half(b, 2) }
        case .q8_0: (0..<32).map { Float(Int8(bitPattern: b[2 + $0])) * half(b, 0) }
        case .iq4_nl: (0..<32).map { Float(nonlinear[nibble(b, 2, $0)]) * half(b, 0) }
        case .mxfp4: (0..<32).map { fp4[nibble(b, 1, $0)] * powerOfTwo(b[0]) }
        case .nvfp4: (0..<64).map(nvfp4(b))
        case .q2_K: (0..<256).map(q2(b))
        case .q3_K: (0..<256).map(q3(b))
        case .q4_K: (0..<256).map { q45(b, $0, code: nibble64(b, 16, $0)) }
        case .q5_K:
            (0..<256).map { q45(b, $0, code: nibble64(b, 48, $0) + 16 * (Int(b[16 + $0 % 32]) >> ($0 / 32) & 1)) }
        case .q6_K: (0..<256).map(q6(b))
        case .q8_K:
            (0..<256).map { Float(Int8(bitPattern: b[4 + $0])) * decodeBlock(.f32, Array(b[0..<4]))[0] }
        case .iq4_xs: (0..<256).map(iq4(b))
        }
    }

    private static let nonlinear = [-127, -104, -83, -65, -49, -35, -22, -10, 1, 13, 25, 38, 53, 69, 89, 113]
    private static let fp4: [Float] = [0, 0.5, 1, 1.5, 2, 3, 4, 6, 0, -0.5, -1, -1.5, -2, -3, -4, -6]

    private static func half(_ b: [UInt8], _ at: Int) -> Float {
        Float(Float16(bitPattern: UInt16(b[at]) | UInt16(b[at + 1]) << 8))
    }

    /// 32 codes of 4 bits in 16 bytes: low halves first.
    private static func nibble(_ b: [UInt8], _ at: Int, _ i: Int) -> Int { Int(b[at + i % 16]) >> (i / 16 * 4) & 15 }

    /// 256 codes of 4 bits: each 64 are the low halves of 32 bytes, then the high ones.
    private static func nibble64(_ b: [UInt8], _ at: Int, _ i: Int) -> Int {
        Int(b[at + i / 64 * 32 + i % 32]) >> (i / 32 % 2 * 4) & 15
    }

    private static func bit(_ b: [UInt8], _ at: Int, _ i: Int) -> Int { Int(b[at + i / 8]) >> (i % 8) & 1 }

    private static func powerOfTwo(_ e: UInt8) -> Float {
        Float(sign: .plus, exponent: Int(e) - 127, significand: 1)
    }

    /// Unsigned 8-bit float: 4 bits of exponent, 3 of mantissa.
    private static func ue4m3(_ x: UInt8) -> Float {
        guard x != 0x7f else { return 0 }
        let exponent = Int(x >> 3 & 15)
        let mantissa = Float(x & 7)
        return exponent == 0
            ? mantissa * Float(sign: .plus, exponent: -9, significand: 1)
            : Float(sign: .plus, exponent: exponent - 7, significand: 1 + mantissa / 8)
    }

    private static func nvfp4(_ b: [UInt8]) -> (Int) -> Float {
        { i in
            let byte = b[4 + i / 16 * 8 + i % 8]
            return fp4[Int(byte) >> (i % 16 / 8 * 4) & 15] * ue4m3(b[i / 16])
        }
    }

    /// 2-bit codes of Q2_K and Q3_K: each 128 share 32 bytes, 32 codes a pair of bits.
    private static func pairOfBits(_ b: [UInt8], _ at: Int, _ i: Int) -> Int {
        Int(b[at + i / 128 * 32 + i % 32]) >> (i % 128 / 32 * 2) & 3
    }

    private static func q2(_ b: [UInt8]) -> (Int) -> Float {
        { i in
            let scale = half(b, 80) * Float(b[i / 16] & 15)
            return scale * Float(pairOfBits(b, 16, i)) - half(b, 82) * Float(b[i / 16] >> 4)
        }
    }

    private static func q3(_ b: [UInt8]) -> (Int) -> Float {
        { i in
            let s = i / 16
            let low = Int(b[96 + s % 8]) >> (s / 8 * 4) & 15
            let high = Int(b[104 + s % 4]) >> (s / 4 * 2) & 3
            let third = Int(b[i % 32]) >> (i / 32) & 1
            let code = pairOfBits(b, 32, i) - (third == 1 ? 0 : 4)
            return half(b, 108) * Float((low | high << 4) - 32) * Float(code)
        }
    }

    private static func q45(_ b: [UInt8], _ i: Int, code: Int) -> Float {
        let s = i / 32
        // The first four pairs have 6 bits of a byte each; the others 4 bits, and 2 above those of the first.
        let scale = s < 4 ? b[4 + s] & 63 : b[8 + s] & 15 | (b[s] >> 6) << 4
        let minimum = s < 4 ? b[8 + s] & 63 : b[8 + s] >> 4 | (b[4 + s] >> 6) << 4
        return half(b, 0) * Float(scale) * Float(code) - half(b, 2) * Float(minimum)
    }

    private static func q6(_ b: [UInt8]) -> (Int) -> Float {
        { i in
            let (part, rest) = (i / 128, i % 128)
            let low = Int(b[part * 64 + rest % 64]) >> (rest / 64 * 4) & 15
            let high = Int(b[128 + part * 32 + rest % 32]) >> (rest / 32 * 2) & 3
            return half(b, 208) * Float(Int8(bitPattern: b[192 + i / 16])) * Float((low | high << 4) - 32)
        }
    }

    private static func iq4(_ b: [UInt8]) -> (Int) -> Float {
        { i in
            let s = i / 32
            let low = Int(b[4 + s / 2]) >> (s % 2 * 4) & 15
            let high = (Int(b[2]) | Int(b[3]) << 8) >> (2 * s) & 3
            return half(b, 0) * Float((low | high << 4) - 32) * Float(nonlinear[nibble(b, 8 + 16 * s, i % 32)])
        }
    }
}

extension TensorType {
    /// All but tables of numbers, which no kernel takes.
    static let ofWeights = allCases.filter { $0 != .i32 }
}
