/// Finds the parts of a zip archive by their offsets, all of which the archive may get wrong.
/// - SeeAlso: PKWARE, APPNOTE.TXT 6.3.10, sections 4.3 to 4.5.
@safe
struct ZipReader {
    let bytes: UnsafeRawBufferPointer
    /// Named in errors.
    let archive: String

    struct Directory {
        var offset: Int
        var count: Int
    }

    /// Where the central directory lies.
    func directory() throws(ZipError) -> Directory {
        guard let end = endRecord() else { throw .notZip(archive: archive) }
        var count = UInt64(try integer(UInt16.self, end + 10))
        var size = UInt64(try integer(UInt32.self, end + 12))
        var offset = UInt64(try integer(UInt32.self, end + 16))
        let needs64 = count == UInt16.max || size == UInt32.max || offset == UInt32.max
        if needs64, end >= 20, try integer(UInt32.self, end - 20) == 0x0706_4B50 {
            let record = try position(integer(UInt64.self, end - 20 + 8), length: 56)
            guard try integer(UInt32.self, record) == 0x0606_4B50 else { throw damaged("its ZIP64 end record") }
            count = try integer(UInt64.self, record + 32)
            size = try integer(UInt64.self, record + 40)
            offset = try integer(UInt64.self, record + 48)
        }
        let start = try position(offset, length: size)
        guard unsafe count <= UInt64(bytes.count / 46) else { throw damaged("its member count") }
        return Directory(offset: start, count: Int(count))
    }

    /// The directory's entry at `offset`, and where the next one begins.
    func member(at offset: Int, index: Int) throws(ZipError) -> (ZipArchive.Member, next: Int) {
        guard unsafe offset <= bytes.count - 46, try integer(UInt32.self, offset) == 0x0201_4B50 else {
            throw damaged("directory entry \(index)")
        }
        let nameLength = Int(try integer(UInt16.self, offset + 28))
        let extraLength = Int(try integer(UInt16.self, offset + 30))
        let commentLength = Int(try integer(UInt16.self, offset + 32))
        let next = offset + 46 + nameLength + extraLength + commentLength
        guard unsafe next <= bytes.count else { throw damaged("directory entry \(index)") }
        let name = unsafe String(decoding: bytes[(offset + 46)..<(offset + 46 + nameLength)], as: UTF8.self)

        var compressed = UInt64(try integer(UInt32.self, offset + 20))
        var size = UInt64(try integer(UInt32.self, offset + 24))
        var header = UInt64(try integer(UInt32.self, offset + 42))
        let extra = (offset + 46 + nameLength)..<(offset + 46 + nameLength + extraLength)
        if var field = try zip64Field(extra) {
            // The field holds, in this order, only those values that did not fit above.
            if size == UInt32.max { size = try next64(&field) }
            if compressed == UInt32.max { compressed = try next64(&field) }
            if header == UInt32.max { header = try next64(&field) }
        }
        guard let byteCount = Int(exactly: size) else { throw damaged("directory entry \(index)") }
        let member = ZipArchive.Member(
            name: name, byteCount: byteCount, method: try integer(UInt16.self, offset + 10),
            checksum: try integer(UInt32.self, offset + 16),
            compressedByteCount: try length(compressed), headerOffset: try position(header, length: 30))
        return (member, next)
    }

    /// The stored bytes of `member`.
    func data(of member: ZipArchive.Member) throws(ZipError) -> UnsafeRawBufferPointer {
        let header = member.headerOffset
        guard try integer(UInt32.self, header) == 0x0403_4B50 else { throw damaged("the header of '\(member.name)'") }
        let nameLength = Int(try integer(UInt16.self, header + 26))
        let extraLength = Int(try integer(UInt16.self, header + 28))
        let start = try position(
            UInt64(header + 30 + nameLength + extraLength), length: UInt64(member.compressedByteCount))
        return unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<(start + member.compressedByteCount)])
    }

    /// Where the end record begins: the last place that has its signature, before a comment of up to 64 KiB.
    private func endRecord() -> Int? {
        guard unsafe bytes.count >= 22 else { return nil }
        let earliest = unsafe max(0, bytes.count - 22 - 65_535)
        var offset = unsafe bytes.count - 22
        while offset >= earliest {
            // SAFETY: 22 bytes follow.
            if unsafe UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)) == 0x0605_4B50
            {
                return offset
            }
            offset -= 1
        }
        return nil
    }

    /// The range of the ZIP64 values among an entry's extra fields.
    private func zip64Field(_ extra: Range<Int>) throws(ZipError) -> Range<Int>? {
        var offset = extra.lowerBound
        while offset + 4 <= extra.upperBound {
            let length = Int(try integer(UInt16.self, offset + 2))
            let end = offset + 4 + length
            guard end <= extra.upperBound else { return nil }
            if try integer(UInt16.self, offset) == 1 { return (offset + 4)..<end }
            offset = end
        }
        return nil
    }

    private func next64(_ field: inout Range<Int>) throws(ZipError) -> UInt64 {
        guard field.count >= 8 else { throw damaged("a ZIP64 field") }
        let value = try integer(UInt64.self, field.lowerBound)
        field = (field.lowerBound + 8)..<field.upperBound
        return value
    }

    private func integer<T: FixedWidthInteger>(_ type: T.Type, _ offset: Int) throws(ZipError) -> T {
        guard offset >= 0, unsafe offset <= bytes.count - MemoryLayout<T>.size else { throw damaged("it ends early") }
        // SAFETY: checked just above; any alignment will do.
        return unsafe T(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }

    /// `offset` as an index with `length` bytes behind it.
    private func position(_ offset: UInt64, length: UInt64) throws(ZipError) -> Int {
        let (end, overflow) = offset.addingReportingOverflow(length)
        guard !overflow, unsafe end <= UInt64(bytes.count) else { throw damaged("an offset beyond its end") }
        return Int(offset)
    }

    private func length(_ value: UInt64) throws(ZipError) -> Int {
        guard unsafe value <= UInt64(bytes.count) else { throw damaged("a length beyond its end") }
        return Int(value)
    }

    private func damaged(_ item: String) -> ZipError { .damaged(archive: archive, item: item) }
}
