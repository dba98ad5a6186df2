internal import JSON

/// JSON in the one way that grammars of values write it: no spaces but those asked for, the shortest escapes.
enum JSONText {
    /// What stands between the quotes of a string.
    static func content(_ string: String) -> [UInt8] {
        var result: [UInt8] = []
        for byte in string.utf8 {
            switch byte {
            case 0x22, 0x5C: result += [0x5C, byte]
            case 0x08: result += "\\b".utf8
            case 0x09: result += "\\t".utf8
            case 0x0A: result += "\\n".utf8
            case 0x0C: result += "\\f".utf8
            case 0x0D: result += "\\r".utf8
            case ..<0x20:
                result += "\\u00".utf8
                if byte < 0x10 { result.append(0x30) }
                result += String(byte, radix: 16).utf8
            default: result.append(byte)
            }
        }
        return result
    }

    /// A number as text; nil for what JSON has no number for.
    static func number(_ value: JSONValue) -> String? {
        switch value {
        case .integer(let value): String(value)
        case .largeInteger(let digits): digits
        case .number(let value) where value.isFinite: "\(value)"
        default: nil
        }
    }
}
