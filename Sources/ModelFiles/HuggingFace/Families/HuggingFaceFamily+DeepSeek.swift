import JSON

extension HuggingFaceFamily {
    /// DeepSeek V2 and V3, Kimi K2. GGUF holds what expands the latent as a matrix for keys and one for values of
    /// each head, that for keys transposed, so that it can be applied to queries; and speaks of one key-value head.
    /// The layer for further tokens is left out, as in GGUF files.
    static let deepSeek2 = HuggingFaceFamily(
        "deepseek2",
        names: ["DeepseekV2ForCausalLM", "DeepseekV3ForCausalLM", "KimiK25ForConditionalGeneration"],
        modelTypes: ["deepseek_v2", "deepseek_v3", "kimi_k2"],
        describe: { (c, header) throws(HuggingFaceError) in try header.setDeepSeek(c) },
        patterns: latentPatterns)

    /// DeepSeek V3.2: an indexer chooses the tokens that attention looks at. Kept with its layer for further tokens.
    static let deepSeek32 = HuggingFaceFamily(
        "deepseek32", names: ["DeepseekV32ForCausalLM"], modelTypes: ["deepseek_v32"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDeepSeek(c)
            try header.setExtraLayers(c)
            header.set("attention.indexer.head_count", try c.integer("index_n_heads"))
            header.set("attention.indexer.key_length", try c.integer("index_head_dim"))
            header.set("attention.indexer.top_k", try c.integer("index_topk"))
        },
        keepsExtraLayers: true,
        patterns: { (c) throws(HuggingFaceError) in
            .all(
                try latentPatterns(c), .nextToken,
                [
                    .layer("self_attn.indexer.wq_b", "indexer.attn_q_b"),
                    .layer("self_attn.indexer.wk", "indexer.attn_k"),
                    .layer("self_attn.indexer.k_norm", "indexer.k_norm"),
                    .layer("self_attn.indexer.weights_proj", "indexer.proj"),
                ])
        })

    @Sendable
    private static func latentPatterns(_ c: HuggingFaceConfig) throws(HuggingFaceError) -> [TensorPattern] {
        let heads = try c.heads
        let (keys, values) = (try c.integer("qk_nope_head_dim"), try c.integer("v_head_dim"))
        return .all(
            .frame,
            [
                .layer("input_layernorm", "attn_norm"), .layer("self_attn.q_proj", "attn_q"),
                .layer("self_attn.q_a_proj", "attn_q_a"), .layer("self_attn.q_a_layernorm", "attn_q_a_norm"),
                .layer("self_attn.q_b_proj", "attn_q_b"), .layer("self_attn.kv_a_proj_with_mqa", "attn_kv_a_mqa"),
                .layer("self_attn.kv_a_layernorm", "attn_kv_a_norm"),
                .layer(
                    "self_attn.kv_b_proj", "attn_k_b",
                    TensorChange(matrices: heads, rows: .range(0..<keys), transposes: true)),
                .layer(
                    "self_attn.kv_b_proj", "attn_v_b", TensorChange(matrices: heads, rows: .range(keys..<keys + values))
                ),
                .layer("self_attn.o_proj", "attn_output"), .layer("post_attention_layernorm", "ffn_norm"),
                .routerCorrection,
            ], .feedForward, .experts, .sharedExperts("shared_experts"))
    }
}

extension HuggingFaceHeader {
    fileprivate mutating func setDeepSeek(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        try setDecoder(c)
        let rotated = try c.integer("qk_rope_head_dim")
        let (keys, values) = (try c.integer("qk_nope_head_dim"), try c.integer("v_head_dim"))
        let latent = try c.optionalInteger("kv_lora_rank", in: 1...1 << 20) ?? 512
        // V3 and later score by the sigmoid, whether the file says so or not.
        let name = c["architectures"]?.array?.first?.string ?? c["model_type"]?.string ?? ""
        if c["scoring_func"] == nil, !name.lowercased().contains("v2") { set("expert_gating_func", 2) }
        set("attention.head_count_kv", 1)
        set("attention.layer_norm_rms_epsilon", try c.optionalNumber("rms_norm_eps") ?? 1e-6)
        let experts = try c.experts
        let layers = try c.layerCount
        set(
            "leading_dense_block_count", try c.optionalInteger("first_k_dense_replace") ?? (experts == nil ? layers : 0)
        )
        set("attention.q_lora_rank", try c.optionalInteger("q_lora_rank"))
        set("attention.kv_lora_rank", latent)
        set("attention.key_length", latent + rotated)
        set("attention.value_length", latent)
        set("attention.key_length_mla", keys + rotated)
        set("attention.value_length_mla", values)
        set("expert_feed_forward_length", try c.integer("moe_intermediate_size", "intermediate_size"))
        set("expert_shared_count", try c.optionalInteger("n_shared_experts") ?? 0)
        set("expert_weights_scale", try c.optionalNumber("routed_scaling_factor"))
        if try c.optionalFlag("norm_topk_prob") == true { set("expert_weights_norm", true) }
        set("rope.dimension_count", rotated)
        set("rope.scaling.yarn_log_multiplier", try c.rotary().number("mscale_all_dim").map { 0.1 * $0 })
    }
}
