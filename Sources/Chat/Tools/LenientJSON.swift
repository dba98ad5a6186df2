import JSON

/// Rewrites one JSON value, byte by byte, as models write it: what comes out is always the beginning of valid JSON, and
/// `close` makes it whole at any place.
///
/// Repaired on the way: control characters in strings, unknown escapes, strings and keys in single or no quotes, Python's
/// `True`, `False` and `None`, missing commas between members and elements, and one too many at their end.
struct LenientJSON: Sendable {
    enum Verdict {
        case more
        /// The value ends with this byte.
        case complete
        /// This byte can't follow. The value, closed, is what there was before.
        case malformed
    }

    private enum Expectation {
        case value, firstElement, firstKey, key, colon, separator
    }

    private enum Token {
        case none
        case string(quote: UInt8, isKey: Bool)
        /// A number or a word, held back until it ends.
        case word([UInt8], isKey: Bool)
    }

    private var containers: [UInt8] = []
    private var expectation = Expectation.value
    private var token = Token.none
    /// The escape in a string so far, the backslash included.
    private var escape: [UInt8] = []
    /// A comma and the white space behind it, until something follows.
    private var held: [UInt8] = []
    private(set) var hasBegun = false
    /// The last byte of a string was a line end, which JSON would have escaped.
    private(set) var isBehindLineEnd = false

    private static let depthLimit = 60

    var isInString: Bool {
        if case .string = token { true } else { false }
    }

    /// Arrays or objects are open.
    var isNested: Bool { !containers.isEmpty }

    mutating func feed(_ byte: UInt8, into output: inout [UInt8]) -> Verdict {
        switch token {
        case .string(let quote, let isKey):
            string(byte, quote, isKey, &output)
            return .more
        case .word(let bytes, let isKey):
            if bytes.count < 64, Self.isWordByte(byte) {
                token = .word(bytes + [byte], isKey: isKey)
                return .more
            }
            guard let word = Self.word(bytes, isKey: isKey) else { return .malformed }
            output += word
            end(isKey: isKey)
            return structure(byte, &output)
        case .none:
            return structure(byte, &output)
        }
    }

    /// Ends everything that is open.
    mutating func close(into output: inout [UInt8]) {
        switch token {
        case .string(_, let isKey):
            // Half an escape is no character.
            output.append(0x22)
            end(isKey: isKey)
        case .word(let bytes, let isKey):
            output += Self.word(bytes, isKey: isKey) ?? quoted(bytes)
            end(isKey: isKey)
        case .none: break
        }
        if containers.isEmpty, expectation == .value { output += "null".utf8 }
        while let container = containers.popLast() {
            switch expectation {
            case .colon: output += ":null".utf8
            case .value where container == 0x7D: output += "null".utf8
            default: break
            }
            output.append(container)
            expectation = .separator
        }
        held = []
    }

    // MARK: Between tokens

    private mutating func structure(_ byte: UInt8, _ output: inout [UInt8]) -> Verdict {
        if byte.isJSONSpace {
            if held.isEmpty { output.append(byte) } else { held.append(byte) }
            return .more
        }
        hasBegun = true
        switch byte {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            guard beginsValue(&output), containers.count < Self.depthLimit else { return .malformed }
            containers.append(byte + 2)
            expectation = byte == UInt8(ascii: "{") ? .firstKey : .firstElement
            output.append(byte)
        case UInt8(ascii: "}"), UInt8(ascii: "]"):
            guard containers.last == byte, expectation != .colon, byte == 0x5D || expectation != .value else {
                return .malformed
            }
            containers.removeLast()
            held = []
            output.append(byte)
            end(isKey: false)
            return containers.isEmpty ? .complete : .more
        case UInt8(ascii: ","):
            guard expectation == .separator else { return .malformed }
            held = [byte]
            expectation = containers.last == 0x7D ? .key : .value
        case UInt8(ascii: ":"):
            guard expectation == .colon else { return .malformed }
            output.append(byte)
            expectation = .value
        case UInt8(ascii: "\""), UInt8(ascii: "'"):
            guard let isKey = beginsScalar(&output) else { return .malformed }
            output.append(0x22)
            token = .string(quote: byte, isKey: isKey)
        default:
            guard Self.isWordByte(byte), expectation != .separator, let isKey = beginsScalar(&output) else {
                return .malformed
            }
            token = .word([byte], isKey: isKey)
        }
        return .more
    }

    private mutating func beginsScalar(_ output: inout [UInt8]) -> Bool? {
        switch expectation {
        case .firstKey, .key: break
        case .separator where containers.last == 0x7D: held = [0x2C]
        default: return beginsValue(&output) ? false : nil
        }
        output += held
        held = []
        return true
    }

    private mutating func beginsValue(_ output: inout [UInt8]) -> Bool {
        switch expectation {
        case .value, .firstElement: break
        case .separator where containers.last == 0x5D: held = [0x2C]
        default: return false
        }
        output += held
        held = []
        return true
    }

    private mutating func end(isKey: Bool) {
        token = .none
        escape = []
        isBehindLineEnd = false
        expectation = isKey ? .colon : .separator
    }

    // MARK: Tokens

    private mutating func string(_ byte: UInt8, _ quote: UInt8, _ isKey: Bool, _ output: inout [UInt8]) {
        isBehindLineEnd = byte == 0x0A
        if !escape.isEmpty { return escaped(byte, quote, isKey, &output) }
        switch byte {
        case quote:
            output.append(0x22)
            end(isKey: isKey)
        case UInt8(ascii: "\\"): escape = [byte]
        default: JSONEscape.write(byte, to: &output)
        }
    }

    private mutating func escaped(_ byte: UInt8, _ quote: UInt8, _ isKey: Bool, _ output: inout [UInt8]) {
        if escape.count > 1 {
            // \u and up to four digits.
            if Character(Unicode.Scalar(byte)).isHexDigit, byte < 0x80 {
                escape.append(byte)
                guard escape.count == 6 else { return }
                output += escape
                escape = []
            } else {
                output += [0x5C] + escape
                escape = []
                string(byte, quote, isKey, &output)
            }
            return
        }
        switch byte {
        case UInt8(ascii: "u"):
            escape.append(byte)
            return
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"), UInt8(ascii: "f"),
            UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
            output += [0x5C, byte]
        case UInt8(ascii: "'"): output.append(byte)
        default:
            output += [0x5C, 0x5C]
            JSONEscape.write(byte, to: &output)
        }
        escape = []
    }

    private static func isWordByte(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "+"), UInt8(ascii: "."): true
        default: false
        }
    }

    /// The JSON of a number or a word; nil when there is none.
    private static func word(_ bytes: [UInt8], isKey: Bool) -> [UInt8]? {
        let text = String(decoding: bytes, as: UTF8.self)
        if isKey { return JSONText.quoted(text) }
        switch text {
        case "true", "True": return Array("true".utf8)
        case "false", "False": return Array("false".utf8)
        case "null", "None": return Array("null".utf8)
        default: return JSONText.isNumber(bytes) ? bytes : nil
        }
    }

    private func quoted(_ bytes: [UInt8]) -> [UInt8] { JSONText.quoted(String(decoding: bytes, as: UTF8.self)) }
}
