import Tensors

/// Finds the weights of a checkpoint under their plain names, however they are stored.
struct WeightResolver {
    private let tensors: [String: SafetensorsTensor]
    private let quantisation: QuantisationConfig
    /// Of dequantised weights where their scales do not say.
    private let floatType: TensorType
    private let folder: String
    /// Names that no weight has used yet.
    private(set) var unused: Set<String>

    init(
        _ tensors: [String: SafetensorsTensor], quantisation: QuantisationConfig, floatType: TensorType,
        folder: String
    ) {
        self.tensors = tensors
        self.quantisation = quantisation
        self.floatType = floatType
        self.folder = folder
        unused = Set(tensors.keys)
    }

    /// The weight called `name`, such as `lm_head.weight`; nil when there is none in any form.
    mutating func weight(_ name: String) throws(HuggingFaceError) -> (any StoredWeight)? {
        do {
            return try find(name)
        } catch {
            throw .brokenTensor(name, file: folder, reason: error.reason)
        }
    }

    private mutating func use(_ name: String) -> SafetensorsTensor? {
        guard let tensor = tensors[name] else { return nil }
        unused.remove(name)
        return tensor
    }

    private mutating func part(_ name: String) throws(RecipeError) -> SafetensorsTensor {
        guard let tensor = use(name) else { throw RecipeError(reason: "its part '\(name)' is missing") }
        return tensor
    }

    private mutating func find(_ name: String) throws(RecipeError) -> (any StoredWeight)? {
        if let tensor = use(name) { return try stored(tensor, name) }
        let base = name.hasSuffix(".weight") ? String(name.dropLast(7)) : name
        if tensors[base + ".qweight"] != nil { return try packedByInput(base) }
        if tensors[base + ".weight_packed"] != nil { return try packedByOutput(base + ".weight") }
        if let bytes = use(base + "_blocks") { return try MXFP4Weight(bytes: bytes, scales: part(base + "_scales")) }
        return nil
    }

    /// A tensor under the weight's own name.
    private mutating func stored(_ tensor: SafetensorsTensor, _ name: String) throws(RecipeError) -> any StoredWeight {
        switch tensor.type {
        case .f8e4m3, .f8e5m2, .i8: return try scaled(tensor, name)
        case .u8:
            guard tensors[name + "_scale"] != nil else { throw RecipeError(reason: "its scales are missing") }
            return try nvfp4(tensor, name)
        default:
            guard let weight = PlainWeight(tensor) else {
                throw RecipeError(reason: "its element type \(tensor.type.rawValue) is none that a weight has")
            }
            return weight
        }
    }

    private mutating func scaled(_ tensor: SafetensorsTensor, _ name: String) throws(RecipeError) -> any StoredWeight {
        guard let scale = use(name + "_scale_inv") ?? use(name + "_scale") ?? v4Scale(name) else {
            if case .none = quantisation.method, let weight = PlainWeight(tensor) { return weight }
            throw RecipeError(reason: "its scales ('\(name)_scale_inv' or '\(name)_scale') are missing")
        }
        if scale.type == .f8e8m0, tensor.type == .i8 { return try MXFP4Weight(bytes: tensor, scales: scale) }
        let scaleType: TensorType = scale.type == .bf16 ? .bf16 : scale.type == .f16 ? .f16 : floatType
        return try ScaledWeight(tensor, scale: scale, block: quantisation.block, type: scaleType)
    }

    /// DeepSeek V4 calls scales `X.scale` beside `X.weight`.
    private mutating func v4Scale(_ name: String) -> SafetensorsTensor? {
        name.hasSuffix(".weight") ? use(name.dropLast(7) + ".scale") : nil
    }

    private mutating func packedByInput(_ base: String) throws(RecipeError) -> any StoredWeight {
        let weights = try part(base + ".qweight")
        let (zeros, scales) = (try part(base + ".qzeros"), try part(base + ".scales"))
        if case .awq = quantisation.method { return try AWQWeight(weights: weights, zeros: zeros, scales: scales) }
        return try GPTQWeight(
            weights: weights, zeros: zeros, scales: scales, groupIndices: use(base + ".g_idx"),
            bits: quantisation.bits, storesZerosMinusOne: quantisation.storesZerosMinusOne)
    }

    private mutating func packedByOutput(_ name: String) throws(RecipeError) -> any StoredWeight {
        let packed = try part(name + "_packed")
        guard packed.type == .i32 else { return try nvfp4(packed, name) }
        let scales = try part(name + "_scale")
        return try PackedIntegerWeight(
            words: packed, scales: scales, zeros: use(name + "_zero_point"), groupIndices: use(name + "_g_idx"),
            shape: part(name + "_shape"), bits: quantisation.bits, groupSize: quantisation.groupSize,
            type: scales.type == .f16 ? .f16 : scales.type == .bf16 ? .bf16 : floatType)
    }

    private mutating func nvfp4(_ bytes: SafetensorsTensor, _ name: String) throws(RecipeError) -> any StoredWeight {
        let scales = try part(name + "_scale")
        if scales.type == .u8 || scales.type == .f8e8m0 { return try MXFP4Weight(bytes: bytes, scales: scales) }
        let factor: NVFP4Weight.Factor
        if let global = use(name + "_global_scale") {
            factor = .divides(global.floats())
        } else {
            factor = .multiplies(try part(name + "_scale_2").floats())
        }
        return try NVFP4Weight(bytes: bytes, scales: scales, factor: factor, type: floatType)
    }
}
