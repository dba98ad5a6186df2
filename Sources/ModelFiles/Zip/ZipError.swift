/// Why a zip archive could not be read.
package enum ZipError: Error, Hashable, Sendable, CustomStringConvertible {
    case notZip(archive: String)
    case damaged(archive: String, item: String)
    case noMember(archive: String, member: String, members: [String])
    case unsupportedCompression(archive: String, member: String, method: UInt16)
    case wrongChecksum(archive: String, member: String)

    package var description: String {
        switch self {
        case .notZip(let archive):
            "\(archive) is not a zip archive. Remove it and try again."
        case .damaged(let archive, let item):
            "\(archive) is damaged (\(item)). Remove it and try again."
        case .noMember(let archive, let member, let members):
            "\(archive) has no '\(member)'; its largest is '\(members.first ?? "nothing")'. Correct the reference."
        case .unsupportedCompression(let archive, let member, let method):
            "\(archive) stores '\(member)' with compression method \(method); only 0 and 8 are read. Repack it."
        case .wrongChecksum(let archive, let member):
            "'\(member)' in \(archive) does not match its checksum. Remove it and try again."
        }
    }
}
