#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What the system knows of an entry of a folder.
struct FileStatus {
    let kind: FileKind
    let byteCount: Int64
    let modifiedNanoseconds: Int64
    /// When contents, name or rights changed last, by the system's own account: no program can set it.
    let changedNanoseconds: Int64
    let inode: UInt64
    private let mode: mode_t

    /// Whether all users may read it by its permissions; if not, the system has to be asked about this one.
    var isReadableByAll: Bool { mode & 0o444 == 0o444 }

    /// Stands for the folder of an absolute path.
    static let noFolder = AT_FDCWD

    /// Asks about an entry itself, not what a symbolic link points to; nil with `errno` set on failure.
    init?(of name: UnsafePointer<CChar>, in folder: Int32) {
        var status = stat()
        guard unsafe fstatat(folder, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return nil }
        self.init(status)
    }

    init?(of descriptor: Int32) {
        var status = stat()
        guard unsafe fstat(descriptor, &status) == 0 else { return nil }
        self.init(status)
    }

    private init(_ status: stat) {
        #if canImport(Darwin)
            let (modified, changed) = (status.st_mtimespec, status.st_ctimespec)
        #else
            let (modified, changed) = (status.st_mtim, status.st_ctim)
        #endif
        // Times beyond the years 1678 to 2262 do not fit, and only mean that a file changed.
        modifiedNanoseconds = Int64(modified.tv_sec) &* 1_000_000_000 &+ Int64(modified.tv_nsec)
        changedNanoseconds = Int64(changed.tv_sec) &* 1_000_000_000 &+ Int64(changed.tv_nsec)
        byteCount = Int64(status.st_size)
        inode = UInt64(status.st_ino)
        mode = status.st_mode
        kind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .file
            case S_IFDIR: .folder
            case S_IFLNK: .symbolicLink
            default: .special
            }
    }
}

enum FileKind: Hashable, Sendable { case file, folder, symbolicLink, special, unknown }

/// The clock that times of files are taken from.
enum FileClock {
    /// Since 1970.
    static var nanoseconds: Int64 {
        var now = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &now)
        return Int64(now.tv_sec) &* 1_000_000_000 &+ Int64(now.tv_nsec)
    }
}
