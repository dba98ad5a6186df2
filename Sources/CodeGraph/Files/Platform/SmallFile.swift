#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Reads of the small files that say what a repository holds: rules, links to git's folder.
enum SmallFile {
    /// The bytes of a regular file; nil when there is none that can be read, or `limit` is exceeded.
    /// - Parameters:
    ///   - folder: what a relative path begins at.
    ///   - followsLinks: whether `path` may be a symbolic link.
    static func read(
        _ path: String, in folder: Int32 = AT_FDCWD, followsLinks: Bool = true, limit: Int64 = 16 << 20
    ) -> [UInt8]? {
        readOpened(path, in: folder, followsLinks: followsLinks) { $0 <= limit ? Int($0) : nil }
    }

    /// The first bytes of a regular file, `count` of them if it has so many; nil when it cannot be read.
    static func beginning(of path: String, count: Int) -> [UInt8]? {
        readOpened(path, in: AT_FDCWD, followsLinks: false) { min(Int($0), count) }
    }

    /// - Parameter count: how much of a file of that size is to be read; nil for none.
    private static func readOpened(
        _ path: String, in folder: Int32, followsLinks: Bool, count: (_ size: Int64) -> Int?
    ) -> [UInt8]? {
        // Opening a pipe would wait for a writer.
        let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | (followsLinks ? 0 : O_NOFOLLOW)
        let descriptor = unsafe openat(folder, path, flags)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        guard let status = FileStatus(of: descriptor), status.kind == .file, let wanted = count(status.byteCount) else {
            return nil
        }
        var bytes = [UInt8](repeating: 0, count: wanted)
        var filled = 0
        while filled < bytes.count {
            let count = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe systemRead(descriptor, buffer.baseAddress! + filled, buffer.count - filled)
            }
            if count < 0, errno == EINTR { continue }
            guard count >= 0 else { return nil }
            if count == 0 { break }
            filled += count
        }
        bytes.removeSubrange(filled...)
        return bytes
    }

    /// The text without white space around it.
    static func line(_ path: String) -> String? {
        guard let bytes = read(path) else { return nil }
        let isSpace: (UInt8) -> Bool = { $0 == 0x20 || (0x09...0x0D).contains($0) }
        guard let first = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) })
        else { return nil }
        return String(decoding: bytes[first...last], as: UTF8.self)
    }
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int {
    unsafe read(descriptor, buffer, count)
}
