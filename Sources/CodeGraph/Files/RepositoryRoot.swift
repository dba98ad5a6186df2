#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// The top folder of what is indexed.
package struct RepositoryRoot: Hashable, Sendable {
    /// Absolute, without symbolic links and dots.
    package let path: String

    /// - Parameter path: of a folder.
    package init(_ path: String) throws(RepositoryPathError) {
        self.path = try Self.resolved(path)
        guard Self.isFolder(self.path) else { throw .notAFolder(path: path) }
    }

    /// Returns the nearest folder that holds `.git`, from the given one upward; else the folder itself.
    /// - Parameter path: of a folder, or of a file in it.
    package static func find(from path: String) throws(RepositoryPathError) -> RepositoryRoot {
        let resolved = try resolved(path)
        let start = isFolder(resolved) ? resolved : parent(of: resolved)
        var folder = start
        while true {
            // In submodules and worktrees it is a file.
            if unsafe access(folder + "/.git", F_OK) == 0 { return try RepositoryRoot(folder) }
            guard folder != "/" else { return try RepositoryRoot(start) }
            folder = parent(of: folder)
        }
    }

    /// Returns the path below this root of what a user named, empty for the root itself.
    ///
    /// Dots and symbolic links are resolved first, so that none of them leads out.
    /// - Parameter given: absolute, or from the root.
    package func relativePath(of given: String) throws(RepositoryPathError) -> String {
        let resolved: String
        do {
            resolved = try Self.resolved(given.hasPrefix("/") ? given : path + "/" + given)
        } catch .notFound {
            throw .notFound(path: given)
        }
        if resolved == path { return "" }
        let prefix = path == "/" ? path : path + "/"
        guard resolved.utf8.starts(with: prefix.utf8) else {
            throw .outside(path: given, target: resolved, root: path)
        }
        return String(resolved.utf8.dropFirst(prefix.utf8.count))!
    }

    private static func resolved(_ path: String) throws(RepositoryPathError) -> String {
        // A C string would end there, and name something else.
        guard !path.utf8.contains(0), !path.isEmpty else { throw .notFound(path: path) }
        guard let resolved = unsafe realpath(path, nil) else {
            let code = errno
            if code == ENOENT || code == ENOTDIR { throw .notFound(path: path) }
            throw .notReadable(path: path, code: code)
        }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    private static func isFolder(_ path: String) -> Bool {
        var status = stat()
        return unsafe stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
    }

    private static func parent(of path: String) -> String {
        guard let slash = path.lastIndex(of: "/"), slash != path.startIndex else { return "/" }
        return String(path[..<slash])
    }
}
