/// A JSON value; objects keep the order of their keys, and keys that occur twice.
package enum JSONValue: Sendable {
    case null
    case bool(Bool)
    case integer(Int)
    /// Decimal digits, with a sign if negative, of an integer beyond 64 bits.
    case largeInteger(String)
    /// Every other number, NaN and infinities included: Python writes them.
    case number(Double)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)
}

/// The members of a JSON object in order.
package struct JSONObject: Sendable {
    package var members: [(key: String, value: JSONValue)]

    package init(_ members: [(key: String, value: JSONValue)] = []) { self.members = members }

    /// The value of `key`, of equal keys the last one's; nil when there is none or it is null. For objects of few keys:
    /// it looks at all of them. Compares bytes: `String.==` would take canonically equivalent keys for one.
    package subscript(key: String) -> JSONValue? {
        for member in members.reversed() where member.key.utf8.elementsEqual(key.utf8) {
            if case .null = member.value { return nil }
            return member.value
        }
        return nil
    }
}

extension JSONValue {
    package var object: JSONObject? {
        if case .object(let object) = self { object } else { nil }
    }

    package var array: [JSONValue]? {
        if case .array(let array) = self { array } else { nil }
    }

    package var string: String? {
        if case .string(let string) = self { string } else { nil }
    }

    package var bool: Bool? {
        if case .bool(let bool) = self { bool } else { nil }
    }

    /// A whole number, also one that is written with a fraction of zero.
    package var integer: Int? {
        switch self {
        case .integer(let value): value
        case .number(let value): Int(exactly: value)
        default: nil
        }
    }

    package var number: Double? {
        switch self {
        case .integer(let value): Double(value)
        case .largeInteger(let digits): Double(digits)
        case .number(let value): value
        default: nil
        }
    }

    /// Some words for messages.
    package var summary: String {
        switch self {
        case .null: "null"
        case .bool(let value): "\(value)"
        case .integer(let value): "\(value)"
        case .number(let value): "\(value)"
        case .largeInteger(let digits): "\(digits.prefix(80))"
        case .string(let value): "'\(value.prefix(80))'"
        case .array(let values): "a list of \(values.count)"
        case .object(let object): "an object of \(object.members.count)"
        }
    }
}
