import JSON

/// The numbers of a model's config.json, looked up with checks: the file may be damaged or hostile.
///
/// Models that also see or hear keep the language model's numbers in an object of their own; those count first.
struct HuggingFaceConfig: Sendable {
    let file: String
    private let levels: [JSONObject]
    /// Layers after the configuration's own whose tensors are there.
    var extraLayers = 0

    private static let limit = 16 << 20

    init(folder: String) throws(HuggingFaceError) {
        let file = folder + "/config.json"
        guard let object = try JSONValue(file: file, limit: Self.limit).object else {
            throw .unexpectedValue(key: "config", value: "no object", expected: "an object", file: file)
        }
        self.init(object, file: file)
    }

    init(_ object: JSONObject, file: String) {
        self.file = file
        levels = (["text_config", "llm_config"].compactMap { object[$0]?.object }) + [object]
    }

    /// The first of `keys` that has a value.
    subscript(keys: String...) -> JSONValue? { value(keys) }

    private func value(_ keys: [String]) -> JSONValue? {
        for level in levels {
            for key in keys {
                if let value = level[key] { return value }
            }
        }
        return nil
    }

    private func wrong(_ key: String, _ value: JSONValue, _ expected: String) -> HuggingFaceError {
        .unexpectedValue(key: key, value: value.summary, expected: expected, file: file)
    }

    func optionalInteger(
        _ keys: String..., in range: ClosedRange<Int> = 0...1 << 31
    ) throws(HuggingFaceError) -> Int? {
        try optionalInteger(keys, in: range)
    }

    private func optionalInteger(_ keys: [String], in range: ClosedRange<Int>) throws(HuggingFaceError) -> Int? {
        guard let value = value(keys) else { return nil }
        guard let integer = value.integer, range.contains(integer) else {
            throw wrong(keys[0], value, "a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return integer
    }

    func integer(_ keys: String..., in range: ClosedRange<Int> = 1...1 << 31) throws(HuggingFaceError) -> Int {
        guard let value = try optionalInteger(keys, in: range) else { throw .missingKey(keys[0], file: file) }
        return value
    }

    func optionalNumber(_ keys: String...) throws(HuggingFaceError) -> Double? {
        guard let value = value(keys) else { return nil }
        guard let number = value.number, number.isFinite else { throw wrong(keys[0], value, "a number") }
        return number
    }

    func optionalFlag(_ key: String) throws(HuggingFaceError) -> Bool? {
        guard let value = value([key]) else { return nil }
        guard let flag = value.bool else { throw wrong(key, value, "true or false") }
        return flag
    }

    func optionalText(_ keys: String...) throws(HuggingFaceError) -> String? {
        guard let value = value(keys) else { return nil }
        guard let text = value.string else { throw wrong(keys[0], value, "a text") }
        return text
    }

    /// One text a layer.
    func layerTypes(layers: Int) throws(HuggingFaceError) -> [String]? {
        guard let value = value(["layer_types"]) else { return nil }
        let types = value.array?.compactMap(\.string) ?? []
        guard types.count >= layers, types.count == value.array?.count else {
            throw wrong("layer_types", value, "a text for each of \(layers) layers")
        }
        return Array(types.prefix(layers))
    }

    /// What the configuration says of rotary embeddings, wherever it says it.
    func rotary() throws(HuggingFaceError) -> RotaryConfig {
        let rotary = RotaryConfig(
            own: value(["rope_parameters", "rope_scaling"])?.object ?? JSONObject(),
            theta: try optionalNumber("rope_theta", "rotary_emb_base"),
            localTheta: try optionalNumber("rope_local_base_freq", "swa_rope_theta"),
            partial: try optionalNumber("partial_rotary_factor", "rope_pct"),
            originalContext: try optionalInteger("original_max_position_embeddings"))
        if let partial = rotary.partial, !(partial > 0 && partial <= 1) {
            throw .unexpectedValue(
                key: "partial_rotary_factor", value: "\(partial)", expected: "a number above 0, at most 1", file: file)
        }
        return rotary
    }

    var layerCount: Int { get throws(HuggingFaceError) { try integer("num_hidden_layers", in: 1...4096) } }
    var heads: Int { get throws(HuggingFaceError) { try integer("num_attention_heads", in: 1...4096) } }
    var width: Int { get throws(HuggingFaceError) { try integer("hidden_size", in: 1...1 << 20) } }

    var keyValueHeads: Int {
        get throws(HuggingFaceError) {
            let heads = try heads
            return try optionalInteger("num_key_value_heads", in: 1...4096) ?? heads
        }
    }

    /// Elements of a head; a quotient where the file does not say.
    var headSize: Int {
        get throws(HuggingFaceError) {
            let (width, heads) = (try width, try heads)
            return try optionalInteger("head_dim", in: 1...4096) ?? max(1, width / heads)
        }
    }

    /// How many elements of a head are rotated, a share of all that the configuration may state.
    func rotatedSize(default share: Double) throws(HuggingFaceError) -> Int {
        let partial = try rotary().partial ?? share
        guard partial >= 0, partial <= 1 else {
            throw .unexpectedValue(
                key: "partial_rotary_factor", value: "\(partial)", expected: "a number from 0 to 1", file: file)
        }
        return Int(Double(try headSize) * partial)
    }

    var experts: Int? {
        get throws(HuggingFaceError) {
            try optionalInteger("num_local_experts", "num_experts", "n_routed_experts", in: 0...1 << 16)
        }
    }
}

/// The rotary embedding of a configuration, in the words of old and new versions of transformers.
struct RotaryConfig: Sendable {
    /// The object for layers that see everything.
    let scaling: JSONObject
    let theta: Double?
    /// Of layers with a window, where they have one of their own.
    let localTheta: Double?
    let partial: Double?
    let originalContext: Int?
    let sections: [Int]?

    init(own: JSONObject, theta: Double?, localTheta: Double?, partial: Double?, originalContext: Int?) {
        scaling = own["full_attention"]?.object ?? own["main"]?.object ?? own
        self.theta = scaling["rope_theta"]?.number ?? theta
        self.localTheta = own["sliding_attention"]?.object?["rope_theta"]?.number ?? localTheta
        self.partial = scaling["partial_rotary_factor"]?.number ?? partial
        self.originalContext = scaling["original_max_position_embeddings"]?.integer ?? originalContext
        sections = own["mrope_section"]?.array?.compactMap(\.integer)
    }

    /// `default`, `linear`, `yarn`, `llama3` ...
    var type: String? { scaling["rope_type"]?.string ?? scaling["type"]?.string }

    func number(_ key: String) -> Double? { scaling[key]?.number }
}
