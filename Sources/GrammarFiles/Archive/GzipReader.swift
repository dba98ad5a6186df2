internal import CZlib
internal import ModelFiles

/// Decompresses a gzip file that lies in memory, piece by piece. One member; the checksum and the length are checked.
/// - SeeAlso: RFC 1952.
@safe
package struct GzipReader: ~Copyable {
    private let input: UnsafeRawBufferPointer
    private var inflater: Inflater
    private var checksum = crc32(0, nil, 0)
    private var byteCount: UInt32 = 0

    /// - input: the whole file, kept alive by the caller.
    package init(_ input: UnsafeRawBufferPointer) throws(GzipError) {
        guard let start = unsafe Self.dataOffset(input) else { throw .notGzip }
        unsafe self.input = input
        unsafe inflater = Inflater(UnsafeRawBufferPointer(rebasing: input[start...]))
    }

    /// All that a file holds.
    package static func contents(of file: [UInt8]) throws(GzipError) -> [UInt8] {
        var contents: [UInt8] = []
        let result = unsafe file.withUnsafeBytes { bytes in
            Result { () throws(GzipError) in
                var reader = try unsafe GzipReader(bytes)
                while let piece = unsafe try reader.next() { unsafe contents += piece }
            }
        }
        try result.get()
        return contents
    }

    /// The next bytes, valid until the next call; nil at the end, once everything has been checked.
    package mutating func next() throws(GzipError) -> UnsafeRawBufferPointer? {
        switch inflater.next() {
        case .piece(let piece):
            checksum = unsafe crc32(
                checksum, piece.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(piece.count))
            byteCount &+= UInt32(truncatingIfNeeded: piece.count)
            return unsafe piece
        case .damaged: throw .damaged
        case .end:
            let trailer = unsafe input.count - 8
            guard inflater.unreadByteCount == 8,
                unsafe Self.integer(input, at: trailer) == UInt32(truncatingIfNeeded: checksum),
                unsafe Self.integer(input, at: trailer + 4) == byteCount
            else { throw .damaged }
            return nil
        }
    }

    /// Where the compressed data begins, behind the header and its optional fields.
    private static func dataOffset(_ input: UnsafeRawBufferPointer) -> Int? {
        // Two bytes of signature, and deflate, the only method there is.
        guard input.count >= 18, unsafe input[0] == 0x1F, unsafe input[1] == 0x8B, unsafe input[2] == 8
        else { return nil }
        let flags = unsafe input[3]
        guard flags & 0xE0 == 0 else { return nil }
        var offset = 10
        if flags & 4 != 0 { offset += unsafe 2 + Int(input[10]) + Int(input[11]) << 8 }
        // A name and a comment, each ended by a zero.
        for flag in [8, 16] as [UInt8] where flags & flag != 0 {
            guard offset < input.count, let end = unsafe input[offset...].firstIndex(of: 0) else { return nil }
            offset = end + 1
        }
        if flags & 2 != 0 { offset += 2 }
        return offset <= input.count ? offset : nil
    }

    private static func integer(_ input: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        unsafe UInt32(littleEndian: input.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }
}

/// Why a gzip file could not be read.
package enum GzipError: Error, Hashable, Sendable, CustomStringConvertible {
    case notGzip
    case damaged

    package var description: String {
        switch self {
        case .notGzip: "it is not compressed with gzip"
        case .damaged: "its compressed data is damaged"
        }
    }
}
