package import Tensors

/// What the field calls a quantisation of a whole model: one type for most weights and finer ones where it pays.
package struct QuantisationMix: Hashable, Sendable {
    package let name: String
    /// `general.file_type`, numbered as `llama_ftype`.
    package let fileType: UInt32
    /// The type of most weights.
    package let type: TensorType

    package static let all: [QuantisationMix] = [
        QuantisationMix(name: "F32", fileType: 0, type: .f32),
        QuantisationMix(name: "F16", fileType: 1, type: .f16),
        QuantisationMix(name: "BF16", fileType: 32, type: .bf16),
        QuantisationMix(name: "Q8_0", fileType: 7, type: .q8_0),
        QuantisationMix(name: "Q6_K", fileType: 18, type: .q6_K),
        QuantisationMix(name: "Q5_K_M", fileType: 17, type: .q5_K),
        QuantisationMix(name: "Q5_K_S", fileType: 16, type: .q5_K),
        QuantisationMix(name: "Q5_0", fileType: 8, type: .q5_0),
        QuantisationMix(name: "Q5_1", fileType: 9, type: .q5_1),
        QuantisationMix(name: "Q4_K_M", fileType: 15, type: .q4_K),
        QuantisationMix(name: "Q4_K_S", fileType: 14, type: .q4_K),
        QuantisationMix(name: "Q4_0", fileType: 2, type: .q4_0),
        QuantisationMix(name: "Q4_1", fileType: 3, type: .q4_1),
        QuantisationMix(name: "IQ4_NL", fileType: 25, type: .iq4_nl),
        QuantisationMix(name: "IQ4_XS", fileType: 30, type: .iq4_xs),
        QuantisationMix(name: "MXFP4_MOE", fileType: 38, type: .mxfp4),
        QuantisationMix(name: "Q3_K_L", fileType: 13, type: .q3_K),
        QuantisationMix(name: "Q3_K_M", fileType: 12, type: .q3_K),
        QuantisationMix(name: "Q3_K_S", fileType: 11, type: .q3_K),
        QuantisationMix(name: "Q2_K", fileType: 10, type: .q2_K),
    ]

    /// Names without a size mean the usual one.
    private static let aliases = ["Q5_K": "Q5_K_M", "Q4_K": "Q4_K_M", "Q3_K": "Q3_K_M", "MXFP4": "MXFP4_MOE"]

    /// The mix of that name, upper or lower case.
    package init?(named name: String) {
        let upper = name.uppercased()
        guard let found = Self.all.first(where: { $0.name == Self.aliases[upper] ?? upper }) else { return nil }
        self = found
    }

    private init(name: String, fileType: UInt32, type: TensorType) {
        self.name = name
        self.fileType = fileType
        self.type = type
    }

    package var isQuantised: Bool { type.elementsPerBlock > 1 }
}
