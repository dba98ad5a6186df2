/// The first 4096 bytes of a file with what a prefix left behind; pages of fixed size follow, or a state.
///
/// Little-endian words: magic, kind, count of tokens, bytes of a page, count of pages; then the hexadecimal digests of
/// the space and of all tokens before the file's own, the tokens, a checksum for each page, and one of the header.
package struct PrefixFileHeader: Hashable, Sendable {
    package enum Kind: UInt32, Sendable {
        /// The rows of its tokens.
        case pages = 1
        /// The state after the last of its tokens.
        case state = 2
    }

    package static let byteCount = 4096
    /// Tokens of a whole file; every file begins at a multiple of this.
    package static let tokens = 256
    private static let magic: [UInt8] = Array("martkv01".utf8)
    private static let digestBytes = 64
    private static let mostPages = 64
    /// Where the parts lie.
    private static let spaceOffset = 32
    private static let tokenOffset = spaceOffset + 2 * digestBytes
    private static let checksumOffset = tokenOffset + 4 * tokens
    private static let ownChecksumOffset = byteCount - 8

    package var kind: Kind
    /// Of the model, the cache's type and the adapter.
    package var space: String
    /// Of all tokens before.
    package var prefix: String
    /// 1 to 256.
    package var ids: [Int32]
    package var pageBytes: Int
    package var checksums: [UInt64]

    /// Bytes of the whole file.
    package var fileBytes: Int { Self.byteCount + pageBytes * checksums.count }

    package func encoded() -> [UInt8] {
        precondition((1...Self.tokens).contains(ids.count) && checksums.count <= Self.mostPages)
        precondition(space.utf8.count == Self.digestBytes && prefix.utf8.count == Self.digestBytes)
        var bytes = [UInt8](repeating: 0, count: Self.byteCount)
        bytes.withUnsafeMutableBytes { bytes in
            bytes.copyBytes(from: Self.magic)
            bytes.storeBytes(of: kind.rawValue.littleEndian, toByteOffset: 8, as: UInt32.self)
            bytes.storeBytes(of: UInt32(ids.count).littleEndian, toByteOffset: 12, as: UInt32.self)
            bytes.storeBytes(of: UInt64(pageBytes).littleEndian, toByteOffset: 16, as: UInt64.self)
            bytes.storeBytes(of: UInt64(checksums.count).littleEndian, toByteOffset: 24, as: UInt64.self)
            for (index, byte) in (Array(space.utf8) + Array(prefix.utf8)).enumerated() {
                bytes[Self.spaceOffset + index] = byte
            }
            for (index, id) in ids.enumerated() {
                bytes.storeBytes(of: id.littleEndian, toByteOffset: Self.tokenOffset + 4 * index, as: Int32.self)
            }
            for (index, sum) in checksums.enumerated() {
                bytes.storeBytes(of: sum.littleEndian, toByteOffset: Self.checksumOffset + 8 * index, as: UInt64.self)
            }
            let sum = Checksum.of(UnsafeRawBufferPointer(rebasing: bytes[..<Self.ownChecksumOffset]))
            bytes.storeBytes(of: sum.littleEndian, toByteOffset: Self.ownChecksumOffset, as: UInt64.self)
        }
        return bytes
    }

    package init(kind: Kind, space: String, prefix: String, ids: [Int32], pageBytes: Int, checksums: [UInt64]) {
        (self.kind, self.space, self.prefix) = (kind, space, prefix)
        (self.ids, self.pageBytes, self.checksums) = (ids, pageBytes, checksums)
    }

    /// - Returns: nil for anything but a header that `encoded` wrote.
    package init?(_ bytes: UnsafeRawBufferPointer) {
        guard bytes.count == Self.byteCount, bytes.prefix(8).elementsEqual(Self.magic) else { return nil }
        func word32(_ offset: Int) -> UInt32 {
            UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
        }
        func word64(_ offset: Int) -> UInt64 {
            UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
        }
        let own = UnsafeRawBufferPointer(rebasing: bytes[..<Self.ownChecksumOffset])
        guard word64(Self.ownChecksumOffset) == Checksum.of(own), let kind = Kind(rawValue: word32(8)),
            let count = Int(exactly: word32(12)), (1...Self.tokens).contains(count),
            let pageBytes = Int(exactly: word64(16)), (1...1 << 40).contains(pageBytes),
            let pages = Int(exactly: word64(24)), (1...Self.mostPages).contains(pages)
        else { return nil }
        func digest(_ offset: Int) -> String {
            String(decoding: bytes[offset..<offset + Self.digestBytes], as: UTF8.self)
        }
        self.init(
            kind: kind, space: digest(Self.spaceOffset), prefix: digest(Self.spaceOffset + Self.digestBytes),
            ids: (0..<count).map { Int32(bitPattern: word32(Self.tokenOffset + 4 * $0)) }, pageBytes: pageBytes,
            checksums: (0..<pages).map { word64(Self.checksumOffset + 8 * $0) })
    }
}
