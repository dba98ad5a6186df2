/// Hashing of short byte strings for open-addressing tables.
enum ByteHash {
    private static let first: UInt64 = 0x9E37_79B9_7F4A_7C15
    private static let second: UInt64 = 0xD6E8_FEB8_6659_FD93

    /// Folds the 128-bit product of two words, so that every bit of both reaches the result's high bits.
    @inline(__always)
    static func mix(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = (left ^ first).multipliedFullWidth(by: right ^ second)
        return product.high ^ product.low
    }

    @inline(__always)
    static func hash(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        var state = UInt64(truncatingIfNeeded: count)
        var position = 0
        while count - position >= 8 {
            state = mix(state, load(bytes + position, count: 8))
            position += 8
        }
        return mix(state, load(bytes + position, count: count - position))
    }

    /// Up to eight bytes as a little-endian word, zeros above.
    @inline(__always)
    static func load(_ bytes: UnsafePointer<UInt8>, count: Int) -> UInt64 {
        let raw = UnsafeRawPointer(bytes)
        if count >= 8 { return UInt64(littleEndian: raw.loadUnaligned(as: UInt64.self)) }
        if count >= 4 {
            let low = UInt64(UInt32(littleEndian: raw.loadUnaligned(as: UInt32.self)))
            let high = UInt64(UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: count - 4, as: UInt32.self)))
            return low | high << UInt64((count - 4) * 8)
        }
        guard count > 0 else { return 0 }
        let low = UInt64(bytes[0])
        let middle = UInt64(bytes[count / 2]) << UInt64(count / 2 * 8)
        let high = UInt64(bytes[count - 1]) << UInt64((count - 1) * 8)
        return low | middle | high
    }
}
