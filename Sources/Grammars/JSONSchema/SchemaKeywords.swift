internal import JSON

/// The types of JSON values, numbers split into whole and other ones: `number` is both.
struct SchemaTypes: OptionSet, Hashable, Sendable {
    let rawValue: UInt8
    static let null = SchemaTypes(rawValue: 1)
    static let boolean = SchemaTypes(rawValue: 2)
    static let string = SchemaTypes(rawValue: 4)
    static let integer = SchemaTypes(rawValue: 8)
    static let fraction = SchemaTypes(rawValue: 16)
    static let array = SchemaTypes(rawValue: 32)
    static let object = SchemaTypes(rawValue: 64)
    static let number: SchemaTypes = [.integer, .fraction]
    static let all: SchemaTypes = [.null, .boolean, .string, .number, .array, .object]

    init(rawValue: UInt8) { self.rawValue = rawValue }

    init?(named name: String) {
        switch name {
        case "null": self = .null
        case "boolean": self = .boolean
        case "string": self = .string
        case "integer": self = .integer
        case "number": self = .number
        case "array": self = .array
        case "object": self = .object
        default: return nil
        }
    }

    init(of value: JSONValue) {
        self =
            switch value {
            case .null: .null
            case .bool: .boolean
            case .string: .string
            case .integer, .largeInteger: .integer
            case .number(let number): number == number.rounded() ? .integer : .fraction
            case .array: .array
            case .object: .object
            }
    }
}

/// What the compiler knows about keywords.
enum SchemaKeywords {
    static let annotations: Set<String> = [
        "title", "description", "default", "example", "examples", "$schema", "$comment", "deprecated", "readOnly",
        "writeOnly", "contentMediaType", "contentEncoding", "$defs", "definitions", "discriminator", "externalDocs",
        "xml",
        "$vocabulary",
    ]

    /// Assertions that are followed, and the types that they are about: none for those about all.
    static let assertions: [String: SchemaTypes] = [
        "type": [], "nullable": [], "enum": [], "const": [], "anyOf": [], "oneOf": [], "allOf": [], "$ref": [],
        "properties": .object, "required": .object, "additionalProperties": .object, "minProperties": .object,
        "maxProperties": .object, "propertyNames": .object,
        "items": .array, "prefixItems": .array, "additionalItems": .array, "minItems": .array, "maxItems": .array,
        "uniqueItems": .array,
        "minLength": .string, "maxLength": .string, "pattern": .string, "format": [],
        "minimum": .number, "maximum": .number, "exclusiveMinimum": .number, "exclusiveMaximum": .number,
    ]

    /// Assertions that combine schemas; the rest of a schema is about values.
    static let combinators: Set<String> = ["anyOf", "oneOf", "allOf", "$ref"]

    /// Keywords that hold schemas.
    static let nesting = combinators.union([
        "properties", "additionalProperties", "items", "prefixItems", "additionalItems",
    ])

    static func isAnnotation(_ keyword: String) -> Bool { annotations.contains(keyword) || keyword.hasPrefix("x-") }
}

/// A schema and where it stands in its document.
struct LocatedSchema: Sendable {
    let value: JSONValue
    /// A JSON pointer.
    let path: String

    var object: JSONObject? { value.object }

    /// Whether it has schemas in it, or refers to some.
    var isNested: Bool {
        object?.members.contains { SchemaKeywords.nesting.contains($0.key) } ?? false
    }

    func failure(_ problem: SchemaProblem) -> GrammarError { .schema(problem, path: path) }

    /// The value of a keyword that may be null; of equal ones the last.
    func keyword(_ name: String) -> JSONValue? {
        guard case .object(let object) = value else { return nil }
        return object.members.last { $0.key.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The schema that a keyword holds.
    func schema(_ name: String) -> LocatedSchema? {
        keyword(name).map { LocatedSchema(value: $0, path: Self.path(path, name)) }
    }

    /// The schemas in the list that a keyword holds.
    func schemas(_ name: String) throws(GrammarError) -> [LocatedSchema]? {
        guard let value = keyword(name) else { return nil }
        guard let list = value.array, !list.isEmpty else {
            throw failure(.malformedKeyword(name, expected: "a list of schemas"))
        }
        return list.enumerated().map { LocatedSchema(value: $1, path: Self.path(Self.path(path, name), "\($0)")) }
    }

    /// A count that a keyword holds.
    func count(_ name: String) throws(GrammarError) -> Int? {
        guard let value = keyword(name) else { return nil }
        guard let count = value.integer, count >= 0 else {
            throw failure(.malformedKeyword(name, expected: "a whole number from 0"))
        }
        return min(count, Int(Int32.max) - 1)
    }

    /// A pointer to a member.
    static func path(_ path: String, _ key: String) -> String {
        var escaped = ""
        for scalar in key.unicodeScalars {
            switch scalar {
            case "~": escaped += "~0"
            case "/": escaped += "~1"
            default: escaped.unicodeScalars.append(scalar)
            }
        }
        return "\(path)/\(escaped)"
    }

    /// Refuses what would be overlooked otherwise.
    func checkKeywords() throws(GrammarError) {
        if case .bool = value { return }
        guard let object else { throw failure(.notASchema) }
        for (key, value) in object.members where !SchemaKeywords.isAnnotation(key) {
            switch key {
            case "$id", "id":
                // It moves the base of references; at the root there is nothing to move.
                guard path.isEmpty else { throw failure(.unsupportedKeyword(key)) }
            case "uniqueItems":
                guard value.bool == false else { throw failure(.unsupportedKeyword(key)) }
            case "propertyNames":
                guard isAnyString(value) else { throw failure(.unsupportedKeyword(key)) }
            default:
                guard SchemaKeywords.assertions[key] != nil else { throw failure(.unsupportedKeyword(key)) }
            }
        }
    }

    private func isAnyString(_ value: JSONValue) -> Bool {
        if value.bool == true { return true }
        guard let members = value.object?.members else { return false }
        return members.allSatisfy {
            SchemaKeywords.isAnnotation($0.key) || $0.key == "type" && $0.value.string == "string"
        }
    }

    /// The types that the schema allows; nil if it does not say.
    func types() throws(GrammarError) -> SchemaTypes? {
        guard let value = keyword("type") else { return nil }
        guard let names = value.string.map({ [JSONValue.string($0)] }) ?? value.array else {
            throw failure(.malformedKeyword("type", expected: "a name or a list of names"))
        }
        var types: SchemaTypes = keyword("nullable")?.bool == true ? .null : []
        for name in names {
            guard let type = name.string.flatMap({ SchemaTypes(named: $0) }) else {
                throw failure(.unknownType(name.string ?? name.summary))
            }
            types.formUnion(type)
        }
        return types
    }

    /// The values that `enum` and `const` allow; nil if there is neither.
    func values() throws(GrammarError) -> [JSONValue]? {
        var result: [JSONValue]?
        if let list = keyword("enum") {
            guard let values = list.array else { throw failure(.malformedKeyword("enum", expected: "a list")) }
            result = values
        }
        guard let value = keyword("const") else { return result }
        return result.map { $0.filter { $0.isSame(as: value) } } ?? [value]
    }
}

extension JSONValue {
    /// JSON Schema's equality: numbers by value, objects whatever their order.
    func isSame(as other: JSONValue) -> Bool {
        switch (self, other) {
        case (.null, .null): return true
        case (.bool(let a), .bool(let b)): return a == b
        case (.string(let a), .string(let b)): return a.utf8.elementsEqual(b.utf8)
        case (.integer(let a), .integer(let b)): return a == b
        case (.largeInteger(let a), .largeInteger(let b)): return a == b
        case (.array(let a), .array(let b)):
            return a.count == b.count && zip(a, b).allSatisfy { $0.isSame(as: $1) }
        case (.object(let a), .object(let b)):
            guard a.members.count == b.members.count else { return false }
            return a.members.allSatisfy { member in
                b.members.contains {
                    $0.key.utf8.elementsEqual(member.key.utf8) && $0.value.isSame(as: member.value)
                }
            }
        default:
            guard let a = number, let b = other.number else { return false }
            return a == b
        }
    }
}
