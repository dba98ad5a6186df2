#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A file without a name, gone when the last process closes it: what a child reads of one cannot block this process, as a
/// pipe's end can.
struct ScratchFile: ~Copyable {
    let descriptor: Int32

    /// - Parameter contents: read from their beginning by whoever inherits the descriptor.
    init(_ contents: [UInt8]) throws(SandboxError) {
        var template = Array("/tmp/martlet-XXXXXX".utf8CString)
        let low = unsafe mkstemp(&template)
        unsafe unlink(template)
        // Far from the numbers that a child is given its descriptors by.
        descriptor = fcntl(low, F_DUPFD_CLOEXEC, ConfinedProcess.ownDescriptors)
        let code = errno
        close(low)
        guard descriptor >= 0 else {
            throw .system(action: "making a temporary file in /tmp", reason: unsafe String(cString: strerror(code)))
        }
        var written = 0
        while written < contents.count {
            let count = unsafe contents.withUnsafeBytes { bytes in
                unsafe write(descriptor, bytes.baseAddress! + written, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                let reason = unsafe String(cString: strerror(errno))
                close(descriptor)
                throw .system(action: "writing a temporary file in /tmp", reason: reason)
            }
            written += count
        }
        lseek(descriptor, 0, SEEK_SET)
    }

    deinit { close(descriptor) }

    func contents() throws(SandboxError) -> [UInt8] {
        let size = Int(lseek(descriptor, 0, SEEK_END))
        lseek(descriptor, 0, SEEK_SET)
        var bytes = [UInt8](repeating: 0, count: max(0, size))
        let count = unsafe bytes.withUnsafeMutableBytes { unsafe read(descriptor, $0.baseAddress, $0.count) }
        guard count == size else {
            throw .system(action: "reading a temporary file", reason: unsafe String(cString: strerror(errno)))
        }
        return bytes
    }
}
