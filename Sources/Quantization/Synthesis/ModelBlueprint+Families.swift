internal import ModelFiles

/// The tensors of each family under GGUF's names.
extension ModelBlueprint {
    static let families: [String: @Sendable (inout ModelBlueprint) -> Void] = [
        "deepseek2": { $0.addDeepSeek2() }, "gemma3": { $0.addGemma3() }, "glm4moe": { $0.addGLM4MoE() },
        "gpt-oss": { $0.addGPTOSS() }, "llama": { $0.addLlama(biased: false) }, "qwen2": { $0.addLlama(biased: true) },
        "qwen3moe": { $0.addQwen3MoE() }, "qwen3next": { $0.addQwen3Next() }, "starcoder2": { $0.addStarCoder2() },
    ]

    /// Llama, and with biases on queries, keys and values Qwen2.
    private mutating func addLlama(biased: Bool) {
        let width = model.embedding
        setAttention()
        addNorm("output_norm", width)
        forEachLayer { blueprint, _ in
            blueprint.addNorm("attn_norm", width)
            blueprint.addAttention(biased: biased)
            blueprint.addNorm("ffn_norm", width)
            blueprint.addFeedForward()
        }
    }

    private mutating func addStarCoder2() {
        let (width, hidden) = (model.embedding, shape.feedForward)
        setAttention(normEpsilon: "layer_norm_epsilon")
        addNorm("output_norm", width, biased: true)
        forEachLayer { blueprint, _ in
            blueprint.addNorm("attn_norm", width, biased: true)
            blueprint.addAttention(biased: true, outputBiased: true)
            blueprint.addNorm("ffn_norm", width, biased: true)
            blueprint.addMatrix("ffn_up", width, hidden, biased: true)
            blueprint.addMatrix("ffn_down", hidden, width, biased: true)
        }
    }

    private mutating func addGemma3() {
        let width = model.embedding
        setAttention()
        addNorm("output_norm", width)
        forEachLayer { blueprint, _ in
            blueprint.addNorm("attn_norm", width)
            blueprint.addAttention(headNorms: true)
            blueprint.addNorm("post_attention_norm", width)
            blueprint.addNorm("ffn_norm", width)
            blueprint.addFeedForward()
            blueprint.addNorm("post_ffw_norm", width)
        }
    }

    private mutating func addQwen3MoE() {
        let (width, experts) = (model.embedding, shape.experts!)
        setAttention()
        set(experts)
        addNorm("output_norm", width)
        forEachLayer { blueprint, _ in
            blueprint.addNorm("attn_norm", width)
            blueprint.addAttention(headNorms: true)
            blueprint.addNorm("ffn_norm", width)
            blueprint.addExperts(experts)
        }
    }

    private mutating func addGPTOSS() {
        let (width, heads, experts) = (model.embedding, model.heads, shape.experts!)
        setAttention()
        set(experts)
        addNorm("output_norm", width)
        forEachLayer { blueprint, _ in
            blueprint.addNorm("attn_norm", width)
            blueprint.addAttention(biased: true, outputBiased: true)
            blueprint.add("attn_sinks.weight", [heads], .zeros)
            blueprint.addNorm("post_attention_norm", width)
            blueprint.addExperts(experts, biased: true)
        }
    }

    private mutating func addGLM4MoE() {
        let (width, experts) = (model.embedding, shape.experts!)
        setAttention()
        setRouting(experts)
        addNorm("output_norm", width)
        forEachLayer { blueprint, layer in
            blueprint.addNorm("attn_norm", width)
            blueprint.addAttention(biased: true)
            blueprint.addNorm("post_attention_norm", width)
            blueprint.addFeedForward(layer: layer, experts)
        }
    }

    /// Three of four layers have a gated delta rule instead of attention.
    private mutating func addQwen3Next() {
        let (width, experts, linear) = (model.embedding, shape.experts!, shape.linear!)
        let (keys, values) = (linear.keyHeads * linear.headSize, linear.valueHeads * linear.headSize)
        let interval = model.layers / model.attentionLayers!
        setAttention()
        set(experts)
        set("expert_shared_feed_forward_length", experts.feedForward)
        set("ssm.conv_kernel", linear.convolution)
        set("ssm.state_size", linear.headSize)
        set("ssm.group_count", linear.keyHeads)
        set("ssm.time_step_rank", linear.valueHeads)
        set("ssm.inner_size", values)
        set("full_attention_interval", interval)
        addNorm("output_norm", width)
        forEachLayer { blueprint, layer in
            blueprint.addNorm("attn_norm", width)
            if layer % interval == interval - 1 {
                blueprint.addAttention(headNorms: true, gated: true)
            } else {
                blueprint.addMatrix("attn_qkv", width, 2 * keys + values)
                blueprint.addMatrix("attn_gate", width, values)
                blueprint.addMatrix("ssm_conv1d", linear.convolution, 2 * keys + values)
                blueprint.add("ssm_dt.bias", [linear.valueHeads], .zeros)
                blueprint.add("ssm_a", [linear.valueHeads], .decay)
                blueprint.addMatrix("ssm_ba", width, 2 * linear.valueHeads)
                blueprint.addNorm("ssm_norm", linear.headSize)
                blueprint.addMatrix("ssm_out", values, width)
            }
            blueprint.addNorm("post_attention_norm", width)
            blueprint.addExperts(experts)
            blueprint.add("ffn_gate_inp_shexp.weight", [width])
        }
    }

    /// Latent attention in its absorbed form: a token keeps one vector of `latentSize`, the same for all heads.
    private mutating func addDeepSeek2() {
        let (width, heads, experts) = (model.embedding, model.heads, shape.experts!)
        let (keySize, valueSize) = (model.headSize, model.valueSize!)
        let (latent, rotated) = (model.latentSize!, shape.rotated!)
        let rank = latent - rotated
        setAttention()
        setRouting(experts)
        set("attention.head_count_kv", 1)
        set("attention.key_length", latent)
        set("attention.value_length", rank)
        set("attention.key_length_mla", keySize)
        set("attention.value_length_mla", valueSize)
        set("attention.q_lora_rank", shape.queryRank)
        set("attention.kv_lora_rank", rank)
        addNorm("output_norm", width)
        forEachLayer { blueprint, layer in
            blueprint.addNorm("attn_norm", width)
            if let queryRank = blueprint.shape.queryRank {
                blueprint.addMatrix("attn_q_a", width, queryRank)
                blueprint.addNorm("attn_q_a_norm", queryRank)
                blueprint.addMatrix("attn_q_b", queryRank, heads * keySize)
            } else {
                blueprint.addMatrix("attn_q", width, heads * keySize)
            }
            blueprint.addMatrix("attn_kv_a_mqa", width, latent)
            blueprint.addNorm("attn_kv_a_norm", rank)
            blueprint.add("attn_k_b.weight", [keySize - rotated, rank, heads])
            blueprint.add("attn_v_b.weight", [rank, valueSize, heads])
            blueprint.addMatrix("attn_output", heads * valueSize, width)
            blueprint.addNorm("ffn_norm", width)
            blueprint.addFeedForward(layer: layer, experts)
        }
    }
}
