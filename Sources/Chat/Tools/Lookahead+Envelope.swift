extension Lookahead {
    /// The beginning of `{"name": ..., "arguments": {...}}`, up to the arguments where these come last; nil when the
    /// object is no call. Other members, such as `id`, may stand between; `function` may hold both. Without arguments the
    /// other members are these, if that `isCertain` to be a call.
    mutating func takeEnvelope(isCertain: Bool = true) throws(NeedsMore) -> CallOpening? {
        guard try take("{") else { return nil }
        var name: String?
        var id: String?
        var given: [UInt8]?
        var others: [UInt8] = []
        for _ in 0..<8 {
            try takeSpace()
            if try take("}") {
                guard let name, given != nil || isCertain else { return nil }
                if given == nil, !others.isEmpty { given = Array("{".utf8) + others + Array("}".utf8) }
                return CallOpening(name: name, id: id, arguments: given.map { .given($0) } ?? .none)
            }
            guard let key = try takePlainString() else { return nil }
            try takeSpace()
            guard try take(":") else { return nil }
            try takeSpace()
            switch key {
            case "name", "tool_name":
                guard let value = try takePlainString(), !value.isEmpty else { return nil }
                name = value
            case "arguments", "parameters":
                if let name { return CallOpening(name: name, id: id, isEnvelope: true) }
                guard let value = try takeValue() else { return nil }
                given = value
            case "function":
                // Either the object with both, or the name.
                if let value = try takePlainString() { name = value } else { guard try take("{") else { return nil } }
                continue
            default:
                guard let value = try takeValue() else { return nil }
                if key == "id", value.first == UInt8(ascii: "\"") {
                    id = String(decoding: value.dropFirst().dropLast(), as: UTF8.self)
                } else if key != "type" {
                    others += (others.isEmpty ? "" : ", ").utf8
                    others += JSONText.quoted(key) + Array(": ".utf8) + value
                }
            }
            try takeSpace()
            _ = try take(",")
        }
        return nil
    }

    /// The rest of an envelope after the arguments: more members, and its closing brackets, of which models forget or
    /// add some.
    mutating func takeEnvelopeTail() throws(NeedsMore) {
        while true {
            let start = offset
            try takeSpace()
            guard try take(",") else {
                offset = start
                break
            }
            try takeSpace()
            guard try takePlainString() != nil else {
                offset = start
                return
            }
            try takeSpace()
            guard try take(":") else {
                offset = start
                return
            }
            try takeSpace()
            guard try takeValue() != nil else {
                offset = start
                return
            }
        }
        for _ in 0..<3 {
            let start = offset
            try takeSpace()
            guard try take("}") else {
                offset = start
                return
            }
        }
    }

    /// A string without escapes.
    private mutating func takePlainString() throws(NeedsMore) -> String? {
        let start = offset
        guard try take("\"") else { return nil }
        let textStart = offset
        while offset - textStart <= Self.nameLimit, let byte = try peek(), byte >= 0x20, byte != UInt8(ascii: "\\") {
            offset += 1
            if byte == UInt8(ascii: "\"") { return String(decoding: bytes[textStart..<offset - 1], as: UTF8.self) }
        }
        offset = start
        return nil
    }

    /// A whole value, as JSON.
    private mutating func takeValue() throws(NeedsMore) -> [UInt8]? {
        var reader = LenientJSON()
        var output: [UInt8] = []
        guard let first = try peek() else { return nil }
        let isContainer = first == UInt8(ascii: "{") || first == UInt8(ascii: "[")
        while let byte = try peek() {
            // Scalars end before what follows them.
            if !isContainer, !reader.isInString, [0x2C, 0x7D, 0x5D].contains(byte) || byte.isJSONSpace {
                reader.close(into: &output)
                return output
            }
            switch reader.feed(byte, into: &output) {
            case .more: offset += 1
            case .complete:
                offset += 1
                return output
            case .malformed: return nil
            }
        }
        return nil
    }
}
