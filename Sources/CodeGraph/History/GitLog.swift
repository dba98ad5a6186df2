internal import Foundation
internal import Processes

/// What git tells of a repository's last commits.
enum GitLog {
    struct Commit: Hashable {
        var subject: String
        var body: String
        /// Of the files that it changed, by the names that they have now.
        var paths: [String]
    }

    /// More commits say little that these do not.
    private static let commitLimit = 1500
    /// Whatever changes more files is about none of them.
    private static let pathLimit = 30
    private static let seconds = 10.0

    /// The newest first, merges left out; none where git is not there, or refuses.
    /// - Parameter root: of the repository.
    static func commits(ofRepositoryAt root: String) -> [Commit] {
        let process = GitCommand.process(
            in: root,
            ["log", "--no-show-signature", "--no-ext-diff", "--no-textconv", "--no-merges", "--no-color", "-M"]
                + ["--name-status", "--format=%x01%s%x02%b%x02", "-n", "\(commitLimit)"])
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return [] }
        // A history that takes longer is cut off: what came by then are its newest commits.
        let limit = DispatchWorkItem { process.terminate() }
        DispatchQueue.global().asyncAfter(deadline: .now() + seconds, execute: limit)
        let text = (try? output.fileHandleForReading.readToEnd()) ?? Data()
        process.waitUntilExit()
        limit.cancel()
        return parsed(String(decoding: text, as: UTF8.self))
    }

    /// - Parameter text: for each commit a byte 1, the subject, a byte 2, the body, a byte 2, and a line for each file:
    ///   `M`, a tab and its path, or `R100`, its path before and its path after.
    static func parsed(_ text: String) -> [Commit] {
        var commits: [Commit] = []
        // Files that were renamed later, by the names that they had.
        var names: [Substring: String] = [:]
        for entry in text.split(separator: "\u{1}") {
            let parts = entry.split(separator: "\u{2}", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            var paths: [String] = []
            for line in parts[2].split(separator: "\n") {
                let fields = line.split(separator: "\t")
                guard fields.count > 1, let last = fields.last else { continue }
                let name = names[last] ?? String(last)
                if fields.count == 3, line.hasPrefix("R") { names[fields[1]] = name }
                paths.append(name)
            }
            guard (1...pathLimit).contains(paths.count) else { continue }
            commits.append(Commit(subject: String(parts[0]), body: withoutTrailers(parts[1]), paths: paths))
        }
        return commits
    }

    /// Names of people say nothing about code.
    private static func withoutTrailers(_ body: Substring) -> String {
        body.split(separator: "\n").filter { line in
            guard let colon = line.firstIndex(of: ":") else { return true }
            let key = line[..<colon].lowercased()
            return !key.hasSuffix("-by") && key != "cc" && key != "change-id"
        }.joined(separator: "\n")
    }
}
