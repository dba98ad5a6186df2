import JSON

/// What kinds of value a JSON schema lets a parameter have.
struct ParameterTypes: OptionSet, Hashable, Sendable {
    let rawValue: Int

    static let string = ParameterTypes(rawValue: 1)
    static let integer = ParameterTypes(rawValue: 2)
    static let number = ParameterTypes(rawValue: 4)
    static let boolean = ParameterTypes(rawValue: 8)
    static let null = ParameterTypes(rawValue: 16)
    static let object = ParameterTypes(rawValue: 32)
    static let array = ParameterTypes(rawValue: 64)
    static let any: ParameterTypes = [.string, .integer, .number, .boolean, .null, .object, .array]

    init(rawValue: Int) { self.rawValue = rawValue }

    /// - Parameter root: where `$ref` points into.
    init(schema: JSONValue, root: JSONValue) {
        self = Self.types(of: schema, root, depth: 0) ?? .any
    }

    /// Nil when the schema does not say.
    private static func types(of schema: JSONValue, _ root: JSONValue, depth: Int) -> ParameterTypes? {
        guard depth < 16, let object = schema.object else { return nil }
        var result: ParameterTypes?
        func admit(_ more: ParameterTypes?) { if let more { result = (result ?? []).union(more) } }
        if let name = object["type"]?.string { admit(named(name)) }
        for name in object["type"]?.array ?? [] { admit(name.string.flatMap { named($0) }) }
        if result == nil {
            for key in ["anyOf", "oneOf"] {
                guard let choices = object[key]?.array else { continue }
                for choice in choices { admit(types(of: choice, root, depth: depth + 1) ?? .any) }
            }
            for part in object["allOf"]?.array ?? [] where result == nil {
                admit(types(of: part, root, depth: depth + 1))
            }
        }
        if result == nil, let path = object["$ref"]?.string, let target = resolve(path, root) {
            admit(types(of: target, root, depth: depth + 1))
        }
        if result == nil {
            for value in (object["enum"]?.array ?? []) + (object["const"].map { [$0] } ?? []) { admit(kind(of: value)) }
            if object["properties"] != nil { admit(.object) }
            if object["items"] != nil { admit(.array) }
        }
        if object["nullable"]?.bool == true, result != nil { admit(.null) }
        return result
    }

    private static func named(_ name: String) -> ParameterTypes? {
        switch name.lowercased() {
        case "string", "str", "text": .string
        case "integer", "int": .integer
        case "number", "float", "double": .number
        case "boolean", "bool": .boolean
        case "null": .null
        case "object", "dict": .object
        case "array", "list": .array
        default: nil
        }
    }

    private static func kind(of value: JSONValue) -> ParameterTypes {
        switch value {
        case .null: .null
        case .bool: .boolean
        case .integer, .largeInteger: .integer
        case .number: .number
        case .string: .string
        case .array: .array
        case .object: .object
        }
    }

    private static func resolve(_ path: String, _ root: JSONValue) -> JSONValue? {
        guard path.hasPrefix("#/") else { return nil }
        var value: JSONValue? = root
        for key in path.dropFirst(2).split(separator: "/") { value = value?.object?[String(key)] }
        return value
    }
}

extension ParameterTypes {
    /// The JSON of a value that markup gives as bare text. What fits none of the types stays the text it is.
    func coerce(_ text: [UInt8]) -> [UInt8] {
        if self == .string { return JSONText.quoted(text) }
        let word = text.drop { $0.isJSONSpace }.reversed().drop { $0.isJSONSpace }.reversed()
        let trimmed = Array(word)
        let name = String(decoding: trimmed, as: UTF8.self)
        if contains(.null), name == "null" || name == "None" { return Array("null".utf8) }
        if contains(.boolean) {
            if name.lowercased() == "true" { return Array("true".utf8) }
            if name.lowercased() == "false" { return Array("false".utf8) }
        }
        if !isDisjoint(with: [.integer, .number]), JSONText.isNumber(trimmed),
            let value = try? JSONValue(parsing: trimmed)
        {
            if contains(.number) { return trimmed }
            if case .largeInteger = value { return trimmed }
            if let integer = value.integer { return Array("\(integer)".utf8) }
        }
        switch trimmed.first {
        case UInt8(ascii: "{") where contains(.object), UInt8(ascii: "[") where contains(.array):
            if let value = JSONText.value(trimmed) { return value }
        default: break
        }
        return JSONText.quoted(text)
    }
}
