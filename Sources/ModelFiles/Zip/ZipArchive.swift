import CZlib

/// A zip archive, mapped; ZIP64 included. Python wheels are such archives.
package struct ZipArchive: Sendable {
    package struct Member: Hashable, Sendable {
        package let name: String
        package let byteCount: Int
        let method: UInt16
        let checksum: UInt32
        let compressedByteCount: Int
        let headerOffset: Int
    }

    /// In the order of the archive's directory.
    package let members: [Member]
    private let file: MappedFile

    /// Reads the directory at the end of the archive.
    package init(_ file: MappedFile) throws(ZipError) {
        self.file = file
        let reader = unsafe ZipReader(bytes: file.bytes, archive: file.path)
        let directory = try reader.directory()
        var members: [Member] = []
        var offset = directory.offset
        // Not reserved: the count is the archive's word only, and every member must be found first.
        for index in 0..<directory.count {
            let (member, next) = try reader.member(at: offset, index: index)
            members.append(member)
            offset = next
        }
        self.members = members
    }

    package func member(named name: String) throws(ZipError) -> Member {
        if let member = members.first(where: { $0.name == name }) { return member }
        let largest = members.sorted { $0.byteCount > $1.byteCount }.prefix(3).map(\.name)
        throw .noMember(archive: file.path, member: name, members: Array(largest))
    }

    /// Hands on the decompressed bytes of `member` piece by piece, then checks length and CRC-32.
    package func read(
        _ member: Member, _ body: (UnsafeRawBufferPointer) throws(FileError) -> Void
    ) throws(ZipReadError) {
        let data: UnsafeRawBufferPointer
        do { unsafe data = try unsafe ZipReader(bytes: file.bytes, archive: file.path).data(of: member) } catch {
            throw .archive(error)
        }
        var checksum = crc32(0, nil, 0)
        var count = 0
        func receive(_ piece: UnsafeRawBufferPointer) throws(ZipReadError) {
            count += piece.count
            // A member must not grow beyond what the directory promised: room was checked for that.
            guard count <= member.byteCount else {
                throw .archive(.damaged(archive: file.path, item: "'\(member.name)' is longer than announced"))
            }
            checksum = unsafe crc32(
                checksum, piece.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt32(piece.count))
            do throws(FileError) { try unsafe body(piece) } catch { throw .receiver(error) }
        }
        switch member.method {
        case 0:
            for start in stride(from: 0, to: data.count, by: 1 << 20) {
                try unsafe receive(UnsafeRawBufferPointer(rebasing: data[start..<min(start + 1 << 20, data.count)]))
            }
        case 8:
            try unsafe inflate(data, of: member, receive)
        default:
            throw .archive(
                .unsupportedCompression(archive: file.path, member: member.name, method: member.method))
        }
        guard count == member.byteCount, UInt32(truncatingIfNeeded: checksum) == member.checksum else {
            throw .archive(.wrongChecksum(archive: file.path, member: member.name))
        }
    }

    private func inflate(
        _ data: UnsafeRawBufferPointer, of member: Member,
        _ receive: (UnsafeRawBufferPointer) throws(ZipReadError) -> Void
    ) throws(ZipReadError) {
        var inflater = unsafe Inflater(data)
        while true {
            switch inflater.next() {
            case .piece(let piece): try unsafe receive(piece)
            case .end: return
            case .damaged: throw .archive(.damaged(archive: file.path, item: "the data of '\(member.name)'"))
            }
        }
    }
}

/// Reading failed because of the archive, or because of who received the bytes.
package enum ZipReadError: Error {
    case archive(ZipError)
    case receiver(FileError)
}
