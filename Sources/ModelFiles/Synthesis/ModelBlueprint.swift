/// The shape of a model without its weights: metadata and the tensors that a file of it holds.
package struct ModelBlueprint: Sendable {
    /// What a tensor is for: decides how it is stored and which random values suit it.
    enum Role: Sendable {
        case embedding, output
        /// A matrix of no special rank.
        case matrix
        /// Matrices that the usual mixes store more finely in some layers.
        case attentionValue, feedForwardDown
        /// Small matrices that stay float32.
        case router
        /// Ones.
        case norm
        /// Zeros.
        case bias
        /// Minus one: how fast a recurrent state decays.
        case decay
    }

    struct Tensor: Sendable {
        var name: String
        /// GGUF order: the row length first.
        var shape: [Int]
        var role: Role
        var layer: Int
    }

    let architecture: String
    /// Layers of the real model.
    package let fullLayers: Int
    package let layers: Int
    let context: Int
    let vocabulary: Int
    private(set) var metadata: [(key: String, value: GGUFValue)] = []
    private(set) var tensors: [Tensor] = []
    private var layer = 0

    /// - Parameter sharesEmbedding: whether the output has no matrix of its own.
    init(
        architecture: String, layers: Int, of fullLayers: Int, width: Int, vocabulary: Int, context: Int,
        sharesEmbedding: Bool = false
    ) {
        self.architecture = architecture
        self.fullLayers = fullLayers
        self.layers = layers
        self.context = context
        self.vocabulary = vocabulary
        set("block_count", layers)
        set("context_length", context)
        set("embedding_length", width)
        add("token_embd.weight", [width, vocabulary], .embedding)
        add("output_norm.weight", [width], .norm)
        if !sharesEmbedding { add("output.weight", [width, vocabulary], .output) }
    }

    mutating func set(_ key: String, _ value: Int) {
        metadata.append(("\(architecture).\(key)", .uint32(UInt32(value))))
    }

    mutating func set(_ key: String, _ value: Float) { metadata.append(("\(architecture).\(key)", .float32(value))) }

    mutating func set(_ key: String, _ value: Bool) { metadata.append(("\(architecture).\(key)", .bool(value))) }

    mutating func add(_ name: String, _ shape: [Int], _ role: Role = .matrix) {
        tensors.append(Tensor(name: name, shape: shape, role: role, layer: layer))
    }

    /// Adds the tensors of every layer, whose names begin with `blk.N.`.
    mutating func forEachLayer(_ body: (inout ModelBlueprint, _ index: Int, _ block: String) -> Void) {
        for index in 0..<layers {
            layer = index
            body(&self, index, "blk.\(index)")
        }
    }

    /// The models that can be synthesised, by catalogue name.
    private static let makers: [(name: String, fullLayers: Int, make: @Sendable (Int) -> ModelBlueprint)] = [
        ("smollm2:135m", 30, smolLM2), ("qwen2.5-coder:1.5b", 28, qwen25Coder1B),
        ("qwen3-coder:30b", 48, qwen3Coder30B),
        ("qwen3-coder:480b", 62, qwen3Coder480B), ("qwen3-coder-next:80b", 48, qwen3CoderNext),
        ("deepseek-coder-v2:lite", 27, deepSeekCoderV2Lite), ("deepseek-v3", 61, deepSeekV3),
    ]

    package static var names: [String] { makers.map(\.name) }

    /// - Parameter layers: fewer than the model has; nil for all.
    /// - Returns: nil when the name has no blueprint.
    package static func named(_ name: String, layers: Int?) throws(SynthesisError) -> ModelBlueprint {
        guard let maker = makers.first(where: { $0.name == name || $0.name.hasPrefix(name + ":") }) else {
            throw .unknownModel(name, known: names)
        }
        let wanted = layers ?? maker.fullLayers
        guard (1...maker.fullLayers).contains(wanted) else { throw .layers(wanted, of: maker.fullLayers) }
        return maker.make(wanted)
    }
}

/// Why a model cannot be synthesised.
package enum SynthesisError: Error, Sendable, CustomStringConvertible {
    case unknownModel(String, known: [String])
    case layers(Int, of: Int)
    case unknownType(String, known: [String])
    case exists(String)
    case noSpace(file: String, needed: Int, free: Int)
    case cancelled(String)
    case file(FileError)

    package var description: String {
        switch self {
        case .unknownModel(let name, let known):
            "'\(name)' cannot be synthesised. These can: \(known.joined(separator: ", "))."
        case .layers(let layers, let all): "--layers \(layers) is not between 1 and the model's \(all)."
        case .unknownType(let type, let known):
            "'\(type)' is not a type to write. Choose from \(known.joined(separator: ", "))."
        case .exists(let path): "\(path) exists. Give another name, or --force to replace it."
        case .noSpace(let file, let needed, let free):
            """
            \(file) would take \(ByteCount(needed)), and \(ByteCount(free)) are free there. \
            Choose another disk or fewer --layers.
            """
        case .cancelled(let path): "Stopped; \(path) was not written."
        case .file(let error): "\(error)"
        }
    }
}
