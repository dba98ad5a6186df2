/// Shapes as the models' published configurations give them.
extension ModelBlueprint {
    /// Attention with grouped heads; norms on query and key heads or biases as the family has them.
    private mutating func addAttention(
        _ block: String, width: Int, heads: Int, kvHeads: Int, dim: Int, biases: Bool = false, headNorms: Bool = false,
        gated: Bool = false
    ) {
        let (query, key) = (heads * dim * (gated ? 2 : 1), kvHeads * dim)
        add("\(block).attn_norm.weight", [width], .norm)
        add("\(block).attn_q.weight", [width, query])
        add("\(block).attn_k.weight", [width, key])
        add("\(block).attn_v.weight", [width, key], .attentionValue)
        add("\(block).attn_output.weight", [heads * dim, width])
        if biases {
            add("\(block).attn_q.bias", [query], .bias)
            add("\(block).attn_k.bias", [key], .bias)
            add("\(block).attn_v.bias", [key], .bias)
        }
        if headNorms {
            add("\(block).attn_q_norm.weight", [dim], .norm)
            add("\(block).attn_k_norm.weight", [dim], .norm)
        }
    }

    private mutating func addFeedForward(_ block: String, width: Int, hidden: Int, suffix: String = "") {
        add("\(block).ffn_gate\(suffix).weight", [width, hidden])
        add("\(block).ffn_up\(suffix).weight", [width, hidden])
        add("\(block).ffn_down\(suffix).weight", [hidden, width], .feedForwardDown)
    }

    private mutating func addExperts(_ block: String, width: Int, hidden: Int, count: Int) {
        add("\(block).ffn_gate_inp.weight", [width, count], .router)
        add("\(block).ffn_gate_exps.weight", [width, hidden, count])
        add("\(block).ffn_up_exps.weight", [width, hidden, count])
        add("\(block).ffn_down_exps.weight", [hidden, width, count], .feedForwardDown)
    }

    private mutating func setAttention(heads: Int, kvHeads: Int, dim: Int, epsilon: Float, base: Float) {
        set("attention.head_count", heads)
        set("attention.head_count_kv", kvHeads)
        set("attention.key_length", dim)
        set("attention.value_length", dim)
        set("attention.layer_norm_rms_epsilon", epsilon)
        set("rope.freq_base", base)
    }

    static func smolLM2(_ layers: Int) -> ModelBlueprint {
        var model = ModelBlueprint(
            architecture: "llama", layers: layers, of: 30, width: 576, vocabulary: 49152, context: 8192,
            sharesEmbedding: true)
        model.setAttention(heads: 9, kvHeads: 3, dim: 64, epsilon: 1e-5, base: 1e5)
        model.set("feed_forward_length", 1536)
        model.forEachLayer { model, _, block in
            model.addAttention(block, width: 576, heads: 9, kvHeads: 3, dim: 64)
            model.add("\(block).ffn_norm.weight", [576], .norm)
            model.addFeedForward(block, width: 576, hidden: 1536)
        }
        return model
    }

    static func qwen25Coder1B(_ layers: Int) -> ModelBlueprint {
        var model = ModelBlueprint(
            architecture: "qwen2", layers: layers, of: 28, width: 1536, vocabulary: 151_936, context: 32768)
        model.setAttention(heads: 12, kvHeads: 2, dim: 128, epsilon: 1e-6, base: 1e6)
        model.set("feed_forward_length", 8960)
        model.forEachLayer { model, _, block in
            model.addAttention(block, width: 1536, heads: 12, kvHeads: 2, dim: 128, biases: true)
            model.add("\(block).ffn_norm.weight", [1536], .norm)
            model.addFeedForward(block, width: 1536, hidden: 8960)
        }
        return model
    }

    static func qwen3Coder30B(_ layers: Int) -> ModelBlueprint {
        qwen3MoE(layers, of: 48, width: 2048, hidden: 5472, heads: 32, kvHeads: 4, experts: 128, expertHidden: 768)
    }

    static func qwen3Coder480B(_ layers: Int) -> ModelBlueprint {
        qwen3MoE(layers, of: 62, width: 6144, hidden: 8192, heads: 96, kvHeads: 8, experts: 160, expertHidden: 2560)
    }

    private static func qwen3MoE(
        _ layers: Int, of fullLayers: Int, width: Int, hidden: Int, heads: Int, kvHeads: Int, experts: Int,
        expertHidden: Int
    ) -> ModelBlueprint {
        var model = ModelBlueprint(
            architecture: "qwen3moe", layers: layers, of: fullLayers, width: width, vocabulary: 151_936,
            context: 262_144)
        model.setAttention(heads: heads, kvHeads: kvHeads, dim: 128, epsilon: 1e-6, base: 1e7)
        model.set("feed_forward_length", hidden)
        model.set("expert_count", experts)
        model.set("expert_used_count", 8)
        model.set("expert_feed_forward_length", expertHidden)
        model.forEachLayer { model, _, block in
            model.addAttention(block, width: width, heads: heads, kvHeads: kvHeads, dim: 128, headNorms: true)
            model.add("\(block).ffn_norm.weight", [width], .norm)
            model.addExperts(block, width: width, hidden: expertHidden, count: experts)
        }
        return model
    }

    static func qwen3CoderNext(_ layers: Int) -> ModelBlueprint {
        let width = 2048
        let (state, keyHeads, valueHeads) = (128, 16, 32)
        let (keys, values) = (keyHeads * state, valueHeads * state)
        var model = ModelBlueprint(
            architecture: "qwen3next", layers: layers, of: 48, width: width, vocabulary: 151_936, context: 262_144)
        model.setAttention(heads: 16, kvHeads: 2, dim: 256, epsilon: 1e-6, base: 1e7)
        model.set("rope.dimension_count", 64)
        model.set("feed_forward_length", 5120)
        model.set("expert_count", 512)
        model.set("expert_used_count", 10)
        model.set("expert_feed_forward_length", 512)
        model.set("expert_shared_feed_forward_length", 512)
        model.set("ssm.conv_kernel", 4)
        model.set("ssm.state_size", state)
        model.set("ssm.group_count", keyHeads)
        model.set("ssm.time_step_rank", valueHeads)
        model.set("ssm.inner_size", values)
        model.set("full_attention_interval", 4)
        model.forEachLayer { model, index, block in
            if index % 4 == 3 {
                model.addAttention(block, width: width, heads: 16, kvHeads: 2, dim: 256, headNorms: true, gated: true)
            } else {
                model.add("\(block).attn_norm.weight", [width], .norm)
                model.add("\(block).attn_qkv.weight", [width, 2 * keys + values])
                model.add("\(block).attn_gate.weight", [width, values])
                model.add("\(block).ssm_conv1d.weight", [4, 2 * keys + values], .router)
                model.add("\(block).ssm_dt.bias", [valueHeads], .bias)
                model.add("\(block).ssm_a", [valueHeads], .decay)
                model.add("\(block).ssm_ba.weight", [width, 2 * valueHeads])
                model.add("\(block).ssm_norm.weight", [state], .norm)
                model.add("\(block).ssm_out.weight", [values, width])
            }
            model.add("\(block).post_attention_norm.weight", [width], .norm)
            model.addExperts(block, width: width, hidden: 512, count: 512)
            model.add("\(block).ffn_gate_inp_shexp.weight", [width], .router)
            model.addFeedForward(block, width: width, hidden: 512, suffix: "_shexp")
        }
        return model
    }

    static func deepSeekCoderV2Lite(_ layers: Int) -> ModelBlueprint {
        var model = ModelBlueprint(
            architecture: "deepseek2", layers: layers, of: 27, width: 2048, vocabulary: 102_400, context: 163_840)
        model.setLatentAttention(heads: 16, queryRank: nil)
        model.set("feed_forward_length", 10944)
        model.set("leading_dense_block_count", 1)
        model.setDeepSeekExperts(count: 64, used: 6, hidden: 1408, shared: 2, scale: 1, sigmoid: false)
        model.forEachLayer { model, index, block in
            model.addLatentAttention(block, width: 2048, heads: 16, queryRank: nil)
            if index < 1 {
                model.addFeedForward(block, width: 2048, hidden: 10944)
            } else {
                model.addExperts(block, width: 2048, hidden: 1408, count: 64)
                model.addFeedForward(block, width: 2048, hidden: 2816, suffix: "_shexp")
            }
        }
        return model
    }

    /// Of a reduced model, the first layers stay dense as long as two with experts follow.
    static func deepSeekV3(_ layers: Int) -> ModelBlueprint {
        let dense = max(0, min(3, layers - 2))
        var model = ModelBlueprint(
            architecture: "deepseek2", layers: layers, of: 61, width: 7168, vocabulary: 129_280, context: 163_840)
        model.setLatentAttention(heads: 128, queryRank: 1536)
        model.set("feed_forward_length", 18432)
        model.set("leading_dense_block_count", dense)
        model.setDeepSeekExperts(count: 256, used: 8, hidden: 2048, shared: 1, scale: 2.5, sigmoid: true)
        model.forEachLayer { model, index, block in
            model.addLatentAttention(block, width: 7168, heads: 128, queryRank: 1536)
            if index < dense {
                model.addFeedForward(block, width: 7168, hidden: 18432)
            } else {
                model.addExperts(block, width: 7168, hidden: 2048, count: 256)
                model.add("\(block).exp_probs_b.bias", [256], .bias)
                model.addFeedForward(block, width: 7168, hidden: 2048, suffix: "_shexp")
            }
        }
        return model
    }

    /// Latent attention of DeepSeek's sizes: 512 + 64 elements a token, heads of 128 + 64 and 128.
    private mutating func setLatentAttention(heads: Int, queryRank: Int?) {
        set("attention.head_count", heads)
        set("attention.head_count_kv", 1)
        set("attention.key_length", 576)
        set("attention.value_length", 512)
        set("attention.key_length_mla", 192)
        set("attention.value_length_mla", 128)
        if let queryRank { set("attention.q_lora_rank", queryRank) }
        set("attention.kv_lora_rank", 512)
        set("attention.layer_norm_rms_epsilon", Float(1e-6))
        set("rope.freq_base", Float(10_000))
        set("rope.dimension_count", 64)
    }

    private mutating func addLatentAttention(_ block: String, width: Int, heads: Int, queryRank: Int?) {
        add("\(block).attn_norm.weight", [width], .norm)
        if let queryRank {
            add("\(block).attn_q_a.weight", [width, queryRank])
            add("\(block).attn_q_a_norm.weight", [queryRank], .norm)
            add("\(block).attn_q_b.weight", [queryRank, heads * 192])
        } else {
            add("\(block).attn_q.weight", [width, heads * 192])
        }
        add("\(block).attn_kv_a_mqa.weight", [width, 576])
        add("\(block).attn_kv_a_norm.weight", [512], .norm)
        add("\(block).attn_k_b.weight", [128, 512, heads])
        add("\(block).attn_v_b.weight", [512, 128, heads])
        add("\(block).attn_output.weight", [heads * 128, width])
        add("\(block).ffn_norm.weight", [width], .norm)
    }

    private mutating func setDeepSeekExperts(
        count: Int, used: Int, hidden: Int, shared: Int, scale: Float, sigmoid: Bool
    ) {
        set("expert_count", count)
        set("expert_used_count", used)
        set("expert_feed_forward_length", hidden)
        set("expert_shared_count", shared)
        set("expert_weights_scale", scale)
        set("expert_weights_norm", sigmoid)
        set("expert_gating_func", sigmoid ? 2 : 1)
        if sigmoid {
            set("expert_group_count", 8)
            set("expert_group_used_count", 4)
        }
    }
}
