#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// A path that cannot be a repository, or does not lie in it.
package enum RepositoryPathError: Error, Hashable, CustomStringConvertible {
    case notFound(path: String)
    case notAFolder(path: String)
    /// - code: the `errno` of the call.
    case notReadable(path: String, code: Int32)
    /// - target: what the path leads to, without symbolic links and dots.
    case outside(path: String, target: String, root: String)

    package var description: String {
        switch self {
        case .notFound(let path):
            "there is no file or folder '\(path)'. Check the path; relative ones begin at the repository's root."
        case .notAFolder(let path): "'\(path)' is a file. Name the folder of the repository."
        case .notReadable(let path, let code):
            "cannot read '\(path)': \(unsafe String(cString: strerror(code))). Check its permissions."
        case .outside(let path, let target, let root):
            "'\(path)' leads to \(target), outside the repository \(root). Name a path inside it."
        }
    }
}
