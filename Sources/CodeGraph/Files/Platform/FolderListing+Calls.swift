#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Calls on an entry by its name in the open folder: the path to it may have changed meanwhile.
extension FolderListing {
    /// Opens a folder, never through a symbolic link; negative with `errno` set on failure.
    func open(_ entry: Entry, in folder: Int32) -> Int32 {
        unsafe withName(entry) { unsafe openat(folder, $0, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC) }
    }

    /// Nil with `errno` set on failure.
    func status(_ entry: Entry, in folder: Int32) -> FileStatus? {
        unsafe withName(entry) { unsafe FileStatus(of: $0, in: folder) }
    }

    /// Whether this user may read a file; false with `errno` set when not.
    func isReadable(_ entry: Entry, in folder: Int32) -> Bool {
        // By the rights that reads will be judged by, not those of the user who started the program.
        unsafe withName(entry) { unsafe faccessat(folder, $0, R_OK, AT_EACCESS) == 0 }
    }

    private func withName<Result>(_ entry: Entry, _ body: (UnsafePointer<CChar>) -> Result) -> Result {
        unsafe names.withUnsafeBytes { names in
            // SAFETY: a zero byte follows each name.
            let start = unsafe names.baseAddress! + entry.range.lowerBound
            return unsafe body(start.assumingMemoryBound(to: CChar.self))
        }
    }
}
