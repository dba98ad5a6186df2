import JSON

/// The small part of writing JSON that arguments need.
enum JSONText {
    static func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
        var output: [UInt8] = [0x22]
        for byte in text { JSONEscape.write(byte, to: &output) }
        output.append(0x22)
        return output
    }

    static func quoted(_ text: String) -> [UInt8] { quoted(text.utf8) }

    static func isNumber(_ bytes: [UInt8]) -> Bool {
        guard let value = try? JSONValue(parsing: bytes) else { return false }
        switch value {
        case .integer, .largeInteger: return true
        case .number(let number): return number.isFinite
        default: return false
        }
    }

    /// The value, rewritten as JSON if it needs that; nil when it is not one whole value.
    static func value(_ bytes: [UInt8]) -> [UInt8]? {
        if let json = try? JSONValue(parsing: bytes), json.isFinite { return bytes }
        var reader = LenientJSON()
        var output: [UInt8] = []
        for (offset, byte) in bytes.enumerated() {
            switch reader.feed(byte, into: &output) {
            case .more: continue
            case .complete: return bytes[(offset + 1)...].allSatisfy(\.isJSONSpace) ? output : nil
            case .malformed: return nil
            }
        }
        return nil
    }

    /// The bytes of a string's text.
    static func string(_ json: [UInt8]) -> [UInt8]? {
        guard case .string(let text)? = try? JSONValue(parsing: json) else { return nil }
        return Array(text.utf8)
    }
}

extension JSONValue {
    /// Without NaN and infinities, which the reader takes and JSON has not.
    fileprivate var isFinite: Bool {
        switch self {
        case .number(let number): number.isFinite
        case .array(let values): values.allSatisfy(\.isFinite)
        case .object(let object): object.members.allSatisfy { $0.value.isFinite }
        default: true
        }
    }
}
