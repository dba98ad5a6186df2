package import ModelFiles

/// The shape of a model without its weights: metadata and the tensors that a file of it holds.
package struct ModelBlueprint: Sendable {
    /// What fills a tensor.
    enum Values: Hashable, Sendable {
        /// As the weights of a trained model, with a mean of zero.
        case random(deviation: Float)
        case constant(Float)

        static let ones = Values.constant(1)
        static let zeros = Values.constant(0)
        /// How fast a recurrent state decays.
        static let decay = Values.constant(-1)
    }

    struct Tensor: Sendable {
        let name: String
        /// GGUF order: the row length first.
        let shape: [Int]
        let values: Values
    }

    let name: String
    let model: ModelDimensions
    let shape: ModelShape
    /// Of the real model's layers, those that the file has.
    package let layers: Int
    private(set) var metadata = GGUFHeader()
    private(set) var tensors: [Tensor] = []
    /// What the names of a layer's tensors begin with.
    private var prefix = ""

    /// - Parameter layers: fewer than the model has; nil for all.
    package init(_ entry: CatalogueEntry, layers: Int? = nil) throws(SynthesisError) {
        guard let model = entry.model, let shape = entry.shape, let addFamily = Self.families[model.architecture] else {
            throw .unknownModel(entry.name, known: Self.names)
        }
        let wanted = layers ?? model.layers
        guard (1...model.layers).contains(wanted) else { throw .layers(wanted, of: model.layers) }
        name = entry.name
        self.model = model
        self.shape = shape
        self.layers = wanted
        metadata.set("general.architecture", .string(model.architecture))
        metadata.set(
            "general.name", .string("\(name), random weights, \(wanted) of \(model.layers) layers"))
        set("block_count", wanted)
        set("context_length", model.context)
        set("embedding_length", model.embedding)
        set("feed_forward_length", shape.feedForward)
        add("token_embd.weight", [model.embedding, model.vocabulary])
        if shape.sharesEmbedding != true { add("output.weight", [model.embedding, model.vocabulary]) }
        addFamily(&self)
    }

    /// The model of that catalogue name.
    package static func named(_ name: String, layers: Int? = nil) throws(SynthesisError) -> ModelBlueprint {
        guard let entry = Catalogue.builtIn.entry(named: name) else { throw .unknownModel(name, known: names) }
        return try ModelBlueprint(entry, layers: layers)
    }

    /// The models that can be synthesised, by catalogue name.
    package static var names: [String] {
        Catalogue.builtIn.entries.filter { entry in
            entry.shape != nil && entry.model.map { families[$0.architecture] != nil } == true
        }.map(\.name)
    }

    mutating func set(_ key: String, _ value: Int?) {
        if let value { metadata.set("\(model.architecture).\(key)", .uint32(UInt32(value))) }
    }

    mutating func set(_ key: String, _ value: Float?) {
        if let value { metadata.set("\(model.architecture).\(key)", .float32(value)) }
    }

    mutating func set(_ key: String, _ value: Bool) {
        metadata.set("\(model.architecture).\(key)", .bool(value))
    }

    /// - Parameter values: nil for random ones that let activations keep their scale.
    mutating func add(_ name: String, _ shape: [Int], _ values: Values? = nil) {
        let values = values ?? .random(deviation: 1 / Float(shape[0]).squareRoot())
        tensors.append(Tensor(name: prefix + name, shape: shape, values: values))
    }

    /// Adds the tensors of every layer, whose names begin with `blk.N.`.
    mutating func forEachLayer(_ body: (inout ModelBlueprint, _ index: Int) -> Void) {
        for index in 0..<layers {
            prefix = "blk.\(index)."
            body(&self, index)
        }
        prefix = ""
    }
}

/// Why a model cannot be synthesised.
package enum SynthesisError: Error, Hashable, Sendable, CustomStringConvertible {
    case unknownModel(String, known: [String])
    case layers(Int, of: Int)

    package var description: String {
        switch self {
        case .unknownModel(let name, let known):
            "'\(name)' cannot be synthesised. These can: \(known.joined(separator: ", "))."
        case .layers(let layers, let all): "--layers \(layers) is not between 1 and the model's \(all)."
        }
    }
}
