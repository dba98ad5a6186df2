#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call on a file that failed.
package struct FileError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Operation: String, Hashable, Sendable {
        case open, map, read, write, create, rename, remove, lock, list
    }

    package let path: String
    package let operation: Operation
    /// The `errno` of the call.
    package let code: Int32

    package init(path: String, operation: Operation, code: Int32) {
        self.path = path
        self.operation = operation
        self.code = code
    }

    /// The C library's words for `code`, such as "Permission denied".
    package var reason: String { unsafe String(cString: strerror(code)) }

    package var isNotFound: Bool { code == ENOENT || code == ENOTDIR }

    package var isDiskFull: Bool { code == ENOSPC || code == EDQUOT }

    package var description: String {
        let advice =
            switch code {
            case ENOENT, ENOTDIR: "Check the path."
            case EACCES, EPERM, EROFS: "Check its permissions, or choose another place with MARTLET_MODELS."
            case EISDIR: "Name a file inside it."
            case ENOSPC, EDQUOT: "Free some space, or choose another disk with MARTLET_MODELS."
            case EMFILE, ENFILE: "Raise the limit on open files (ulimit -n)."
            default: "Try again, and check the disk if it happens twice."
            }
        return "cannot \(operation.rawValue) \(path): \(reason). \(advice)"
    }
}
