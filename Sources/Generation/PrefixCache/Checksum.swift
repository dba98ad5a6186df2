/// A sum of bytes that shows damage, several bytes a cycle. Not for hostile data: it finds accidents, not forgery.
enum Checksum {
    private static let prime: UInt64 = 0x9E37_79B9_7F4A_7C15

    private static func mixed(_ sum: UInt64, _ word: UInt64) -> UInt64 {
        // Each step can be undone, so that one changed word always shows.
        let product = (sum ^ word) &* prime
        return product ^ (product >> 29)
    }

    static func of(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
        // Four chains, because one would wait for its own product.
        var (a, b, c, d) = (prime, prime &* 2, prime &* 3, prime &* 4)
        let whole = bytes.count / 32 * 32
        var offset = 0
        while offset < whole {
            a = mixed(a, bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self).littleEndian)
            b = mixed(b, bytes.loadUnaligned(fromByteOffset: offset + 8, as: UInt64.self).littleEndian)
            c = mixed(c, bytes.loadUnaligned(fromByteOffset: offset + 16, as: UInt64.self).littleEndian)
            d = mixed(d, bytes.loadUnaligned(fromByteOffset: offset + 24, as: UInt64.self).littleEndian)
            offset += 32
        }
        var sum = UInt64(bytes.count) &* prime
        for lane in [a, b, c, d] { sum = mixed(sum, lane) }
        for offset in whole..<bytes.count { sum = mixed(sum, UInt64(bytes[offset])) }
        return sum
    }
}
