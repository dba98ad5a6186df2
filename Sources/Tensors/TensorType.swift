/// The element encodings that model files use, numbered as in GGUF (`ggml_type`).
///
/// Quantised types store rows as consecutive blocks; a row's element count is a multiple of
/// `elementsPerBlock`. Layouts are those of ggml-common.h.
package enum TensorType: UInt32, Sendable, CaseIterable {
    case f32 = 0
    case f16 = 1
    case q4_0 = 2
    case q4_1 = 3
    case q5_0 = 6
    case q5_1 = 7
    case q8_0 = 8
    case q2_K = 10
    case q3_K = 11
    case q4_K = 12
    case q5_K = 13
    case q6_K = 14
    case q8_K = 15
    case iq4_nl = 20
    case iq4_xs = 23
    /// Numbers that are no weights: tables.
    case i32 = 26
    case bf16 = 30
    case mxfp4 = 39
    case nvfp4 = 40

    /// Elements that share one block: 1 for plain floats.
    package var elementsPerBlock: Int {
        switch self {
        case .f32, .f16, .bf16, .i32: 1
        case .q4_0, .q4_1, .q5_0, .q5_1, .q8_0, .iq4_nl, .mxfp4: 32
        case .nvfp4: 64
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .q8_K, .iq4_xs: 256
        }
    }

    /// Whether values stand for themselves.
    package var isFloat: Bool { elementsPerBlock == 1 && self != .i32 }

    /// Bytes of one block.
    package var bytesPerBlock: Int {
        switch self {
        case .f32, .i32: 4
        case .f16, .bf16: 2
        case .q4_0: 18
        case .q4_1: 20
        case .q5_0: 22
        case .q5_1: 24
        case .q8_0: 34
        case .q2_K: 84
        case .q3_K: 110
        case .q4_K: 144
        case .q5_K: 176
        case .q6_K: 210
        case .q8_K: 292
        case .iq4_nl: 18
        case .iq4_xs: 136
        case .mxfp4: 17
        case .nvfp4: 36
        }
    }

    /// The name that the field uses: `Q4_K`, `BF16`, ...
    package var name: String {
        switch self {
        case .q2_K, .q3_K, .q4_K, .q5_K, .q6_K, .q8_K: "\(self)".prefix(1).uppercased() + "\(self)".dropFirst()
        default: "\(self)".uppercased()
        }
    }

    /// Bytes of a row of `count` elements, or nil when `count` is not a whole number of blocks.
    package func rowBytes(_ count: Int) -> Int? {
        guard count >= 0, count % elementsPerBlock == 0 else { return nil }
        let (bytes, overflow) = (count / elementsPerBlock).multipliedReportingOverflow(by: bytesPerBlock)
        return overflow ? nil : bytes
    }
}
