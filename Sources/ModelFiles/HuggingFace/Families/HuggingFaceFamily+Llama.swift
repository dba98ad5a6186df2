#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

extension HuggingFaceFamily {
    /// Llama 1 to 3.x, CodeLlama, SmolLM2, Mistral and Mixtral. GGUF rotates neighbouring elements of a head, so rows
    /// of queries and keys change places.
    static let llama = HuggingFaceFamily(
        "llama",
        names: [
            "LlamaForCausalLM", "LLaMAForCausalLM", "MistralForCausalLM", "MixtralForCausalLM",
            "IQuestCoderForCausalLM",
        ],
        modelTypes: ["llama", "mistral", "mixtral"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            header.set("rope.dimension_count", try c.headSize)
        },
        extras: divisorTensors, patterns: pairedPatterns)

    /// Ministral 3, Devstral Small 2: Llama's tensors; queries that grow with their position.
    static let mistral3 = HuggingFaceFamily(
        "mistral3", names: ["Ministral3ForCausalLM", "Mistral3ForConditionalGeneration"],
        modelTypes: ["ministral3", "mistral3"],
        describe: { (c, header) throws(HuggingFaceError) in
            try header.setDecoder(c)
            header.set("rope.dimension_count", try c.headSize)
            let rotary = try c.rotary()
            header.set("rope.scaling.yarn_log_multiplier", rotary.number("mscale_all_dim"))
            header.set("attention.temperature_scale", rotary.number("llama_4_scaling_beta"))
        },
        extras: divisorTensors, patterns: pairedPatterns)

    @Sendable
    private static func divisorTensors(_ c: HuggingFaceConfig) throws(HuggingFaceError) -> [ComputedTensor] {
        try rotaryDivisors(c).map { [ComputedTensor(name: "rope_freqs.weight", values: $0)] } ?? []
    }

    @Sendable
    private static func pairedPatterns(_ c: HuggingFaceConfig) throws(HuggingFaceError) -> [TensorPattern] {
        .all(
            .frame,
            [
                .layer("input_layernorm", "attn_norm"),
                .layer("self_attn.q_proj", "attn_q", .rotaryPairs(heads: try c.heads)),
                .layer("self_attn.k_proj", "attn_k", .rotaryPairs(heads: try c.keyValueHeads)),
                .layer("self_attn.v_proj", "attn_v"), .layer("self_attn.o_proj", "attn_output"),
                .layer("post_attention_layernorm", "ffn_norm"),
            ], .feedForward, .blockSparseExperts)
    }

    /// By what Llama 3 divides each frequency: low ones by a factor, high ones not at all, a ramp between.
    private static func rotaryDivisors(_ c: HuggingFaceConfig) throws(HuggingFaceError) -> [Float]? {
        let rotary = try c.rotary()
        guard rotary.type == "llama3" else { return nil }
        let size = try c.headSize
        let factor = rotary.number("factor") ?? 8
        let (low, high) = (rotary.number("low_freq_factor") ?? 1, rotary.number("high_freq_factor") ?? 4)
        let context = Double(rotary.originalContext ?? 8192)
        return stride(from: 0, to: size, by: 2).map { index in
            let wavelength = 2 * Double.pi * pow(rotary.theta ?? 10_000, Double(index) / Double(size))
            if wavelength < context / high { return 1 }
            if wavelength > context / low { return Float(factor) }
            let smooth = (context / wavelength - low) / (high - low)
            return Float(1 / ((1 - smooth) / factor + smooth))
        }
    }
}
