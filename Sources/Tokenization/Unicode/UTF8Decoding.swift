/// Reading UTF-8 that may be damaged, one scalar at a time.
enum UTF8Decoding {
    /// The scalar that starts at `position` and its length in bytes; U+FFFD and 1 where no valid one starts.
    ///
    /// `position` must be before `end`. Overlong forms, surrogates and scalars above U+10FFFF are invalid.
    static func scalar(
        at position: Int, in bytes: UnsafePointer<UInt8>, end: Int
    ) -> (scalar: UInt32, length: Int) {
        let lead = UInt32(bytes[position])
        if lead < 0x80 { return (lead, 1) }
        let length = lead < 0xC2 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : lead < 0xF5 ? 4 : 1
        guard length > 1, end - position >= length else { return (0xFFFD, 1) }
        var scalar = lead & (0x7F >> UInt32(length))
        for offset in 1..<length {
            let byte = UInt32(bytes[position + offset])
            guard byte & 0xC0 == 0x80 else { return (0xFFFD, 1) }
            scalar = scalar << 6 | (byte & 0x3F)
        }
        let overlong = length == 3 ? scalar < 0x800 : length == 4 && scalar < 0x1_0000
        guard !overlong, scalar < 0x11_0000, scalar & 0xFFFF_F800 != 0xD800 else { return (0xFFFD, 1) }
        return (scalar, length)
    }

    /// Appends the UTF-8 form of `scalar`, which must be valid.
    static func append(_ scalar: UInt32, to bytes: inout [UInt8]) {
        switch scalar {
        case 0..<0x80:
            bytes.append(UInt8(scalar))
        case 0x80..<0x800:
            bytes.append(UInt8(0xC0 | scalar >> 6))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        case 0x800..<0x1_0000:
            bytes.append(UInt8(0xE0 | scalar >> 12))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        default:
            bytes.append(UInt8(0xF0 | scalar >> 18))
            bytes.append(UInt8(0x80 | scalar >> 12 & 0x3F))
            bytes.append(UInt8(0x80 | scalar >> 6 & 0x3F))
            bytes.append(UInt8(0x80 | scalar & 0x3F))
        }
    }
}
