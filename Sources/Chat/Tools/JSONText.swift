import JSON

/// The small part of writing JSON that arguments need.
enum JSONText {
    /// A byte of a string as it stands between quotes.
    static func escaped(_ byte: UInt8) -> [UInt8] {
        switch byte {
        case 0x22, 0x5C: [0x5C, byte]
        case 0x0A: Array("\\n".utf8)
        case 0x0D: Array("\\r".utf8)
        case 0x09: Array("\\t".utf8)
        case ..<0x20: Array("\\u00".utf8) + [hexDigit(byte >> 4), hexDigit(byte & 0xF)]
        default: [byte]
        }
    }

    static func quoted(_ text: some Sequence<UInt8>) -> [UInt8] {
        [0x22] + text.flatMap { escaped($0) } + [0x22]
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

    private static func hexDigit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
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
