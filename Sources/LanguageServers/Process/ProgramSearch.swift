#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Finds programs the way that shells do, but never in the folder at hand: that belongs to the repository that is
/// asked about.
package struct ProgramSearch: Sendable {
    private let folders: [String]
    private let home: String?

    package init(environment: [String: String]) {
        folders = (environment["PATH"] ?? "").split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
        home = environment["HOME"]
    }

    /// The absolute path of a program; nil where there is none.
    package func path(of program: String) -> String? {
        if program.hasPrefix("~/"), let home { return path(of: home + program.dropFirst(1)) }
        if program.hasPrefix("/") { return Self.canRun(program) ? program : nil }
        guard !program.contains("/"), !program.isEmpty else { return nil }
        return folders.lazy.map { $0 + "/" + program }.first(where: Self.canRun)
    }

    private static func canRun(_ path: String) -> Bool {
        var status = stat()
        guard unsafe stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
        return unsafe access(path, X_OK) == 0
    }
}
