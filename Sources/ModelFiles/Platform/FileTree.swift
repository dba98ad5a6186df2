#if canImport(Glibc)
    import Glibc
#elseif canImport(Musl)
    import Musl
#elseif canImport(Darwin)
    import Darwin
#endif

/// Plain operations on files and folders, with the error that the system gave.
package enum FileTree {
    package static func exists(_ path: String) -> Bool { unsafe access(path, F_OK) == 0 }

    package static func isFolder(_ path: String) -> Bool {
        status(path).map { $0.st_mode & S_IFMT == S_IFDIR } ?? false
    }

    /// The size of the regular file at `path`, or nil when there is none.
    package static func fileSize(_ path: String) -> Int? {
        status(path).flatMap { $0.st_mode & S_IFMT == S_IFREG ? Int($0.st_size) : nil }
    }

    private static func status(_ path: String) -> stat? {
        var status = stat()
        return unsafe stat(path, &status) == 0 ? status : nil
    }

    /// Makes the folder at `path` and those above it.
    package static func makeFolder(_ path: String) throws(FileError) {
        if unsafe isFolder(path) || mkdir(path, 0o755) == 0 { return }
        let code = errno
        if code == EEXIST, isFolder(path) { return }
        guard code == ENOENT, let slash = path.dropLast().lastIndex(of: "/"), slash > path.startIndex else {
            throw FileError(path: path, operation: .create, code: code)
        }
        try makeFolder(String(path[..<slash]))
        guard unsafe mkdir(path, 0o755) == 0 || errno == EEXIST else {
            throw FileError(path: path, operation: .create, code: errno)
        }
    }

    /// The names in the folder at `path`, sorted; none when it does not exist.
    package static func names(in path: String) throws(FileError) -> [String] {
        guard let folder = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw FileError(path: path, operation: .list, code: errno)
        }
        defer { unsafe closedir(folder) }
        var names: [String] = []
        while let entry = unsafe readdir(folder) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
                // SAFETY: the system ends d_name with a zero byte inside the entry.
                unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 1) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names.sorted()
    }

    /// Removes the file or folder at `path` with all it holds; fine when there is none. Links are not followed.
    package static func remove(_ path: String) throws(FileError) {
        if unsafe unlink(path) == 0 || errno == ENOENT { return }
        guard errno == EISDIR || errno == EPERM else { throw FileError(path: path, operation: .remove, code: errno) }
        for name in try names(in: path) { try remove(path + "/" + name) }
        guard unsafe rmdir(path) == 0 || errno == ENOENT else {
            throw FileError(path: path, operation: .remove, code: errno)
        }
    }

    package static func rename(_ path: String, to target: String) throws(FileError) {
        guard systemRename(path, target) == 0 else {
            throw FileError(path: target, operation: .rename, code: errno)
        }
    }

    /// Makes sure that the contents of a file, or the names in a folder, are on disk.
    package static func synchronize(_ path: String) throws(FileError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError(path: path, operation: .write, code: errno) }
        defer { close(descriptor) }
        // Some network file systems refuse fsync on folders.
        guard fsync(descriptor) == 0 || errno == EINVAL else {
            throw FileError(path: path, operation: .write, code: errno)
        }
    }

    /// Writes a small file in one step: readers see the old contents or the new.
    /// - synchronizes: whether the contents must survive a power cut.
    package static func replace(_ path: String, with bytes: [UInt8], synchronizes: Bool = true) throws(FileError) {
        let temporary = path + ".new"
        let descriptor = unsafe open(temporary, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw FileError(path: temporary, operation: .create, code: errno) }
        defer { close(descriptor) }
        try writeAll(bytes, to: descriptor, path: temporary)
        guard !synchronizes || fsync(descriptor) == 0 else {
            throw FileError(path: temporary, operation: .write, code: errno)
        }
        try rename(temporary, to: path)
    }

    /// The path without symbolic links and dots; nil when nothing is there.
    package static func resolved(_ path: String) -> String? {
        guard let resolved = unsafe realpath(path, nil) else { return nil }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }
}

private func systemRename(_ path: String, _ target: String) -> Int32 { unsafe rename(path, target) }
