package import ModelFiles
package import Tensors

/// Chooses a type for each tensor of a model, as the mixes' names have come to mean.
///
/// The choices are those of llama-quantize, so that a file of a given name has the size and quality that its users
/// expect: values and the second half of feed-forward blocks suffer most, in the first and the last layers above all, and
/// the output matrix everywhere.
package struct MixPlanner {
    private let mix: QuantisationMix
    private let hasImportance: Bool
    private let layers: Int
    private let experts: Int
    /// Query heads that share one pair of key and value heads.
    private let sharing: Int
    /// Whether the embedding serves as output matrix too.
    private let isTied: Bool
    /// Of the tensors that hold attention's values, the place among all such.
    private var valuePlaces: [String: Int] = [:]

    package init(
        _ mix: QuantisationMix, tensors: [TensorDescription], metadata: GGUFMetadata, hasImportance: Bool = false
    ) {
        self.mix = mix
        self.hasImportance = hasImportance
        let architecture = metadata.string("general.architecture") ?? ""
        func number(_ key: String) -> Int? {
            let key = "\(architecture).\(key)"
            return metadata.unsigned(key) ?? metadata.integers(key)?.max()
        }
        let stated = number("block_count") ?? 0
        layers = Swift.max(
            1, stated > 0 ? stated : (tensors.compactMap { TensorRole.layer(of: $0.name) }.max() ?? 0) + 1)
        experts = number("expert_count") ?? 0
        let heads = number("attention.head_count") ?? 1
        sharing = heads / Swift.max(1, number("attention.head_count_kv") ?? heads)
        isTied = !tensors.contains { $0.name == "output.weight" }
        let values = tensors.map(\.name).filter { TensorRole($0) == .attentionValue }
        let ordered = values.sorted {
            (TensorRole.layer(of: $0) ?? -1, $0) < (TensorRole.layer(of: $1) ?? -1, $1)
        }
        for (place, name) in ordered.enumerated() { valuePlaces[name] = place }
    }

    /// The type that a file of the mix keeps `tensor` as.
    package func type(of tensor: TensorDescription) -> TensorType {
        guard tensor.toleratesQuantisation else {
            // Engines want what they add, norm and route with as floats of 32 bits.
            return tensor.type == .f16 || tensor.type == .bf16 ? .f32 : tensor.type
        }
        guard mix.isQuantised else { return mix.type }
        return fitting(chosen(for: tensor), rowLength: tensor.shape[0])
    }

    private func chosen(for tensor: TensorDescription) -> TensorType {
        let role = TensorRole(tensor.name)
        if role == .output || (isTied && role == .tokenEmbedding) {
            let isWhole = tensor.shape[0] % mix.type.elementsPerBlock == 0
            return mix.type == .q8_0 || mix.type == .mxfp4 || !isWhole ? .q8_0 : .q6_K
        }
        if mix.type == .mxfp4 { return tensor.isExpertStack ? .mxfp4 : .q8_0 }
        let layer = TensorRole.layer(of: tensor.name) ?? 0
        switch role {
        case .attentionValue: return valueType(place: valuePlaces[tensor.name] ?? layer)
        case .attentionKey: return experts == 8 ? .q8_0 : mix.type
        case .attentionOutput: return outputType
        case .feedForwardDown: return downType(layer: layer)
        case .tokenEmbedding, .output, .other: return mix.type
        }
    }

    private func valueType(place: Int) -> TensorType {
        // Eight experts leave attention so small a part that it may have all the bits it likes.
        if experts == 8 { return .q8_0 }
        var type = mix.type
        switch mix.name {
        case "Q2_K": type = sharing >= 4 ? .q4_K : .q3_K
        case "Q3_K_M": type = place < 2 ? .q5_K : .q4_K
        case "Q3_K_L": type = .q5_K
        case "IQ4_NL", "IQ4_XS": if sharing >= 4 { type = .q5_K }
        case "Q4_K_M", "Q5_K_M": if deservesMore(place, of: valuePlaces.count) { type = .q6_K }
        case "Q4_K_S": if place < 4 { type = .q5_K }
        default: break
        }
        // The 70B models' value matrices are an eighth of the others: finer ones cost next to nothing.
        if layers == 80, type == .q3_K || type == .q4_K { type = .q5_K }
        return type
    }

    private var outputType: TensorType {
        if experts == 8 {
            let coarse = ["Q2_K", "Q3_K_S", "Q3_K_M", "Q4_K_S", "Q4_K_M", "IQ4_NL", "IQ4_XS"]
            return coarse.contains(mix.name) ? .q5_K : mix.type
        }
        return switch mix.name {
        case "Q2_K": .q3_K
        case "Q3_K_M": .q4_K
        case "Q3_K_L": .q5_K
        default: mix.type
        }
    }

    private func downType(layer: Int) -> TensorType {
        let isEarly = layer < layers / 8
        return switch mix.name {
        case "Q2_K": .q3_K
        case "Q3_K_M": layer < layers / 16 ? .q5_K : .q4_K
        case "Q3_K_L": .q5_K
        case "Q4_K_M", "Q5_K_M": deservesMore(layer, of: layers) ? .q6_K : mix.type
        case "Q4_K_S": isEarly ? .q5_K : mix.type
        case "IQ4_NL", "IQ4_XS": isEarly && !hasImportance ? .q5_K : mix.type
        // Measured importance can mislead where a few inputs are huge; a minimum of its own keeps the rest alive.
        case "Q4_0": isEarly && hasImportance ? .q4_1 : mix.type
        case "Q5_0": isEarly && hasImportance ? .q5_1 : mix.type
        default: mix.type
        }
    }

    /// The first and the last eighth, and every third in between.
    private func deservesMore(_ place: Int, of count: Int) -> Bool {
        place < count / 8 || place >= 7 * count / 8 || (place - count / 8) % 3 == 2
    }

    /// The type, or where its blocks do not divide the rows, the next that does.
    private func fitting(_ type: TensorType, rowLength: Int) -> TensorType {
        if rowLength % type.elementsPerBlock == 0 { return type }
        let smaller: TensorType =
            switch type {
            case .q2_K, .q3_K: .q4_0
            case .q4_K: .q5_0
            case .q5_K: .q5_1
            case .q6_K: .q8_0
            case .iq4_xs: .iq4_nl
            default: .f16
            }
        return rowLength % smaller.elementsPerBlock == 0 ? smaller : .f16
    }
}
