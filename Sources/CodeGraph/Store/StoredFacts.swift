internal import CZlib
internal import SQLite

/// Facts as a store keeps them: encoded, then a checksum of them and of the path, 4 bytes, little-endian.
///
/// SQLite does not notice when the disk gives back other bytes than it was given, and facts that are wrong but well
/// formed would be wrong answers.
struct StoredFacts {
    let bytes: [UInt8]

    init(_ facts: FileFacts, path: String) {
        let encoded = facts.encoded()
        let sum = Self.checksum(encoded[...], path: path)
        bytes = encoded + (0..<4).map { UInt8(truncatingIfNeeded: sum >> (8 * $0)) }
    }

    init(bytes: [UInt8]) { self.bytes = bytes }

    /// Nil when the bytes are damaged, or belong to another path.
    func facts(path: String) -> FileFacts? {
        guard bytes.count >= 4 else { return nil }
        let encoded = bytes.dropLast(4)
        let sum = bytes.suffix(4).reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
        guard Self.checksum(encoded, path: path) == sum else { return nil }
        return FileFacts(encoded: Array(encoded))
    }

    private static func checksum(_ encoded: ArraySlice<UInt8>, path: String) -> UInt32 {
        var path = path
        let start = path.withUTF8 { unsafe crc32(0, $0.baseAddress, UInt32($0.count)) }
        return unsafe encoded.withUnsafeBufferPointer { bytes in
            unsafe UInt32(truncatingIfNeeded: crc32_z(start, bytes.baseAddress, bytes.count))
        }
    }
}
