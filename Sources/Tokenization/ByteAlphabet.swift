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
    private static let bytes: FixedTable<Int16> = {
        var bytes = [Int16](repeating: -1, count: 0x144)
        for (byte, scalar) in scalars.enumerated() { bytes[Int(scalar)] = Int16(byte) }
        return FixedTable(bytes)
    }()

    /// Reads spellings of bytes.
    struct Decoder {
        private let bytes: FixedTable<Int16> = ByteAlphabet.bytes

        /// Writes the bytes that `spelling` stands for to `output`, which has room for as many as the spelling has.
        ///
        /// - Returns: how many bytes, or nil if the spelling uses a character that stands for none.
        @inline(__always)
        func decode(_ spelling: UnsafeBufferPointer<UInt8>, into output: UnsafeMutablePointer<UInt8>) -> Int? {
            let table = bytes.base
            var count = 0
            var position = 0
            while position < spelling.count {
                let lead = spelling[position]
                var scalar = Int(lead)
                position += 1
                if lead >= 0x80 {
                    // The alphabet needs two bytes of UTF-8 at most.
                    guard lead >= 0xC2, lead <= 0xC5, position < spelling.count, spelling[position] & 0xC0 == 0x80
                    else { return nil }
                    scalar = Int(lead & 0x1F) << 6 | Int(spelling[position] & 0x3F)
                    position += 1
                }
                guard scalar < 0x144, table[scalar] >= 0 else { return nil }
                output[count] = UInt8(truncatingIfNeeded: table[scalar])
                count += 1
            }
            return count
        }
    }
}
