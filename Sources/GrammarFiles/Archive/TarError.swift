internal import ModelFiles

/// Why a tar archive could not be read.
package enum TarError: Error, Hashable, Sendable, CustomStringConvertible {
    /// - offset: of the header in the archive.
    case damaged(offset: Int)
    case truncated(byteCount: Int)
    case badName(String)
    /// - type: the letter in the header.
    case notAFile(name: String, type: String)
    case tooLarge(name: String, byteCount: Int, limit: Int)
    case tooMany(limit: Int)

    package var description: String {
        switch self {
        case .damaged(let offset): "the header at byte \(offset) is damaged"
        case .truncated(let byteCount): "it ends after \(byteCount) bytes, before its end mark"
        case .badName(let name): "the name '\(name.prefix(200))' is not that of a plain file"
        case .notAFile(let name, let type): "'\(name.prefix(200))' is no regular file (type '\(type)')"
        case .tooLarge(let name, let byteCount, let limit):
            "'\(name.prefix(200))' has \(ByteCount(byteCount)), and \(ByteCount(limit)) are the most that is read"
        case .tooMany(let limit): "it has more than \(limit) files"
        }
    }
}
