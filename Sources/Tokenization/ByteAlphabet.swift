/// GPT-2's spelling of bytes as printable characters, so that a vocabulary is a list of strings without spaces or
/// control characters. Printable bytes of Latin-1 are themselves; the others follow from U+0100 on.
enum ByteAlphabet {
    /// The character of each byte.
    static let scalars: [UInt32] = {
        var scalars: [UInt32] = []
        var next: UInt32 = 0x100
        for byte in UInt32(0)..<256 {
            switch byte {
            case 0x21...0x7E, 0xA1...0xAC, 0xAE...0xFF:
                scalars.append(byte)
            default:
                scalars.append(next)
                next += 1
            }
        }
        return scalars
    }()

    /// The byte of each character below U+0144, or -1.
    static let bytes: [Int16] = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
        return bytes
    }()

    /// Appends the bytes that `spelling` stands for. False, with nothing appended, if it uses another character.
    static func decode(_ spelling: UnsafeBufferPointer<UInt8>, into output: inout [UInt8]) -> Bool {
        let start = output.count
        var position = 0
        while position < spelling.count {
            let lead = spelling[position]
            var scalar = Int(lead)
            position += 1
            if lead >= 0x80 {
                // The alphabet needs two bytes of UTF-8 at most.
                guard lead >= 0xC2, lead <= 0xC5, position < spelling.count, spelling[position] & 0xC0 == 0x80 else {
                    output.removeLast(output.count - start)
                    return false
                }
                scalar = Int(lead & 0x1F) << 6 | Int(spelling[position] & 0x3F)
                position += 1
            }
            guard scalar < bytes.count, bytes[scalar] >= 0 else {
                output.removeLast(output.count - start)
                return false
            }
            output.append(UInt8(bytes[scalar]))
        }
        return true
    }
}
