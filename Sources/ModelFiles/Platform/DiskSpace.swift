#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Room on disks.
package enum DiskSpace {
    /// Bytes that this user may still write where `path` lies; nil when unknown. The path need not exist yet.
    package static func free(at path: String) -> UInt64? {
        var status = statvfs()
        var path = path
        while unsafe statvfs(path, &status) != 0 {
            guard errno == ENOENT, path != "/", path != "." else { return nil }
            let parent = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
            path = parent.isEmpty ? "/" : parent
        }
        return UInt64(status.f_bavail) * UInt64(status.f_frsize)
    }
}
