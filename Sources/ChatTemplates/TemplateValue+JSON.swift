package import JSON

extension TemplateValue {
    private static let depthLimit = 128

    /// Reads JSON text, keeping the order of keys. Like Python's `json.loads` it accepts NaN and Infinity, and of equal
    /// keys the last value wins.
    package init(json text: String) throws(JSONReadError) {
        try self.init(json: Array(text.utf8))
    }

    package init(json bytes: [UInt8]) throws(JSONReadError) {
        self.init(try JSONValue(parsing: bytes, depthLimit: Self.depthLimit))
    }

    package init(_ json: JSONValue) {
        switch json {
        case .null: self = .none
        case .bool(let value): self = .bool(value)
        case .integer(let value): self = .integer(value)
        case .largeInteger(let digits): self = .largeInteger(digits)
        case .number(let value): self = .float(value)
        case .string(let text): self = .string(text)
        case .array(let values): self = .list(values.map { TemplateValue($0) })
        case .object(let object): self = .map(TemplateMap(object))
        }
    }
}

extension TemplateMap {
    fileprivate init(_ object: JSONObject) {
        var entries: [Entry] = []
        var positions: [Text: Int] = [:]
        for (key, value) in object.members {
            let identity = Text(key)
            if let position = positions[identity] {
                entries[position].value = TemplateValue(value)
            } else {
                positions[identity] = entries.count
                entries.append(Entry(key: key, value: TemplateValue(value)))
            }
        }
        self.init(uniqueEntries: entries)
    }
}
