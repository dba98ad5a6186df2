#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// What git keeps beside a repository's files.
enum GitFolder {
    /// The rules that a repository keeps to itself, `info/exclude`; none when it has no such file.
    /// - Parameter top: the folder of `.git`, which is a file in submodules and worktrees.
    static func ownRules(ofRepositoryAt top: String) -> IgnoreRules {
        IgnoreRules(parsing: SmallFile.read(folders(ofRepositoryAt: top).common + "/info/exclude") ?? [])
    }

    /// Changes whenever another commit is checked out; nil where there is no repository.
    /// - Parameter top: the folder of `.git`.
    static func head(ofRepositoryAt top: String) -> String? {
        let (own, common) = folders(ofRepositoryAt: top)
        guard let head = SmallFile.line(own + "/HEAD") else { return nil }
        guard head.hasPrefix("ref: ") else { return head }
        if let commit = SmallFile.line(common + "/" + head.dropFirst("ref: ".count)) { return head + " " + commit }
        // The branch is in one of the files that hold many.
        let stamps = ["packed-refs", "reftable/tables.list"].map { file in
            unsafe FileStatus(of: common + "/" + file, in: FileStatus.noFolder).map { "\($0.changedNanoseconds)" }
                ?? "-"
        }
        return ([head] + stamps).joined(separator: " ")
    }

    /// The folder of a repository or worktree, and that of the repository that it was made of.
    private static func folders(ofRepositoryAt top: String) -> (own: String, common: String) {
        var own = top + "/.git"
        if let line = SmallFile.line(own), line.hasPrefix("gitdir:") {
            own = absolute(String(line.dropFirst("gitdir:".count).drop { $0 == " " }), from: top)
        }
        return (own, SmallFile.line(own + "/commondir").map { absolute($0, from: own) } ?? own)
    }

    /// The rules that hold in all of this user's repositories, where git looks for them unless told otherwise.
    static func userRules() -> IgnoreRules {
        let folder: String
        if let configuration = environment("XDG_CONFIG_HOME"), !configuration.isEmpty {
            folder = configuration
        } else if let home = environment("HOME") {
            folder = home + "/.config"
        } else {
            return IgnoreRules(parsing: [])
        }
        return IgnoreRules(parsing: SmallFile.read(folder + "/git/ignore") ?? [])
    }

    private static func absolute(_ path: String, from folder: String) -> String {
        path.hasPrefix("/") ? path : folder + "/" + path
    }

    private static func environment(_ name: String) -> String? {
        unsafe getenv(name).map { unsafe String(cString: $0) }
    }
}
