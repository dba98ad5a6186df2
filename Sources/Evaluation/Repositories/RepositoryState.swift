/// The files of a repository at a commit, in memory. What lies in submodules is not there.
struct RepositoryState: Sendable {
    enum Mode: String, Sendable {
        case file = "100644"
        case executable = "100755"
        case link = "120000"
    }

    struct File: Sendable {
        var mode: Mode
        var bytes: [UInt8]
    }

    /// By their paths.
    var files: [String: File] = [:]

    /// - Parameter path: of a file; nil where there is none, or what is there is no UTF-8.
    func text(_ path: String) -> String? {
        guard let file = files[path], file.mode != .link else { return nil }
        return String(validating: file.bytes, as: UTF8.self)
    }

    /// Gives files new texts; those that are there already keep their mode.
    mutating func put(_ texts: [String: String]) {
        for (path, text) in texts {
            // A link would have it written wherever that leads.
            let mode = files[path]?.mode == .executable ? Mode.executable : .file
            files[path] = File(mode: mode, bytes: Array(text.utf8))
        }
    }

    mutating func remove(_ paths: some Sequence<String>) {
        for path in paths { files[path] = nil }
    }

    /// As one archive, in the order of the paths.
    var archive: [UInt8] {
        var archive = TarArchive()
        for (path, file) in files.sorted(by: { $0.key < $1.key }) {
            archive.add(path, file.bytes, mode: file.mode)
        }
        return archive.finished
    }
}
