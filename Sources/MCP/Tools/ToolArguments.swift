package import JSON

/// The arguments of a call, read as models write them: numbers in quotation marks count, and so do other names.
package struct ToolArguments: Hashable, Sendable {
    private let members: JSONObject

    package init(_ members: JSONObject) { self.members = members }

    private func value(_ names: [String]) -> (name: String, value: JSONValue)? {
        for name in names {
            if let value = members[name] { return (name, value) }
        }
        return nil
    }

    /// - Parameter names: the argument's name, and others that are taken for it.
    /// - Returns: nil where there is none, or nothing in it.
    package func text(_ names: String...) throws(ArgumentError) -> String? {
        guard let (name, value) = value(names) else { return nil }
        switch value {
        case .string(let text): return text.allSatisfy(\.isWhitespace) ? nil : text
        case .integer(let number): return "\(number)"
        // Some models wrap what should be one text.
        case .array(let values) where values.count == 1:
            if let text = values[0].string { return text }
            fallthrough
        default: throw .wrongType(name: name, wanted: "a text", found: value.summary)
        }
    }

    /// A text that there has to be.
    package func required(_ names: String..., example: String) throws(ArgumentError) -> String {
        for name in names {
            if let text = try text(name) { return text }
        }
        throw .missing(name: names[0], example: example)
    }

    /// A whole number, moved into what may be.
    package func number(_ name: String, in range: ClosedRange<Int>) throws(ArgumentError) -> Int? {
        guard let (name, value) = value([name]) else { return nil }
        let found = value.integer ?? value.number.map { $0.isNaN ? 0 : Int(max(-1e9, min(1e9, $0))) }
        guard let number = found ?? value.string.flatMap({ Int($0) }) else {
            throw .wrongType(name: name, wanted: "a whole number", found: value.summary)
        }
        return min(max(number, range.lowerBound), range.upperBound)
    }

    package func flag(_ name: String) throws(ArgumentError) -> Bool {
        guard let (name, value) = value([name]) else { return false }
        switch value {
        case .bool(let flag): return flag
        case .integer(let number): return number != 0
        case .string(let text) where ["true", "yes", "1"].contains(text.lowercased()): return true
        case .string(let text) where ["false", "no", "0", ""].contains(text.lowercased()): return false
        default: throw .wrongType(name: name, wanted: "true or false", found: value.summary)
        }
    }
}

/// What is wrong with the arguments of a call.
package enum ArgumentError: Error, Hashable, CustomStringConvertible {
    case missing(name: String, example: String)
    case wrongType(name: String, wanted: String, found: String)
    case unknownChoice(name: String, found: String, choices: [String])
    case wrongForm(name: String, found: String, example: String)

    package var description: String {
        switch self {
        case .missing(let name, let example):
            "The argument '\(name)' is missing. Give for example: {\"\(name)\": \(JSONValue.string(example).text)}"
        case .wrongType(let name, let wanted, let found): "The argument '\(name)' takes \(wanted), not \(found)."
        case .unknownChoice(let name, let found, let choices):
            "The argument '\(name)' takes one of \(choices.joined(separator: ", ")), not '\(found.prefix(80))'."
        case .wrongForm(let name, let found, let example):
            "The argument '\(name)' is '\(found.prefix(80))', which is not of its form. Give for example: '\(example)'"
        }
    }
}
