/// Which tensors of a checkpoint become which of GGUF's.
///
/// `*` stands for the number of a layer in both names, `#` for that of an expert in the checkpoint's.
struct TensorPattern: Sendable {
    let source: String
    let target: String
    var change: TensorChange
    /// Where the checkpoint holds blocks of a quantised type, which lie the other way round.
    var changeOfBlocks: TensorChange?
    /// What both names may end in: of the checkpoint, and of GGUF.
    let suffixes: [(source: String, target: String)]

    /// A linear map, norm or embedding outside the layers: weight and bias.
    static func module(_ source: String, _ target: String, _ change: TensorChange = .none) -> TensorPattern {
        TensorPattern(
            source: source, target: target, change: change, suffixes: [(".weight", ".weight"), (".bias", ".bias")])
    }

    /// A tensor outside the layers that is no module's: both names as they are.
    static func single(_ source: String, _ target: String) -> TensorPattern {
        TensorPattern(source: source, target: target, change: .none, suffixes: [("", "")])
    }

    /// The same in every layer; names go on after those of the layer.
    static func layer(_ source: String, _ target: String, _ change: TensorChange = .none) -> TensorPattern {
        module("model.layers.*." + source, "blk.*." + target, change)
    }

    /// A tensor of every layer that is no module's: both names as they are.
    static func parameter(_ source: String, _ target: String, _ change: TensorChange = .none) -> TensorPattern {
        TensorPattern(
            source: "model.layers.*." + source, target: "blk.*." + target, change: change, suffixes: [("", "")])
    }

    /// Experts in one tensor, inputs before outputs, of which some columns are wanted.
    static func stackedExperts(_ source: String, _ target: String, _ columns: IndexChoice?) -> TensorPattern {
        var pattern = parameter(source, target, TensorChange(columns: columns, transposes: true))
        pattern.changeOfBlocks = TensorChange(rows: columns)
        return pattern
    }

    /// What a router adds to scores to choose experts, and takes off again to weigh them.
    static let routerCorrection = parameter("mlp.gate.e_score_correction_bias", "exp_probs_b.bias")

    /// The names with layer and ending put in.
    func names(layer: Int, suffix: (source: String, target: String)) -> (source: String, target: String) {
        (
            source.replacing("*", with: "\(layer)") + suffix.source,
            target.replacing("*", with: "\(layer)") + suffix.target
        )
    }

    var isPerLayer: Bool { target.utf8.contains(UInt8(ascii: "*")) }
    var isPerExpert: Bool { source.utf8.contains(UInt8(ascii: "#")) }
}

extension [TensorPattern] {
    /// One list of several; sums of literals take the compiler too long.
    static func all(_ lists: [TensorPattern]...) -> [TensorPattern] { lists.flatMap { $0 } }

    /// The same where norms store what they add to one.
    var normsPlusOne: [TensorPattern] {
        map { pattern in
            var pattern = pattern
            if pattern.target.hasSuffix("norm") { pattern.change = .plusOne }
            return pattern
        }
    }

    /// What nearly every decoder has around its layers.
    static let frame: [TensorPattern] = [
        .module("model.embed_tokens", "token_embd"), .module("model.norm", "output_norm"), .module("lm_head", "output"),
    ]

    /// Attention with separate queries, keys and values, as Llama named it.
    static let attention: [TensorPattern] = [
        .layer("input_layernorm", "attn_norm"), .layer("self_attn.q_proj", "attn_q"),
        .layer("self_attn.k_proj", "attn_k"), .layer("self_attn.v_proj", "attn_v"),
        .layer("self_attn.o_proj", "attn_output"),
    ]

    static let headNorms: [TensorPattern] = [
        .layer("self_attn.q_norm", "attn_q_norm"), .layer("self_attn.k_norm", "attn_k_norm"),
    ]

    static let feedForward: [TensorPattern] = [
        .layer("mlp.gate_proj", "ffn_gate"), .layer("mlp.up_proj", "ffn_up"), .layer("mlp.down_proj", "ffn_down"),
    ]

    /// A router and its experts, each a module of its own or all stacked.
    static let experts: [TensorPattern] = [
        .layer("mlp.gate", "ffn_gate_inp"), .layer("mlp.experts.#.gate_proj", "ffn_gate_exps"),
        .layer("mlp.experts.#.up_proj", "ffn_up_exps"), .layer("mlp.experts.#.down_proj", "ffn_down_exps"),
        .parameter("mlp.experts.gate_up_proj", "ffn_gate_exps.weight", TensorChange(rows: .firstHalf)),
        .parameter("mlp.experts.gate_up_proj", "ffn_up_exps.weight", TensorChange(rows: .secondHalf)),
        .parameter("mlp.experts.down_proj", "ffn_down_exps.weight"),
    ]

    /// Experts that every token takes.
    static func sharedExperts(_ name: String) -> [TensorPattern] {
        [
            .layer("mlp.\(name).gate_proj", "ffn_gate_shexp"), .layer("mlp.\(name).up_proj", "ffn_up_shexp"),
            .layer("mlp.\(name).down_proj", "ffn_down_shexp"),
        ]
    }

    /// Mixtral's names, which MiniMax took over.
    static let blockSparseExperts: [TensorPattern] = [
        .layer("block_sparse_moe.gate", "ffn_gate_inp"),
        .layer("block_sparse_moe.experts.#.w1", "ffn_gate_exps"),
        .layer("block_sparse_moe.experts.#.w3", "ffn_up_exps"),
        .layer("block_sparse_moe.experts.#.w2", "ffn_down_exps"),
    ]

    /// The layer that predicts one token more, after the others.
    static let nextToken: [TensorPattern] = [
        .layer("eh_proj", "nextn.eh_proj"), .layer("enorm", "nextn.enorm"), .layer("hnorm", "nextn.hnorm"),
        .layer("embed_tokens", "nextn.embed_tokens"), .layer("shared_head.norm", "nextn.shared_head_norm"),
        .layer("shared_head.head", "nextn.shared_head_head"),
    ]
}
