import JSON

extension HuggingFaceFamily {
    /// Encoders. The pooler is kept where a classifier stands behind it; vectors of texts do without.
    static let bert = HuggingFaceFamily(
        "bert",
        names: ["BertModel", "BertForMaskedLM", "BertForPreTraining", "BertForSequenceClassification"],
        modelTypes: ["bert"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            let expected = [("hidden_act", "gelu"), ("position_embedding_type", "absolute")]
            for (key, only) in expected {
                guard let value = c[key]?.string, value != only else { continue }
                throw .unexpectedValue(key: key, value: "'\(value)'", expected: only, file: c.file)
            }
            header.set("attention.causal", false)
            header.set(
                global: "tokenizer.ggml.token_type_count",
                .uint32(UInt32(clamping: try c.optionalInteger("type_vocab_size", in: 0...1 << 16) ?? 1)))
        },
        spare: ["embeddings.position_ids", "cls.predictions.", "cls.seq_relationship.", "pooler."],
        rename: { name, _ in
            var name = name
            if name.hasPrefix("bert.") { name.removeFirst(5) }
            if name.hasPrefix("encoder.layer.") { name = "model.layers." + name.dropFirst(14) }
            // Checkpoints of 2018 have TensorFlow's words.
            if name.hasSuffix(".gamma") { name = name.dropLast(6) + ".weight" }
            if name.hasSuffix(".beta") { name = name.dropLast(5) + ".bias" }
            return name
        },
        patterns: { c in
            let classifies = c["architectures"]?.array?.first?.string == "BertForSequenceClassification"
            return .all(
                [
                    .module("embeddings.word_embeddings", "token_embd"),
                    .module("embeddings.token_type_embeddings", "token_types"),
                    .module("embeddings.position_embeddings", "position_embd"),
                    .module("embeddings.LayerNorm", "token_embd_norm"),
                    .layer("attention.self.query", "attn_q"), .layer("attention.self.key", "attn_k"),
                    .layer("attention.self.value", "attn_v"), .layer("attention.output.dense", "attn_output"),
                    .layer("attention.output.LayerNorm", "attn_output_norm"),
                    .layer("intermediate.dense", "ffn_up"), .layer("output.dense", "ffn_down"),
                    .layer("output.LayerNorm", "layer_output_norm"),
                ],
                classifies ? [.module("pooler.dense", "cls"), .module("classifier", "cls.output")] : [])
        })
}
