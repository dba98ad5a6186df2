import Crypto

/// A SHA-256 digest.
package struct ContentHash: Hashable, Sendable, CustomStringConvertible {
    /// 64 lower-case hexadecimal digits.
    package let hexadecimal: String

    /// Nil unless `text` is 64 hexadecimal digits.
    package init?(hexadecimal text: some StringProtocol) {
        let digits = text.utf8
        guard digits.count == 64 else { return nil }
        for digit in digits {
            switch digit {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
                UInt8(ascii: "A")...UInt8(ascii: "F"):
                continue
            default: return nil
            }
        }
        hexadecimal = text.lowercased()
    }

    package init(of bytes: some Sequence<UInt8>) {
        var hasher = ContentHasher()
        unsafe Array(bytes).withUnsafeBytes { unsafe hasher.update($0) }
        self = hasher.finish()
    }

    fileprivate init(_ digest: SHA256Digest) {
        var text = ""
        text.reserveCapacity(64)
        for byte in digest {
            if byte < 16 { text.append("0") }
            text.append(String(byte, radix: 16))
        }
        hexadecimal = text
    }

    package var description: String { hexadecimal }
}

/// Computes a SHA-256 digest piece by piece.
package struct ContentHasher {
    private var state = SHA256()

    package init() {}

    /// Goes on with more bytes.
    package mutating func update(_ bytes: UnsafeRawBufferPointer) { unsafe state.update(bufferPointer: bytes) }

    /// The digest of all bytes so far.
    package func finish() -> ContentHash { ContentHash(state.finalize()) }
}
