internal import ModelFiles

/// What a tensor does in a model, as far as it matters for how finely it must be kept.
enum TensorRole {
    case output
    case tokenEmbedding
    /// Values, or values together with what else attention projects.
    case attentionValue
    case attentionKey
    case attentionOutput
    case feedForwardDown
    case other

    init(_ name: String) {
        self =
            switch true {
            case name == "output.weight": .output
            case name == "token_embd.weight": .tokenEmbedding
            case name.hasSuffix("attn_v.weight"), name.hasSuffix("attn_qkv.weight"), name.hasSuffix("attn_kv_b.weight"):
                .attentionValue
            case name.hasSuffix("attn_k.weight"): .attentionKey
            case name.hasSuffix("attn_output.weight"): .attentionOutput
            case name.holds("ffn_down"): .feedForwardDown
            default: .other
            }
    }

    /// The N of `blk.N.`.
    static func layer(of name: String) -> Int? {
        guard name.hasPrefix("blk.") else { return nil }
        return Int(name.dropFirst(4).prefix { $0 != "." })
    }
}

extension TensorDescription {
    /// Extents without those of 1 at the end.
    var extents: [Int] { Array(shape.reversed().drop { $0 == 1 }.reversed()) }

    /// Whether it is one of many matrices of a mixture of experts.
    var isExpertStack: Bool { extents.count == 3 && name.holds("_exps.") }

    /// Whether it is a matrix large and sturdy enough for few bits. Routers, norms, convolutions and the like are small
    /// and decide much.
    var toleratesQuantisation: Bool {
        guard extents.count >= 2, name.hasSuffix("weight") else { return false }
        return !Self.delicate.contains { name.holds($0) } && !Self.positions.contains(name)
    }

    private static let positions = ["position_embd.weight", "token_types.weight"]
    private static let delicate = [
        "_norm.weight", "ffn_gate_inp.weight", "ffn_gate_tid2eid", "ssm_conv1d", "shortconv.conv", "hc_", "_ape.weight",
        "altup",
        "laurel", "per_layer_model_proj", "indexer.k_proj.weight", "indexer.q_proj.weight", "attn_rel_b.weight",
        ".position_embd", ".rel_pos", ".patch_embd", ".patch_merger", "time_mix_",
    ]
}

extension String {
    /// Whether `part` occurs in it. The standard library's search makes a table for each call: with it, the mixes of all
    /// models in the catalogue take a second of 1.1, with this a tenth.
    fileprivate func holds(_ part: String) -> Bool {
        var rest = utf8[...]
        while let found = rest.firstIndex(of: part.utf8.first!) {
            rest = rest[found...]
            if rest.starts(with: part.utf8) { return true }
            rest.removeFirst()
        }
        return false
    }
}
