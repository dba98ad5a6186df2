/// Why bytes are no JSON; offsets count bytes from the beginning.
package enum JSONReadError: Error, Hashable, Sendable {
    /// What the grammar asks for at a place.
    package enum Expectation: String, Sendable {
        case value = "a value"
        case key = "a key in quotes"
        case colon = "a colon"
        case word = "true, false or null"
        case separator = "a comma or a closing bracket"
        case end = "the end"
    }

    case unexpectedEnd(offset: Int)
    case unexpectedByte(UInt8, expected: Expectation, offset: Int)
    case malformedNumber(offset: Int)
    case unknownEscape(offset: Int)
    case controlCharacter(UInt8, offset: Int)
    /// - Parameter offset: of the string.
    case notUTF8(offset: Int)
    case tooDeep(limit: Int, offset: Int)
    case tooManyValues(limit: Int, offset: Int)
}

extension JSONReadError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unexpectedEnd(let offset):
            "the JSON ends in the middle of a value, at byte \(offset)"
        case .unexpectedByte(let byte, let expected, let offset):
            "the JSON has \(Self.name(byte)) at byte \(offset), expected \(expected.rawValue)"
        case .malformedNumber(let offset):
            "the JSON has a malformed number at byte \(offset)"
        case .unknownEscape(let offset):
            "the JSON has a string with an unknown escape at byte \(offset)"
        case .controlCharacter(let byte, let offset):
            "the JSON has a string with \(Self.name(byte)) at byte \(offset), which needs an escape"
        case .notUTF8(let offset):
            "the JSON has a string that is not UTF-8 at byte \(offset)"
        case .tooDeep(let limit, let offset):
            "the JSON nests deeper than \(limit) levels at byte \(offset)"
        case .tooManyValues(let limit, let offset):
            "the JSON has more than \(limit) values at byte \(offset)"
        }
    }

    private static func name(_ byte: UInt8) -> String {
        (0x21..<0x7F).contains(byte)
            ? "'\(Character(Unicode.Scalar(byte)))'" : "byte 0x\(String(byte, radix: 16, uppercase: true))"
    }
}
