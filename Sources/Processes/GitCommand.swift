package import Foundation

/// git, so that reading a repository changes nothing in it and runs nothing of its own.
package enum GitCommand {
    /// A process that has not begun; its standard streams are the caller's to set.
    /// - Parameter folder: of the repository.
    package static func process(in folder: String, _ arguments: [String]) -> Process {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        // The repository's own settings must not have git run programs, or reach for the network.
        process.arguments =
            ["git", "-C", folder, "--no-pager", "-c", "core.quotePath=false", "-c", "protocol.allow=never"]
            + ["-c", "core.fsmonitor=false"] + arguments
        let ours: Set<String> = ["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_TRACE"]
        process.environment = ProcessInfo.processInfo.environment.filter { !ours.contains($0.key) }
            .merging(["GIT_NO_LAZY_FETCH": "1", "GIT_OPTIONAL_LOCKS": "0", "LC_ALL": "C"]) { $1 }
        return process
    }
}
