extension RequestFields {
    /// Factors of adapters by their ids, as llama-server takes them: `[{"id": 0, "scale": 0.5}]`. The last one counts where
    /// an id comes twice.
    package func adapterScales(_ key: String) throws(APIError) -> [Int: Double]? {
        guard let entries = try objects(key) else { return nil }
        var scales: [Int: Double] = [:]
        for entry in entries {
            guard let id = try entry.integer("id", in: 0...Int.max) else {
                throw entry.wrong("id", expected: "the number of an adapter")
            }
            scales[id] = try entry.number("scale", in: -1000...1000) ?? 1
        }
        return scales
    }
}

/// The body of vLLM's `POST /v1/load_lora_adapter` and `/v1/unload_lora_adapter`.
package struct AdapterLoading: Hashable, Sendable {
    package var name: String
    /// Nil where one is to be unloaded.
    package var path: String?
    /// Whether an adapter of that name gives way.
    package var replaces: Bool
    /// The model that it corrects; nil for the first.
    package var base: String?

    /// - Parameter needsPath: whether an adapter is to be loaded.
    package init(_ fields: RequestFields, needsPath: Bool) throws(APIError) {
        guard let name = try fields.string("lora_name") else {
            throw fields.wrong("lora_name", expected: "a name")
        }
        let isPlain = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard (1...200).contains(name.utf8.count), isPlain else {
            throw .badRequest(
                "'lora_name' takes 1 to 200 bytes without control characters.", parameter: "lora_name",
                code: "invalid_value")
        }
        self.name = name
        path = try fields.string("lora_path")
        guard !needsPath || path != nil else { throw fields.wrong("lora_path", expected: "a path") }
        replaces = try fields.bool("load_inplace") ?? false
        base = try fields.string("base_model_name")
    }
}
