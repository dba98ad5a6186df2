internal import ModelFiles

/// What families have in common. Matrices are named without their ending and given as columns, then rows.
extension ModelBlueprint {
    mutating func addMatrix(_ name: String, _ columns: Int, _ rows: Int, biased: Bool = false) {
        add("\(name).weight", [columns, rows])
        if biased { add("\(name).bias", [rows], .zeros) }
    }

    mutating func addNorm(_ name: String, _ count: Int, biased: Bool = false) {
        add("\(name).weight", [count], .ones)
        if biased { add("\(name).bias", [count], .zeros) }
    }

    /// - Parameter normEpsilon: the key of the norms' epsilon.
    mutating func setAttention(normEpsilon: String = "layer_norm_rms_epsilon") {
        set("attention.head_count", model.heads)
        set("attention.head_count_kv", model.keyValueHeads)
        set("attention.key_length", model.headSize)
        set("attention.value_length", model.valueSize ?? model.headSize)
        set("attention.\(normEpsilon)", shape.epsilon)
        set("attention.sliding_window", shape.window)
        set("rope.freq_base", shape.rotaryBase)
        set("rope.dimension_count", shape.rotated)
    }

    /// Attention with grouped heads, without its norm.
    /// - Parameters:
    ///   - biased: queries, keys and values are.
    ///   - gated: as many gates as queries.
    mutating func addAttention(
        biased: Bool = false, outputBiased: Bool = false, headNorms: Bool = false, gated: Bool = false
    ) {
        let (width, query) = (model.embedding, model.heads * model.headSize)
        let key = model.keyValueHeads * model.headSize
        addMatrix("attn_q", width, gated ? 2 * query : query, biased: biased)
        addMatrix("attn_k", width, key, biased: biased)
        addMatrix("attn_v", width, key, biased: biased)
        addMatrix("attn_output", query, width, biased: outputBiased)
        if headNorms {
            addNorm("attn_q_norm", model.headSize)
            addNorm("attn_k_norm", model.headSize)
        }
    }

    mutating func addFeedForward(suffix: String = "", hidden: Int? = nil) {
        let hidden = hidden ?? shape.feedForward
        addMatrix("ffn_gate\(suffix)", model.embedding, hidden)
        addMatrix("ffn_up\(suffix)", model.embedding, hidden)
        addMatrix("ffn_down\(suffix)", hidden, model.embedding)
    }

    mutating func set(_ experts: ModelShape.Experts) {
        set("expert_count", experts.count)
        set("expert_used_count", experts.used)
        set("expert_feed_forward_length", experts.feedForward)
        set("expert_group_count", experts.groups)
        set("expert_group_used_count", experts.groupsUsed)
    }

    /// The same for families whose files state how experts are weighed and which layers have none.
    mutating func setRouting(_ experts: ModelShape.Experts) {
        set(experts)
        set("expert_shared_count", experts.shared)
        set("expert_weights_scale", experts.scale ?? 1)
        set("expert_weights_norm", experts.sigmoid == true)
        set("expert_gating_func", experts.sigmoid == true ? 2 : 1)
        set("leading_dense_block_count", denseLayers(experts))
    }

    /// Of a reduced model, the first layers stay dense as long as two with experts follow.
    private func denseLayers(_ experts: ModelShape.Experts) -> Int {
        max(0, min(experts.denseLayers ?? 0, layers - 2))
    }

    /// Router and experts; those that every token takes besides lie in one block.
    mutating func addExperts(_ experts: ModelShape.Experts, biased: Bool = false) {
        let (width, hidden) = (model.embedding, experts.feedForward)
        func stack(_ name: String, _ columns: Int, _ rows: Int, _ model: inout ModelBlueprint) {
            model.add("\(name).weight", [columns, rows, experts.count])
            if biased { model.add("\(name).bias", [rows, experts.count], .zeros) }
        }
        addMatrix("ffn_gate_inp", width, experts.count, biased: biased)
        stack("ffn_gate_exps", width, hidden, &self)
        stack("ffn_up_exps", width, hidden, &self)
        stack("ffn_down_exps", hidden, width, &self)
        if experts.sigmoid == true { add("exp_probs_b.bias", [experts.count], .zeros) }
        if let shared = experts.shared { addFeedForward(suffix: "_shexp", hidden: shared * hidden) }
    }

    /// A block without experts in the first layers, with them in the others.
    mutating func addFeedForward(layer: Int, _ experts: ModelShape.Experts) {
        if layer < denseLayers(experts) { addFeedForward() } else { addExperts(experts) }
    }
}
