import Tensors

/// Collects the GGUF metadata that a configuration amounts to.
struct HuggingFaceHeader {
    let architecture: String
    private(set) var header = GGUFHeader()

    init(architecture: String, name: String) {
        self.architecture = architecture
        header.set("general.architecture", .string(architecture))
        header.set("general.type", .string("model"))
        header.set("general.name", .string(name))
        header.set("general.quantization_version", .uint32(2))
    }

    mutating func set(_ key: String, _ value: Int?) {
        guard let value else { return }
        header.set("\(architecture).\(key)", .uint32(UInt32(clamping: value)))
    }

    mutating func set(_ key: String, _ value: Double?) {
        guard let value else { return }
        header.set("\(architecture).\(key)", .float32(Float(value)))
    }

    mutating func set(_ key: String, _ value: Bool?) {
        guard let value else { return }
        header.set("\(architecture).\(key)", .bool(value))
    }

    mutating func set(_ key: String, _ value: String) { header.set("\(architecture).\(key)", .string(value)) }

    mutating func set(_ key: String, _ values: [Bool]) {
        header.set("\(architecture).\(key)", .array(elementType: .bool, values.map { .bool($0) }))
    }

    mutating func set(_ key: String, _ values: [Int]) {
        header.set("\(architecture).\(key)", .int32s(values.map { Int32(clamping: $0) }))
    }

    mutating func set(_ key: String, _ values: [Float]) { header.set("\(architecture).\(key)", .float32s(values)) }

    /// Keys outside the architecture's own, such as the tokenizer's.
    mutating func set(global key: String, _ value: GGUFValue) { header.set(key, value) }

    /// What decoders of all families need; a family sets or replaces what it names in another way.
    mutating func setDecoder(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        set("block_count", try c.layerCount)
        set("context_length", try c.integer("max_position_embeddings", "n_positions", "model_max_length"))
        set("embedding_length", try c.width)
        set("feed_forward_length", try c.optionalInteger("intermediate_size", "n_inner"))
        set("attention.head_count", try c.heads)
        set("attention.head_count_kv", try c.keyValueHeads)
        set("vocab_size", try c.optionalInteger("vocab_size"))
        try setRotary(c)
        set("attention.layer_norm_rms_epsilon", try c.optionalNumber("rms_norm_eps"))
        set(
            "attention.layer_norm_epsilon", try c.optionalNumber("layer_norm_eps", "layer_norm_epsilon", "norm_epsilon")
        )
        set("expert_count", try c.experts)
        set("expert_used_count", try c.optionalInteger("num_experts_per_tok", "num_experts_per_token"))
        set("expert_group_count", try c.optionalInteger("n_group"))
        set("expert_group_used_count", try c.optionalInteger("topk_group"))
        try setScoring(c.optionalText("scoring_func", "score_function"), file: c.file)
        if let headSize = try c.optionalInteger("head_dim", in: 1...4096) {
            set("attention.key_length", headSize)
            set("attention.value_length", headSize)
        }
    }

    /// Counts the layers that predict further tokens with the others.
    mutating func setExtraLayers(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        guard c.extraLayers > 0 || c["num_nextn_predict_layers"] != nil else { return }
        set("block_count", try c.layerCount + c.extraLayers)
        set("nextn_predict_layers", c.extraLayers)
    }

    mutating func setScoring(_ name: String?, file: String) throws(HuggingFaceError) {
        switch name {
        case nil: break
        case "softmax": set("expert_gating_func", 1)
        case "sigmoid": set("expert_gating_func", 2)
        case "sqrtsoftplus": set("expert_gating_func", 4)
        case let name?:
            throw .unexpectedValue(
                key: "scoring_func", value: "'\(name)'", expected: "softmax, sigmoid or sqrtsoftplus", file: file)
        }
    }

    private mutating func setRotary(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        let rotary = try c.rotary()
        let file = c.file
        func factor() throws(HuggingFaceError) -> Double {
            guard let factor = rotary.number("factor") else { throw .missingKey("rope_scaling.factor", file: file) }
            return factor
        }
        switch rotary.type {
        case nil, "default", "llama3", "mrope": break
        case "linear":
            set("rope.scaling.type", "linear")
            set("rope.scaling.factor", try factor())
        case "yarn", "deepseek_yarn":
            set("rope.scaling.type", "yarn")
            set("rope.scaling.factor", try factor())
            let context = try c.integer("max_position_embeddings")
            set("rope.scaling.original_context_length", rotary.originalContext ?? context)
            set("rope.scaling.yarn_ext_factor", rotary.number("extrapolation_factor"))
            set("rope.scaling.yarn_attn_factor", rotary.number("attention_factor") ?? rotary.number("attn_factor"))
            set("rope.scaling.yarn_beta_fast", rotary.number("beta_fast"))
            set("rope.scaling.yarn_beta_slow", rotary.number("beta_slow"))
        case let type?:
            throw .unexpectedValue(
                key: "rope_type", value: "'\(type)'", expected: "default, linear, yarn or llama3", file: c.file)
        }
        if var sections = rotary.sections {
            while sections.count < 4 { sections.append(0) }
            set("rope.dimension_sections", Array(sections.prefix(4)))
        }
        set("rope.freq_base", rotary.theta)
        set("rope.freq_base_swa", rotary.localTheta)
    }
}
