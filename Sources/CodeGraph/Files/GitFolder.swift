#if canImport(Glibc)
    internal import Glibc
#elseif canImport(Musl)
    internal import Musl
#elseif canImport(Darwin)
    internal import Darwin
#endif

/// Where git keeps what the ignore rules need besides the `.gitignore` files.
enum GitFolder {
    /// The rules that a repository keeps to itself, `info/exclude`; none when it has no such file.
    /// - Parameter top: the folder of `.git`, which is a file in submodules and worktrees.
    static func ownRules(ofRepositoryAt top: String) -> IgnoreRules {
        var folder = top + "/.git"
        if let line = SmallFile.line(folder), line.hasPrefix("gitdir:") {
            folder = absolute(String(line.dropFirst("gitdir:".count).drop { $0 == " " }), from: top)
        }
        // Worktrees share the folder of the repository that they were made of.
        if let common = SmallFile.line(folder + "/commondir") { folder = absolute(common, from: folder) }
        return IgnoreRules(parsing: SmallFile.read(folder + "/info/exclude") ?? [])
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
