import JSON
import Synchronization
package import Tensors

/// A model as it was published: config.json, safetensors and tokenizer.json in a folder, presented as GGUF.
///
/// Weights that lie in the files as GGUF would have them stay mapped; others are converted when asked for and kept.
/// See Docs/Decisions/0008-hugging-face-folders.md.
package final class HuggingFaceFolder: ModelSource {
    package let path: String
    package let metadata: GGUFMetadata
    package let tensorDescriptions: [TensorDescription]
    private let recipes: [String: TensorRecipe]
    private let shards: SafetensorsShards
    private let converted = Mutex<[String: AlignedMemory]>([:])

    /// - Parameter dequantised: what quantised weights become: by default the type that the reference packages give,
    ///   F32 for those who go on computing with them.
    package init(path: String, dequantised: TensorType? = nil) throws(HuggingFaceError) {
        self.path = path
        var config = try HuggingFaceConfig(folder: path)
        let family = try HuggingFaceFamily.of(config)
        let shards = try SafetensorsShards(folder: path)
        self.shards = shards

        let names = CheckpointNames(shards.tensors, family: family, config: config)
        if family.keepsExtraLayers { config.extraLayers = try names.extraLayers(config) }
        var header = HuggingFaceHeader(architecture: family.architecture, name: Self.name(of: path))
        try family.describe(config, &header)
        try SentenceTransformersFolder(path).describe(into: &header)
        var plan = TensorPlan(
            WeightResolver(
                names.tensors, quantisation: try QuantisationConfig(config, folder: path),
                floatType: config["torch_dtype", "dtype"]?.string == "float16" ? .f16 : .bf16, folder: path),
            dequantised: dequantised, folder: path)
        try plan.add(family, config)
        try plan.checkUnused(family, config)
        recipes = plan.recipes
        tensorDescriptions = plan.order.compactMap { plan.recipes[$0]?.description }

        try HuggingFaceTokenizer.describe(folder: path, config: config, into: &header)
        guard let metadata = GGUFMetadata(header.header, path: path) else {
            throw .tooLarge(file: path, byteCount: 0, limit: 0)
        }
        self.metadata = metadata
    }

    /// Whether the folder at `path` looks like one.
    package static func isModel(_ path: String) -> Bool {
        FileTree.isFolder(path) && FileTree.exists(path + "/config.json")
    }

    private static func name(of path: String) -> String {
        let resolved = FileTree.resolved(path) ?? path
        return resolved.split(separator: "/").last.map { String($0) } ?? resolved
    }

    package func contains(_ tensor: String) -> Bool { recipes[tensor] != nil }

    package func tensor(_ name: String) throws(UnreadableTensor) -> GGUFTensor? {
        guard let recipe = recipes[name] else { return nil }
        if let bytes = unsafe recipe.mapped { return unsafe made(recipe, bytes) }
        if let memory = converted.withLock({ $0[name] }) {
            return unsafe made(recipe, UnsafeRawBufferPointer(memory.bytes))
        }
        guard let memory = AlignedMemory(byteCount: recipe.byteCount, hugePages: true) else {
            throw UnreadableTensor(
                name: name, file: path,
                reason: "the system refused \(ByteCount(recipe.byteCount)) for its converted weights. "
                    + "Convert the model first: martlet model convert.")
        }
        unsafe recipe.write(into: memory.bytes)
        converted.withLock { $0[name] = memory }
        return unsafe made(recipe, UnsafeRawBufferPointer(memory.bytes))
    }

    private func made(_ recipe: TensorRecipe, _ bytes: UnsafeRawBufferPointer) -> GGUFTensor {
        let description = recipe.description
        return unsafe GGUFTensor(
            name: description.name, type: description.type, shape: description.shape,
            data: UnsafeRawBufferPointer(rebasing: bytes.prefix(recipe.byteCount)))
    }

    package func release(_ tensor: String) { _ = converted.withLock { $0.removeValue(forKey: tensor) } }

    package var fileByteCount: Int { shards.byteCount }
}

/// The tensors of a checkpoint under the names that patterns use.
private struct CheckpointNames {
    let tensors: [String: SafetensorsTensor]

    init(_ tensors: [String: SafetensorsTensor], family: HuggingFaceFamily, config: HuggingFaceConfig) {
        var renamed: [String: SafetensorsTensor] = [:]
        renamed.reserveCapacity(tensors.count)
        for (name, tensor) in tensors {
            // Models that also see put the language model's tensors one level down.
            let plain = name.replacing("language_model.", with: "")
            renamed[family.rename(plain.hasPrefix("model.model.") ? String(plain.dropFirst(6)) : plain, config)] =
                tensor
        }
        self.tensors = renamed
    }

    /// Layers behind the configuration's own.
    func extraLayers(_ config: HuggingFaceConfig) throws(HuggingFaceError) -> Int {
        let layers = try config.layerCount
        var last = layers - 1
        for name in tensors.keys {
            guard let layer = CheckpointNames.layer(of: name), layer < layers + 64 else { continue }
            last = max(last, layer)
        }
        return last + 1 - layers
    }

    static func layer(of name: String) -> Int? {
        guard name.hasPrefix("model.layers.") else { return nil }
        return Int(name.dropFirst(13).prefix { $0 != "." })
    }
}

/// The recipes of all tensors, made from a family's patterns.
private struct TensorPlan {
    private var weights: WeightResolver
    private let dequantised: TensorType?
    private let folder: String
    private(set) var recipes: [String: TensorRecipe] = [:]
    private(set) var order: [String] = []

    init(_ weights: WeightResolver, dequantised: TensorType?, folder: String) {
        self.weights = weights
        self.dequantised = dequantised
        self.folder = folder
    }

    mutating func add(_ family: HuggingFaceFamily, _ config: HuggingFaceConfig) throws(HuggingFaceError) {
        let patterns = try family.patterns(config)
        let experts = try config.experts ?? 0
        for pattern in patterns where !pattern.isPerLayer { try add(pattern, layer: 0, experts: experts) }
        for computed in try family.extras(config) {
            try add(computed.name, [ComputedWeight(values: computed.values)], isStacked: false, .none)
        }
        for layer in 0..<(try config.layerCount + config.extraLayers) {
            for pattern in patterns where pattern.isPerLayer { try add(pattern, layer: layer, experts: experts) }
        }
        // A file that shares input and output embeddings says so or leaves it open.
        if recipes["output.weight"] == nil, try config.optionalFlag("tie_word_embeddings") == false {
            throw .missingTensor("lm_head.weight", folder: folder)
        }
    }

    private mutating func add(_ pattern: TensorPattern, layer: Int, experts: Int) throws(HuggingFaceError) {
        for suffix in pattern.suffixes {
            let names = pattern.names(layer: layer, suffix: suffix)
            guard recipes[names.target] == nil else { continue }
            guard pattern.isPerExpert else {
                guard let weight = try weights.weight(names.source) else { continue }
                let isBlocks = weight.type.elementsPerBlock > 1
                try add(
                    names.target, [weight], isStacked: false,
                    isBlocks ? pattern.changeOfBlocks ?? pattern.change : pattern.change)
                continue
            }
            guard experts > 0, let first = try weights.weight(names.source.replacing("#", with: "0")) else { continue }
            var pieces = [first]
            for expert in 1..<max(1, experts) {
                let name = names.source.replacing("#", with: "\(expert)")
                guard let weight = try weights.weight(name) else { throw .missingTensor(name, folder: folder) }
                pieces.append(weight)
            }
            try add(names.target, pieces, isStacked: true, pattern.change)
        }
    }

    private mutating func add(
        _ name: String, _ pieces: [any StoredWeight], isStacked: Bool, _ change: TensorChange
    ) throws(HuggingFaceError) {
        do {
            recipes[name] = try TensorRecipe(
                name, pieces: pieces, isStacked: isStacked, change: change, dequantised: dequantised)
        } catch { throw .brokenTensor(name, file: folder, reason: error.reason) }
        order.append(name)
    }

    /// What no pattern took is another model's, unless it is known to do without.
    func checkUnused(_ family: HuggingFaceFamily, _ config: HuggingFaceConfig) throws(HuggingFaceError) {
        let layers = try config.layerCount + config.extraLayers
        let unknown = weights.unused.filter { name in
            if let layer = CheckpointNames.layer(of: name), layer >= layers { return false }
            return !family.spare.contains { name.hasPrefix($0) } && !Self.spareParts.contains { name.contains($0) }
                && !Self.spareEnds.contains { name.hasSuffix($0) }
        }
        guard !unknown.isEmpty else { return }
        throw .unknownTensors(
            Array(unknown.sorted().prefix(3)), count: unknown.count, architecture: family.architecture, folder: folder)
    }

    /// Constants that code computes, other senses, and predictors of further tokens that GGUF leaves out.
    private static let spareParts = [
        "rotary_emb.inv_freq", "visual.", "vision_", "vision.", "audio_", "multi_modal_projector.", "mtp.",
    ]
    /// Scales of activations and of the cache, and what symmetric formats store without need.
    private static let spareEnds = [
        ".input_scale", ".input_global_scale", ".input_zero_point", ".k_scale", ".v_scale", ".q_scale",
        "activation_scale", ".weight_zero_point", ".masked_bias", ".attention.bias", ".kv_cache_scale",
        ".output_scale",
    ]
}

/// A vector that no file holds.
private struct ComputedWeight: StoredWeight {
    let values: [Float]
    var shape: [Int] { [values.count] }
    var type: TensorType { .f32 }

    func decode(row: Int, into target: UnsafeMutableBufferPointer<Float>) {
        for index in target.indices { unsafe target[index] = values[index] }
    }
}
