import JSON

/// A validator of JSON Schema that shares nothing with the compiler: it reads the specification literally, and knows the
/// keywords that the tests use.
struct SchemaValidator {
    let root: JSONValue

    func isValid(_ value: JSONValue, _ schema: JSONValue? = nil) -> Bool {
        let schema = schema ?? root
        if let bool = schema.bool { return bool }
        guard let keywords = schema.object else { return false }
        for (keyword, argument) in keywords.members where !holds(keyword, argument, value, keywords) { return false }
        return true
    }

    private func holds(_ keyword: String, _ argument: JSONValue, _ value: JSONValue, _ all: JSONObject) -> Bool {
        switch keyword {
        case "$defs", "title", "description", "default": return true
        case "$ref": return isValid(value, resolve(argument.string ?? ""))
        case "type":
            let names = argument.string.map { [$0] } ?? (argument.array ?? []).compactMap(\.string)
            return names.contains { isOfType(value, $0) }
        case "enum": return (argument.array ?? []).contains { same($0, value) }
        case "const": return same(argument, value)
        case "anyOf": return (argument.array ?? []).contains { isValid(value, $0) }
        case "oneOf": return (argument.array ?? []).count { isValid(value, $0) } == 1
        case "allOf": return (argument.array ?? []).allSatisfy { isValid(value, $0) }
        case "properties", "required", "additionalProperties", "minProperties", "maxProperties":
            guard let object = value.object else { return true }
            return holds(keyword, argument, object, all)
        case "items", "prefixItems", "minItems", "maxItems":
            guard let items = value.array else { return true }
            return holds(keyword, argument, items, all)
        case "minLength", "maxLength", "pattern", "format":
            guard let text = value.string else { return true }
            return holds(keyword, argument, text)
        case "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum":
            guard let number = value.number, let bound = argument.number else { return true }
            return switch keyword {
            case "minimum": number >= bound
            case "maximum": number <= bound
            case "exclusiveMinimum": number > bound
            default: number < bound
            }
        default: return false
        }
    }

    private func holds(_ keyword: String, _ argument: JSONValue, _ object: JSONObject, _ all: JSONObject) -> Bool {
        switch keyword {
        case "required":
            return (argument.array ?? []).allSatisfy { name in object.members.contains { $0.key == name.string } }
        case "minProperties": return Set(object.members.map(\.key)).count >= argument.integer ?? 0
        case "maxProperties": return object.members.count <= argument.integer ?? 0
        default:
            let declared = all["properties"]?.object?.members ?? []
            for (key, value) in object.members {
                let own = declared.last { $0.key == key }?.value
                if keyword == "properties", let own, !isValid(value, own) { return false }
                if keyword == "additionalProperties", own == nil, !isValid(value, argument) { return false }
            }
            return true
        }
    }

    private func holds(_ keyword: String, _ argument: JSONValue, _ items: [JSONValue], _ all: JSONObject) -> Bool {
        switch keyword {
        case "minItems": return items.count >= argument.integer ?? 0
        case "maxItems": return items.count <= argument.integer ?? 0
        case "prefixItems": return zip(items, argument.array ?? []).allSatisfy { isValid($0, $1) }
        default: return items.dropFirst(all["prefixItems"]?.array?.count ?? 0).allSatisfy { isValid($0, argument) }
        }
    }

    private func holds(_ keyword: String, _ argument: JSONValue, _ text: String) -> Bool {
        switch keyword {
        case "minLength": return text.unicodeScalars.count >= argument.integer ?? 0
        case "maxLength": return text.unicodeScalars.count <= argument.integer ?? 0
        case "pattern":
            guard let regex = try? Regex(argument.string ?? "").matchingSemantics(.unicodeScalar) else { return false }
            return text.firstMatch(of: regex.asciiOnlyDigits().asciiOnlyWordCharacters()) != nil
        case "format": return holds(format: argument.string ?? "", text)
        default: return false
        }
    }

    private func holds(format: String, _ text: String) -> Bool {
        switch format {
        case "date":
            let parts = text.split(separator: "-").compactMap { Int($0) }
            guard text.utf8.count == 10, parts.count == 3, parts[0] > 0, (1...12).contains(parts[1]) else {
                return false
            }
            let isLeap = parts[0] % 4 == 0 && parts[0] % 100 != 0 || parts[0] % 400 == 0
            let days = [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31]
            return parts[2] >= 1 && parts[2] <= days[parts[1] - 1]
        case "date-time":
            let parts = text.split(separator: "T", maxSplits: 1).map { String($0) }
            return parts.count == 2 && holds(format: "date", parts[0]) && holds(format: "time", parts[1])
        case "time":
            let clock = text.prefix(8).split(separator: ":").compactMap { Int($0) }
            guard clock.count == 3, clock[0] < 24, clock[1] < 60, clock[2] < 60 else { return false }
            let zone = text.dropFirst(8).drop { $0 == "." || $0.isNumber }
            return zone == "Z" || zone.count == 6
        case "uuid":
            return text.split(separator: "-").map(\.count) == [8, 4, 4, 4, 12]
                && text.allSatisfy { $0.isHexDigit || $0 == "-" }
        case "email": return text.count { $0 == "@" } == 1 && !text.contains { $0.isWhitespace }
        case "ipv4":
            let parts = text.split(separator: ".", omittingEmptySubsequences: false)
            return parts.count == 4 && parts.allSatisfy { UInt8($0) != nil && ($0 == "0" || !$0.hasPrefix("0")) }
        default: return false
        }
    }

    private func resolve(_ reference: String) -> JSONValue {
        var value = root
        for part in reference.dropFirst(2).split(separator: "/") { value = value.object?[String(part)] ?? .bool(false) }
        return value
    }

    private func isOfType(_ value: JSONValue, _ name: String) -> Bool {
        switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("string", .string), ("array", .array), ("object", .object): true
        case ("number", .integer), ("number", .largeInteger), ("number", .number): true
        case ("integer", .integer), ("integer", .largeInteger): true
        case ("integer", .number(let number)): number == number.rounded()
        default: false
        }
    }

    private func same(_ first: JSONValue, _ second: JSONValue) -> Bool {
        switch (first, second) {
        case (.null, .null): true
        case (.bool(let a), .bool(let b)): a == b
        case (.string(let a), .string(let b)): Array(a.utf8) == Array(b.utf8)
        case (.array(let a), .array(let b)): a.count == b.count && zip(a, b).allSatisfy { same($0, $1) }
        case (.object(let a), .object(let b)):
            a.members.count == b.members.count
                && a.members.allSatisfy { member in
                    b.members.contains { $0.key == member.key && same($0.value, member.value) }
                }
        default: first.number != nil && first.number == second.number
        }
    }
}
