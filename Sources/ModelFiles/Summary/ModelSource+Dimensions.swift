extension ModelSource {
    /// The numbers that memory depends on, as far as the metadata gives them sensibly; nil when it does not.
    package var dimensions: ModelDimensions? {
        guard let architecture = metadata.string("general.architecture") else { return nil }
        let reader = DimensionReader(metadata: metadata, architecture: architecture)
        guard let layers = reader.integer("block_count"), let embedding = reader.integer("embedding_length"),
            let heads = reader.largest("attention.head_count"), let context = reader.context
        else { return nil }
        let perLayer = reader.integers("attention.head_count_kv") ?? [heads]
        let keyValueHeads = perLayer.max() ?? heads
        let headSize = reader.integer("attention.key_length") ?? embedding / heads
        guard keyValueHeads > 0, headSize > 0 else { return nil }
        let vocabulary =
            metadata.arrayLayout(of: "tokenizer.ggml.tokens")?.count ?? reader.integer("vocab_size") ?? 0
        return ModelDimensions(
            architecture: architecture, parameters: parameterCount, activeParameters: activeParameterCount(reader),
            context: context, layers: layers,
            attentionLayers: reader.attentionLayers(of: layers, keyValueHeads: perLayer),
            heads: heads, keyValueHeads: keyValueHeads, headSize: headSize,
            valueSize: reader.integer("attention.value_length").flatMap { $0 == headSize ? nil : $0 },
            latentSize: reader.latentSize, recurrentBytes: reader.recurrentBytes(of: layers), embedding: embedding,
            vocabulary: vocabulary)
    }

    /// Elements of all tensors. One that repeats tied embeddings counts them twice, as it holds them.
    package var parameterCount: Int { tensorDescriptions.reduce(0) { $0.clampedSum($1.elementCount) } }

    /// Bytes of all tensors.
    package var weightByteCount: Int { tensorDescriptions.reduce(0) { $0.clampedSum($1.byteCount) } }

    package var bitsPerWeight: Double {
        parameterCount == 0 ? 0 : Double(weightByteCount) * 8 / Double(parameterCount)
    }

    private func activeParameterCount(_ reader: DimensionReader) -> Int? {
        guard let experts = reader.integer("expert_count"), let used = reader.integer("expert_used_count"),
            used < experts
        else { return nil }
        let inExperts = tensorDescriptions.filter { $0.name.contains("_exps.") }.reduce(0) { $0 + $1.elementCount }
        return parameterCount - inExperts / experts * (experts - used)
    }
}

/// Reads `ARCHITECTURE.*` numbers; whatever is out of all proportion counts as missing.
private struct DimensionReader {
    let metadata: GGUFMetadata
    let architecture: String

    func integer(_ key: String) -> Int? {
        metadata.integer("\(architecture).\(key)").flatMap { (1...1 << 31).contains($0) ? $0 : nil }
    }

    /// One number for all layers, or one for each.
    func integers(_ key: String) -> [Int]? {
        let name = "\(architecture).\(key)"
        let values = metadata.integers(name) ?? metadata.integer(name).map { [$0] }
        return values.flatMap { $0.isEmpty || !$0.allSatisfy { (0...1 << 20).contains($0) } ? nil : $0 }
    }

    /// With the YaRN that the file states, which `context_length` need not count.
    var context: Int? {
        guard let trained = integer("context_length") else { return nil }
        guard metadata.string("\(architecture).rope.scaling.type") == "yarn",
            let factor = metadata.float("\(architecture).rope.scaling.factor"), factor > 1, factor < 1024
        else { return trained }
        let original = integer("rope.scaling.original_context_length") ?? trained
        return max(trained, Int(Double(factor) * Double(original)))
    }

    func largest(_ key: String) -> Int? {
        integers(key)?.max().flatMap { $0 > 0 ? $0 : nil }
    }

    /// How many of the layers keep keys and values; nil when all do.
    func attentionLayers(of layers: Int, keyValueHeads: [Int]) -> Int? {
        if let interval = integer("full_attention_interval") { return layers / interval }
        guard keyValueHeads.count > 1 else { return nil }
        let attending = keyValueHeads.count { $0 > 0 }
        return attending == layers ? nil : attending
    }

    /// Multi-head latent attention keeps one compressed vector and the rotated part of the keys.
    var latentSize: Int? {
        integer("attention.kv_lora_rank").map { $0 + (integer("rope.dimension_count") ?? 0) }
    }

    /// State of the layers with linear attention, in float32: a matrix per head and the convolution's last inputs.
    func recurrentBytes(of layers: Int) -> Int? {
        guard let state = integer("ssm.state_size"), let inner = integer("ssm.inner_size") else { return nil }
        let linear = layers - (integer("full_attention_interval").map { layers / $0 } ?? 0)
        let groups = integer("ssm.group_count") ?? 0
        let inputs = inner.clampedSum(groups.clampedProduct(state).clampedProduct(2))
        let convolution = ((integer("ssm.conv_kernel") ?? 1) - 1).clampedProduct(inputs)
        return linear.clampedProduct(state.clampedProduct(inner).clampedSum(convolution)).clampedProduct(4)
    }
}
