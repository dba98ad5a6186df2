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

    /// - Parameters:
    ///   - contents: read from their beginning by whoever inherits the descriptor.
    ///   - isWritable: whether they may write to it: to a disk of this machine.
    init(_ contents: [UInt8], isWritable: Bool = false) throws(SandboxError) {
        var template = Array("/tmp/martlet-XXXXXX".utf8CString)
        let made = unsafe mkstemp(&template)
        guard made >= 0 else {
            throw .system(action: "making a temporary file in /tmp", reason: unsafe String(cString: strerror(errno)))
        }
        defer { close(made) }
        _ = fcntl(made, F_SETFD, FD_CLOEXEC)
        let opened = isWritable ? made : unsafe open(template, O_RDONLY | O_CLOEXEC)
        defer { if !isWritable, opened >= 0 { close(opened) } }
        unsafe unlink(template)
        var written = 0
        while written < contents.count {
            let count = unsafe contents.withUnsafeBytes { bytes in
                unsafe write(made, bytes.baseAddress! + written, bytes.count - written)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else {
                throw .system(
                    action: "writing a temporary file in /tmp", reason: unsafe String(cString: strerror(errno)))
            }
            written += count
        }
        // Far from the numbers that a child is given its descriptors by.
        let moved = fcntl(opened, F_DUPFD_CLOEXEC, ConfinedProcess.ownDescriptors)
        guard moved >= 0 else {
            throw .system(action: "opening a temporary file", reason: unsafe String(cString: strerror(errno)))
        }
        descriptor = moved
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
