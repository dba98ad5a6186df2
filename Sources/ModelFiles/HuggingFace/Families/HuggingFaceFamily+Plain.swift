/// Families whose tensors only change names.
extension HuggingFaceFamily {
    static let starCoder2 = HuggingFaceFamily(
        "starcoder2", names: ["Starcoder2ForCausalLM"], modelTypes: ["starcoder2"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            // GGUF files lack the key; the models were trained with it.
            header.set("attention.sliding_window", try c.optionalInteger("sliding_window", in: 1...1 << 30))
        },
        patterns: { _ in
            .all(
                .frame, .attention,
                [
                    .layer("post_attention_layernorm", "ffn_norm"), .layer("mlp.c_fc", "ffn_up"),
                    .layer("mlp.c_proj", "ffn_down"),
                ])
        })

    static let seedOSS = HuggingFaceFamily("seed_oss", names: ["SeedOssForCausalLM"], modelTypes: ["seed_oss"]) { _ in
        .all(.frame, .attention, [.layer("post_attention_layernorm", "post_attention_norm")], .feedForward)
    }

    static let glm4MoE = HuggingFaceFamily(
        "glm4moe", names: ["Glm4MoeForCausalLM"], modelTypes: ["glm4_moe"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            try header.setExtraLayers(c)
            header.set("rope.dimension_count", try c.rotatedSize(default: 0.5))
            header.set("expert_feed_forward_length", try c.optionalInteger("moe_intermediate_size"))
            header.set("expert_shared_count", try c.optionalInteger("n_shared_experts"))
            header.set("leading_dense_block_count", try c.optionalInteger("first_k_dense_replace"))
            header.set("expert_gating_func", 2)
            header.set("expert_weights_scale", try c.optionalNumber("routed_scaling_factor"))
            header.set("expert_weights_norm", try c.optionalFlag("norm_topk_prob"))
        },
        keepsExtraLayers: true,
        patterns: { _ in
            .all(
                .frame, .attention, .headNorms,
                [.layer("post_attention_layernorm", "post_attention_norm"), .routerCorrection],
                .feedForward, .experts, .sharedExperts("shared_experts"), .nextToken)
        })

    static let miniMaxM2 = HuggingFaceFamily(
        "minimax-m2", names: ["MiniMaxM2ForCausalLM"], modelTypes: ["minimax_m2", "minimax"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            header.set("expert_feed_forward_length", try c.integer("intermediate_size"))
            let rotated = try c.rotatedSize(default: 1)
            header.set("rope.dimension_count", try c.optionalInteger("rotary_dim") ?? rotated)
        },
        patterns: { _ in
            .all(
                .frame, .attention, .headNorms,
                [
                    .layer("post_attention_layernorm", "ffn_norm"), .routerCorrection,
                    .parameter("block_sparse_moe.e_score_correction_bias", "exp_probs_b.bias"),
                ], .blockSparseExperts, .experts)
        })

    /// Norms store what they add to one. Layers with a window have a rotation of their own.
    static let gemma3 = HuggingFaceFamily(
        "gemma3", names: ["Gemma3ForCausalLM", "Gemma3ForConditionalGeneration"],
        modelTypes: ["gemma3_text", "gemma3"],
        describe: { (c, header) throws(HuggingFaceError) in
            header.set("context_length", 131_072)
            try header.setGemma(c)
        },
        patterns: { _ in
            .all(
                .frame, .attention, .headNorms,
                [
                    .layer("post_attention_layernorm", "post_attention_norm"),
                    .layer("pre_feedforward_layernorm", "ffn_norm"),
                    .layer("post_feedforward_layernorm", "post_ffw_norm"),
                ], .feedForward
            ).normsPlusOne
        })

    /// Experts are stacked, inputs before outputs, gate and up taking turns; in MXFP4 outputs come first.
    static let gptOSS = HuggingFaceFamily(
        "gpt-oss", names: ["GptOssForCausalLM"], modelTypes: ["gpt_oss"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            header.set("attention.sliding_window", try c.integer("sliding_window"))
            header.set("expert_feed_forward_length", try c.integer("intermediate_size"))
        },
        patterns: { _ in
            .all(
                .frame, .attention,
                [
                    .parameter("self_attn.sinks", "attn_sinks.weight"),
                    .layer("post_attention_layernorm", "post_attention_norm"), .layer("mlp.router", "ffn_gate_inp"),
                    .stackedExperts("mlp.experts.gate_up_proj", "ffn_gate_exps.weight", .even),
                    .stackedExperts("mlp.experts.gate_up_proj", "ffn_up_exps.weight", .odd),
                    .stackedExperts("mlp.experts.down_proj", "ffn_down_exps.weight", nil),
                    .parameter("mlp.experts.gate_up_proj_bias", "ffn_gate_exps.bias", TensorChange(columns: .even)),
                    .parameter("mlp.experts.gate_up_proj_bias", "ffn_up_exps.bias", TensorChange(columns: .odd)),
                    .parameter("mlp.experts.down_proj_bias", "ffn_down_exps.bias"),
                ])
        })
}

extension HuggingFaceHeader {
    fileprivate mutating func setGemma(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        try setDecoder(c)
        set("attention.layer_norm_rms_epsilon", try c.optionalNumber("rms_norm_eps") ?? 1e-6)
        let headSize = try c.optionalInteger("head_dim", in: 1...4096) ?? 256
        set("attention.key_length", headSize)
        set("attention.value_length", headSize)
        set("rope.freq_base", try c.rotary().theta ?? 1_000_000)
        set("final_logit_softcapping", try c.optionalNumber("final_logit_softcapping"))
        if try c.optionalInteger("sliding_window_pattern") != 1 {
            set("attention.sliding_window", try c.optionalInteger("sliding_window", in: 1...1 << 30))
        }
    }
}
