/// Qwen3-Next and Qwen3.5: layers with gated DeltaNet between those with gated attention. Norms store what they add to
/// one, except that of the DeltaNet's output.
extension HuggingFaceFamily {
    static let qwen3Next = HuggingFaceFamily(
        "qwen3next", names: ["Qwen3NextForCausalLM"], modelTypes: ["qwen3_next"],
        describe: { (c, header) throws(HuggingFaceError) in try header.setHybrid(c) },
        keepsExtraLayers: true, rename: renamedPrediction,
        patterns: { (c) throws(HuggingFaceError) in
            let sizes = try DeltaNetSizes(c)
            return .all(
                hybridPatterns,
                [
                    .layer("linear_attn.in_proj_qkvz", "attn_qkv", TensorChange(rows: sizes.queryKeyValueRows)),
                    .layer("linear_attn.in_proj_qkvz", "attn_gate", TensorChange(rows: sizes.gateRows)),
                    .layer("linear_attn.in_proj_ba", "ssm_ba"),
                    .parameter("linear_attn.A_log", "ssm_a", TensorChange(elements: .minusExponential)),
                    .parameter("linear_attn.dt_bias", "ssm_dt.bias"),
                    .layer("linear_attn.conv1d", "ssm_conv1d", TensorChange(squeezes: true)),
                    .layer("linear_attn.out_proj", "ssm_out"),
                ])
        })

    static let qwen35 = HuggingFaceFamily(
        "qwen35", names: ["Qwen3_5ForConditionalGeneration", "Qwen3_5ForCausalLM"],
        modelTypes: ["qwen3_5", "qwen3_5_text"],
        describe: { (c, header) throws(HuggingFaceError) in try header.setSectionedHybrid(c) },
        keepsExtraLayers: true, rename: renamedPrediction, patterns: dealtPatterns)

    static let qwen35MoE = HuggingFaceFamily(
        "qwen35moe", names: ["Qwen3_5MoeForConditionalGeneration", "Qwen3_5MoeForCausalLM"],
        modelTypes: ["qwen3_5_moe", "qwen3_5_moe_text"],
        describe: { (c, header) throws(HuggingFaceError) in try header.setSectionedHybrid(c) },
        keepsExtraLayers: true, rename: renamedPrediction, patterns: dealtPatterns)

    /// GGUF repeats key heads as a whole where value heads are more, so value heads change places.
    @Sendable
    private static func dealtPatterns(_ c: HuggingFaceConfig) throws(HuggingFaceError) -> [TensorPattern] {
        let sizes = try DeltaNetSizes(c)
        let keys = 2 * sizes.keyHeads * sizes.keySize
        func dealt(_ size: Int, after: Int = 0) -> IndexChoice? {
            sizes.perKey == 1
                ? nil : .dealtHeads(groups: sizes.keyHeads, perGroup: sizes.perKey, size: size, after: after)
        }
        return .all(
            hybridPatterns,
            [
                .layer("linear_attn.in_proj_qkv", "attn_qkv", TensorChange(rows: dealt(sizes.valueSize, after: keys))),
                .layer("linear_attn.in_proj_z", "attn_gate", TensorChange(rows: dealt(sizes.valueSize))),
                .layer("linear_attn.in_proj_b", "ssm_beta", TensorChange(rows: dealt(1))),
                .layer("linear_attn.in_proj_a", "ssm_alpha", TensorChange(rows: dealt(1))),
                .parameter("linear_attn.A_log", "ssm_a", TensorChange(rows: dealt(1), elements: .minusExponential)),
                .parameter("linear_attn.dt_bias", "ssm_dt.bias", TensorChange(rows: dealt(1))),
                .layer(
                    "linear_attn.conv1d", "ssm_conv1d",
                    TensorChange(squeezes: true, rows: dealt(sizes.valueSize, after: keys))),
                .layer("linear_attn.out_proj", "ssm_out", TensorChange(columns: dealt(sizes.valueSize))),
            ])
    }

    private static var hybridPatterns: [TensorPattern] {
        .all(
            .all(.frame, .attention, .headNorms, [.layer("post_attention_layernorm", "post_attention_norm")])
                .normsPlusOne,
            [
                .layer("linear_attn.norm", "ssm_norm"), .layer("mlp.shared_expert_gate", "ffn_gate_inp_shexp"),
                .layer("eh_proj", "nextn.eh_proj"), .layer("enorm", "nextn.enorm", .plusOne),
                .layer("hnorm", "nextn.hnorm", .plusOne),
                .layer("shared_head.norm", "nextn.shared_head_norm", .plusOne),
            ], .feedForward, .experts, .sharedExperts("shared_expert"))
    }

    /// The layers that predict further tokens have names of their own.
    @Sendable
    private static func renamedPrediction(_ name: String, _ c: HuggingFaceConfig) -> String {
        let name = name.hasPrefix("model.mtp.") ? String(name.dropFirst(6)) : name
        guard name.hasPrefix("mtp."), let layers = try? c.layerCount else { return name }
        let parts = name.split(separator: ".", maxSplits: 3)
        if parts.count == 4, parts[1] == "layers", let index = Int(parts[2]), index >= 0, index < 64 {
            return "model.layers.\(layers + index).\(parts[3])"
        }
        let modules: [Substring: String] = [
            "fc": "eh_proj", "pre_fc_norm_embedding": "enorm", "pre_fc_norm_hidden": "hnorm",
            "norm": "shared_head.norm",
        ]
        guard parts.count == 3, let module = modules[parts[1]] else { return name }
        return "model.layers.\(layers).\(module).\(parts[2])"
    }
}

/// Heads of a gated DeltaNet.
private struct DeltaNetSizes {
    let keyHeads: Int
    let keySize: Int
    /// Value heads for each key head.
    let perKey: Int
    let valueSize: Int

    init(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        keyHeads = try c.integer("linear_num_key_heads", in: 1...4096)
        keySize = try c.integer("linear_key_head_dim", in: 1...4096)
        valueSize = try c.integer("linear_value_head_dim", in: 1...4096)
        let valueHeads = try c.integer("linear_num_value_heads", in: 1...4096)
        guard valueHeads % keyHeads == 0 else {
            throw .unexpectedValue(
                key: "linear_num_value_heads", value: "\(valueHeads)", expected: "a multiple of \(keyHeads)",
                file: c.file)
        }
        perKey = valueHeads / keyHeads
    }

    /// Rows of one key head: its query and key, then values and gates of its value heads.
    private var rowsPerKey: Int { 2 * keySize + 2 * perKey * valueSize }

    /// All queries, all keys, all values.
    var queryKeyValueRows: IndexChoice {
        let values = 2 * keySize..<2 * keySize + perKey * valueSize
        return .gathered(groups: keyHeads, size: rowsPerKey, parts: [0..<keySize, keySize..<2 * keySize, values])
    }

    var gateRows: IndexChoice {
        .gathered(groups: keyHeads, size: rowsPerKey, parts: [2 * keySize + perKey * valueSize..<rowsPerKey])
    }
}

extension HuggingFaceHeader {
    fileprivate mutating func setHybrid(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        try setDecoder(c)
        try setExtraLayers(c)
        let layers = try c.layerCount
        set("expert_feed_forward_length", try c.optionalInteger("moe_intermediate_size"))
        set("expert_shared_feed_forward_length", try c.optionalInteger("shared_expert_intermediate_size"))
        set("ssm.conv_kernel", try c.integer("linear_conv_kernel_dim", in: 1...1024))
        set("ssm.state_size", try c.integer("linear_key_head_dim", in: 1...4096))
        set("ssm.group_count", try c.integer("linear_num_key_heads", in: 1...4096))
        let valueHeads = try c.integer("linear_num_value_heads", in: 1...4096)
        set("ssm.time_step_rank", valueHeads)
        set("ssm.inner_size", valueHeads * (try c.integer("linear_value_head_dim", in: 1...4096)))
        let interval = try c.optionalInteger("full_attention_interval", in: 1...4096) ?? 4
        set("full_attention_interval", interval)
        if let types = try c.layerTypes(layers: layers) {
            set(
                "attention.recurrent_layers",
                types.map { $0 == "linear_attention" } + Array(repeating: false, count: c.extraLayers))
        }
        set("rope.dimension_count", try c.rotatedSize(default: 0.25))
    }

    fileprivate mutating func setSectionedHybrid(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        set("rope.dimension_sections", [11, 11, 10, 0])
        try setHybrid(c)
    }
}
