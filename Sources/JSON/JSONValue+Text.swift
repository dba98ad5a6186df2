extension JSONValue {
    /// The value as JSON on one line, members in order. NaN and infinities, which JSON does not have, become null.
    package var text: String { String(decoding: bytes, as: UTF8.self) }

    /// The bytes of `text`.
    package var bytes: [UInt8] {
        var output: [UInt8] = []
        write(to: &output)
        return output
    }

    /// Appends the bytes of `text`.
    package func write(to output: inout [UInt8]) {
        switch self {
        case .null: output += "null".utf8
        case .bool(let value): output += (value ? "true" : "false").utf8
        case .integer(let value): output += String(value).utf8
        case .largeInteger(let digits): output += digits.utf8
        case .number(let value): output += (value.isFinite ? value.description : "null").utf8
        case .string(let text): Self.write(text, to: &output)
        case .array(let values):
            output.append(UInt8(ascii: "["))
            for (index, value) in values.enumerated() {
                if index > 0 { output.append(UInt8(ascii: ",")) }
                value.write(to: &output)
            }
            output.append(UInt8(ascii: "]"))
        case .object(let object): object.write(to: &output)
        }
    }

    fileprivate static func write(_ text: String, to output: inout [UInt8]) {
        output.append(UInt8(ascii: "\""))
        for byte in text.utf8 { JSONEscape.write(byte, to: &output) }
        output.append(UInt8(ascii: "\""))
    }
}

extension JSONObject {
    /// Appends the object as JSON on one line.
    package func write(to output: inout [UInt8]) {
        output.append(UInt8(ascii: "{"))
        for (index, member) in members.enumerated() {
            if index > 0 { output.append(UInt8(ascii: ",")) }
            JSONValue.write(member.key, to: &output)
            output.append(UInt8(ascii: ":"))
            member.value.write(to: &output)
        }
        output.append(UInt8(ascii: "}"))
    }

    /// Sets or adds a member behind the others; nil leaves the object as it is.
    package mutating func add(_ key: String, _ value: JSONValue?) {
        guard let value else { return }
        members.append((key, value))
    }
}
