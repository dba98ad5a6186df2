import JSON

extension HuggingFaceFamily {
    /// DeepSeek V4 under the names of its published files: hyper-connections, attention to compressed tokens, experts of
    /// four bits, the first layers' chosen by the token. Layers for further tokens are left out, as in GGUF files.
    static let deepSeek4 = HuggingFaceFamily(
        "deepseek4", names: ["DeepseekV4ForCausalLM"], modelTypes: ["deepseek_v4"],
        describe: { (c, header) throws(HuggingFaceError) in try header.setDeepSeek4(c) },
        rename: { name, _ in name.hasPrefix("layers.") ? "model." + name : name },
        patterns: { _ in
            .all(
                [
                    .module("embed", "token_embd"), .module("norm", "output_norm"), .module("head", "output"),
                    .single("hc_head_fn", "output_hc_fn.weight"), .single("hc_head_base", "output_hc_base.weight"),
                    .single("hc_head_scale", "output_hc_scale.weight"),
                ],
                ["attn", "ffn"].flatMap { part in
                    ["fn", "base", "scale"].map { .parameter("hc_\(part)_\($0)", "hc_\(part)_\($0).weight") }
                }, attention, experts)
        })

    private static let attention: [TensorPattern] = [
        .layer("attn_norm", "attn_norm"), .parameter("attn.attn_sink", "attn_sinks.weight"),
        .layer("attn.wq_a", "attn_q_a"), .layer("attn.wq_b", "attn_q_b"), .layer("attn.q_norm", "attn_q_a_norm"),
        .layer("attn.wkv", "attn_kv"), .layer("attn.kv_norm", "attn_kv_a_norm"), .layer("attn.wo_a", "attn_output_a"),
        .layer("attn.wo_b", "attn_output_b"), .parameter("attn.compressor.ape", "attn_compressor_ape.weight"),
        .layer("attn.compressor.wkv", "attn_compressor_kv"), .layer("attn.compressor.wgate", "attn_compressor_gate"),
        .layer("attn.compressor.norm", "attn_compressor_norm"), .layer("attn.indexer.wq_b", "indexer.attn_q_b"),
        .layer("attn.indexer.weights_proj", "indexer.proj"),
        .parameter("attn.indexer.compressor.ape", "indexer_compressor_ape.weight"),
        .layer("attn.indexer.compressor.wkv", "indexer_compressor_kv"),
        .layer("attn.indexer.compressor.wgate", "indexer_compressor_gate"),
        .layer("attn.indexer.compressor.norm", "indexer_compressor_norm"),
    ]

    private static let experts: [TensorPattern] = [
        .layer("ffn_norm", "ffn_norm"), .parameter("ffn.gate.weight", "ffn_gate_inp.weight"),
        .parameter("ffn.gate.bias", "exp_probs_b.bias"), .parameter("ffn.gate.bias_vl", "exp_probs_b_vl.bias"),
        .parameter("ffn.gate.tid2eid", "ffn_gate_tid2eid.weight"), .layer("ffn.experts.#.w1", "ffn_gate_exps"),
        .layer("ffn.experts.#.w3", "ffn_up_exps"), .layer("ffn.experts.#.w2", "ffn_down_exps"),
        .layer("ffn.shared_experts.w1", "ffn_gate_shexp"), .layer("ffn.shared_experts.w3", "ffn_up_shexp"),
        .layer("ffn.shared_experts.w2", "ffn_down_shexp"),
    ]
}

extension HuggingFaceHeader {
    fileprivate mutating func setDeepSeek4(_ c: HuggingFaceConfig) throws(HuggingFaceError) {
        try setDecoder(c)
        let layers = try c.layerCount
        set("rope.dimension_count", try c.integer("qk_rope_head_dim"))
        set("attention.q_lora_rank", try c.integer("q_lora_rank"))
        set("attention.sliding_window", try c.integer("sliding_window"))
        set("expert_feed_forward_length", try c.integer("moe_intermediate_size"))
        set("expert_shared_count", try c.optionalInteger("n_shared_experts"))
        set("expert_weights_scale", try c.optionalNumber("routed_scaling_factor"))
        set("expert_weights_norm", try c.optionalFlag("norm_topk_prob"))
        let limit = Float(try c.optionalNumber("swiglu_limit") ?? 0)
        set("swiglu_clamp_exp", Array(repeating: limit, count: layers))
        set("swiglu_clamp_shexp", Array(repeating: limit, count: layers))
        set("attention.indexer.head_count", try c.integer("index_n_heads"))
        set("attention.indexer.key_length", try c.integer("index_head_dim"))
        set("attention.indexer.top_k", try c.integer("index_topk"))
        set("attention.output_group_count", try c.integer("o_groups"))
        set("attention.output_lora_rank", try c.integer("o_lora_rank"))
        set("attention.compress_ratios", c["compress_ratios"]?.array?.compactMap(\.integer) ?? [])
        set("attention.compress_rope_freq_base", try c.optionalNumber("compress_rope_theta"))
        set("hyper_connection.count", try c.integer("hc_mult"))
        set("hyper_connection.sinkhorn_iterations", try c.integer("hc_sinkhorn_iters"))
        set("hyper_connection.epsilon", try c.optionalNumber("hc_eps"))
        set("hash_layer_count", try c.optionalInteger("num_hash_layers") ?? 0)
        set("embedding_length_out", try c.width.clampedProduct(c.integer("hc_mult")))
    }
}
