/// The bytes of strings as they stand between quotes.
package enum JSONEscape {
    private static let digits: StaticString = "0123456789abcdef"

    /// Writes one byte of a string.
    @inline(__always)
    package static func write(_ byte: UInt8, to output: inout [UInt8]) {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"):
            output.append(UInt8(ascii: "\\"))
            output.append(byte)
        case 0x0A: output += "\\n".utf8
        case 0x0D: output += "\\r".utf8
        case 0x09: output += "\\t".utf8
        case ..<0x20:
            output += "\\u00".utf8
            output.append(digits.utf8Start[Int(byte >> 4)])
            output.append(digits.utf8Start[Int(byte & 0xF)])
        default: output.append(byte)
        }
    }
}
