/// Why nothing was run. A sandbox that cannot hold back all that it has to runs nothing.
package enum SandboxError: Error, Hashable, CustomStringConvertible {
    case programMissing(String)
    case noControlGroup(reason: String)
    case noFilter(reason: String)
    case refused(reason: String)
    case badFile(path: String)
    case tooManyFiles(count: Int, most: Int)
    case survived(processes: Int)
    case cancelled
    case system(action: String, reason: String)
    case unsupportedPlatform

    package var description: String {
        switch self {
        case .programMissing(let name):
            """
            code can't be run in a sandbox: there is no \(name) on PATH. Install it (Debian: apt-get install \
            \(name == "bwrap" ? "bubblewrap" : "util-linux")), then try again.
            """
        case .noControlGroup(let reason):
            """
            code can't be run in a sandbox: the memory of all its processes can't be limited, since \(reason). \
            Run the command in a control group of its own: systemd-run --user --scope -p Delegate=yes martlet …
            """
        case .noFilter(let reason):
            "code can't be run in a sandbox: its system calls can't be filtered, since \(reason)."
        case .refused(let reason):
            """
            code can't be run in a sandbox: bubblewrap could not set it up: \(reason). Are user namespaces allowed on this \
            machine (sysctl kernel.unprivileged_userns_clone, user.max_user_namespaces, or a container's profile)?
            """
        case .badFile(let path):
            "'\(path)' is no path within a sandbox's folder. Give one without '..' that does not begin with '/'."
        case .tooManyFiles(let count, let most): "\(count) files are too many for a sandbox; it takes \(most)."
        case .survived(let processes):
            "\(processes) processes of a sandbox can't be ended. What it said is not used. Look for them with ps, as user nobody."
        case .cancelled: "the program was ended before it was done, since nobody waits for it any more."
        case .system(let action, let reason): "\(action) failed: \(reason)."
        case .unsupportedPlatform: "code can't be run in a sandbox on this platform yet; Linux is needed."
        }
    }
}
