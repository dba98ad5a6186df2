package import Foundation

extension SettingKey {
    /// A JSON schema (draft 2020-12) of `martlet.json`, for editors and for checking.
    package static func jsonSchema() throws -> Data {
        var properties: [String: Schema] = ["$schema": Schema(type: "string", description: "This schema's address.")]
        for key in allCases { properties[key.rawValue] = Schema(key) }
        let document = SchemaDocument(properties: properties)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return try encoder.encode(document) + Data("\n".utf8)
    }
}

private struct SchemaDocument: Encodable {
    var schema = "https://json-schema.org/draft/2020-12/schema"
    var title = "Settings of Martlet"
    var type = "object"
    var additionalProperties = false
    var properties: [String: Schema]

    enum CodingKeys: String, CodingKey {
        case schema = "$schema"
        case title, type, additionalProperties, properties
    }
}

private struct Schema: Encodable {
    var type: String
    var description: String
    var choices: [String]?
    var minimum: Double?
    var maximum: Double?
    var defaultText: String?
    var defaultNumber: Double?

    enum CodingKeys: String, CodingKey {
        case type, description, minimum, maximum
        case choices = "enum"
        case defaultValue = "default"
    }

    init(type: String, description: String) {
        self.type = type
        self.description = description
    }

    init(_ key: SettingKey) {
        self.init(type: "string", description: key.summary)
        switch key.kind {
        case .text, .path: break
        case .choice(let names): choices = names
        case .integer(let range):
            type = "integer"
            minimum = Double(range.lowerBound)
            maximum = range.upperBound < 1 << 20 ? Double(range.upperBound) : nil
        case .number(let range):
            type = "number"
            (minimum, maximum) = (range.lowerBound, range.upperBound)
        }
        switch key.defaultValue {
        case .text(let text)?: defaultText = text
        case .integer(let integer)?: defaultNumber = Double(integer)
        case .number(let number)?: defaultNumber = number
        case nil: description += " Default: \(key.automaticValue)."
        }
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(type, forKey: .type)
        try container.encode(description, forKey: .description)
        try container.encodeIfPresent(choices, forKey: .choices)
        try container.encodeIfPresent(minimum, forKey: .minimum)
        try container.encodeIfPresent(maximum, forKey: .maximum)
        try container.encodeIfPresent(defaultText, forKey: .defaultValue)
        try container.encodeIfPresent(defaultNumber, forKey: .defaultValue)
    }
}
