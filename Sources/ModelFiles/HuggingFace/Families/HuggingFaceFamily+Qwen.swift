extension HuggingFaceFamily {
    @Sendable
    private static func describeExperts(
        _ c: HuggingFaceConfig, _ header: inout HuggingFaceHeader
    ) throws(HuggingFaceError) {
        try header.setDecoder(c)
        header.set("expert_feed_forward_length", try c.integer("moe_intermediate_size"))
        header.set("expert_shared_feed_forward_length", try c.optionalInteger("shared_expert_intermediate_size"))
    }

    static let qwen2 = HuggingFaceFamily(
        "qwen2", names: ["Qwen2ForCausalLM", "KORMoForCausalLM"], modelTypes: ["qwen2"]
    ) { _ in
        .all(.frame, .attention, [.layer("post_attention_layernorm", "ffn_norm")], .feedForward)
    }

    static let qwen2MoE = HuggingFaceFamily(
        "qwen2moe", names: ["Qwen2MoeForCausalLM"], modelTypes: ["qwen2_moe"],
        describe: describeExperts,
        patterns: { _ in
            .all(
                .frame, .attention,
                [
                    .layer("post_attention_layernorm", "ffn_norm"),
                    .layer("mlp.shared_expert_gate", "ffn_gate_inp_shexp"),
                ], .experts, .sharedExperts("shared_expert"), .feedForward)
        })

    static let qwen3 = HuggingFaceFamily("qwen3", names: ["Qwen3ForCausalLM"], modelTypes: ["qwen3"]) { _ in
        .all(.frame, .attention, .headNorms, [.layer("post_attention_layernorm", "ffn_norm")], .feedForward)
    }

    static let qwen3MoE = HuggingFaceFamily(
        "qwen3moe", names: ["Qwen3MoeForCausalLM"], modelTypes: ["qwen3_moe"],
        describe: describeExperts,
        patterns: { _ in
            .all(
                .frame, .attention, .headNorms, [.layer("post_attention_layernorm", "ffn_norm")], .experts, .feedForward
            )
        })
}
