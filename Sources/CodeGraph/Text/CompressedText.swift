internal import CZlib

/// Text as a store keeps it: its length in 4 bytes, little-endian, then zlib's deflate.
struct CompressedText: Sendable {
    let bytes: [UInt8]

    init(_ text: UnsafeBufferPointer<UInt8>) {
        var size = compressBound(uLong(text.count))
        bytes = unsafe [UInt8](unsafeUninitializedCapacity: Int(size) + 4) { buffer, count in
            for index in 0..<4 { unsafe buffer[index] = UInt8(truncatingIfNeeded: text.count >> (8 * index)) }
            // Level 1: an index is made more often than its texts are read.
            unsafe compress2(buffer.baseAddress! + 4, &size, text.baseAddress, uLong(text.count), 1)
            count = Int(size) + 4
        }
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Nil when the bytes are damaged.
    func text() -> [UInt8]? {
        guard bytes.count >= 4 else { return nil }
        let length = (0..<4).reduce(0) { $0 | Int(bytes[$1]) << (8 * $1) }
        // Deflate makes text smaller by a factor of 1032 at most.
        guard length <= bytes.count * 1032 else { return nil }
        var size = uLong(length)
        var code = Z_OK
        let text = unsafe [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
            unsafe bytes.withUnsafeBufferPointer { packed in
                code = unsafe uncompress(buffer.baseAddress, &size, packed.baseAddress! + 4, uLong(packed.count - 4))
            }
            count = code == Z_OK ? Int(size) : 0
        }
        return code == Z_OK && text.count == length ? text : nil
    }
}
