#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// A lock between processes on a file; released with this value, or by the system when the process ends.
///
/// The file stays behind on purpose: removing it would let two processes lock two files of the same name.
package struct FileLock: ~Copyable {
    private let descriptor: Int32

    /// Takes the lock at `path` if no other process or `FileLock` holds it; nil if one does.
    package init?(tryingAt path: String) throws(FileError) {
        descriptor = unsafe open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path: path, operation: .lock, code: errno) }
        while flock(descriptor, LOCK_EX | LOCK_NB) != 0 {
            if errno == EINTR { continue }
            guard errno == EWOULDBLOCK else { throw FileError(path: path, operation: .lock, code: errno) }
            return nil
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }
}
