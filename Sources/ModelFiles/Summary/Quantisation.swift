import Tensors

extension ModelSource {
    /// What the field calls this model's mixture of tensor types, such as `Q4_K_M`.
    package var quantisation: String {
        if let number = metadata.integer("general.file_type"), let name = fileTypes[number] { return name }
        // The type that holds most of the weights.
        var byteCounts: [TensorType: Int] = [:]
        for tensor in tensorDescriptions { byteCounts[tensor.type, default: 0] += tensor.byteCount }
        return byteCounts.max { ($0.value, $0.key.rawValue) < ($1.value, $1.key.rawValue) }?.key.name ?? "none"
    }
}

/// `general.file_type`, numbered as `llama_ftype`.
private let fileTypes: [Int: String] = [
    0: "F32", 1: "F16", 2: "Q4_0", 3: "Q4_1", 7: "Q8_0", 8: "Q5_0", 9: "Q5_1", 10: "Q2_K", 11: "Q3_K_S",
    12: "Q3_K_M",
    13: "Q3_K_L", 14: "Q4_K_S", 15: "Q4_K_M", 16: "Q5_K_S", 17: "Q5_K_M", 18: "Q6_K", 25: "IQ4_NL", 30: "IQ4_XS",
    32: "BF16", 38: "MXFP4", 39: "NVFP4",
]
