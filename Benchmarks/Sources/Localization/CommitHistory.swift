package import Foundation
import SideBySide

/// A commit with one parent, as `git log` tells of it.
package struct Commit: Hashable, Sendable {
    package var hash: String
    package var parent: String
    package var author: String
    package var message: String
    package var changes: [Change]

    package struct Change: Hashable, Sendable {
        /// `A`, `M`, `D`, or `R` and how alike the two files are.
        package var status: String
        /// Before the commit; that of a new file is the one that it has after it.
        package var path: String
        package var newPath: String
    }

    package init(hash: String, parent: String, author: String, message: String, changes: [Change]) {
        self.hash = hash
        self.parent = parent
        self.author = author
        self.message = message
        self.changes = changes
    }
}

/// A repository's history, read with git.
package struct CommitHistory: Sendable {
    /// Of the repository, bare or not.
    package let folder: String

    package init(folder: String) { self.folder = folder }

    /// The last commits that are no merges, the newest first.
    package func commits(_ count: Int) throws -> [Commit] {
        let text = try git([
            "log", "--no-merges", "--format=%x01%H%x02%P%x02%an%x02%B%x02", "--name-status", "-n", "\(count)",
        ])
        return Self.commits(in: text)
    }

    /// - Parameter log: fields end in U+0002, commits begin with U+0001; the changes follow the message.
    package static func commits(in log: String) -> [Commit] {
        log.split(separator: "\u{1}").compactMap { block in
            let fields = block.split(separator: "\u{2}", omittingEmptySubsequences: false).map(String.init)
            // A root commit has no tree to look at.
            guard fields.count == 5, let parent = fields[1].split(separator: " ").first else { return nil }
            let changes = fields[4].split(separator: "\n").compactMap { line -> Commit.Change? in
                let parts = line.split(separator: "\t").map(String.init)
                guard parts.count >= 2 else { return nil }
                return Commit.Change(status: parts[0], path: parts[1], newPath: parts[parts.count - 1])
            }
            return Commit(
                hash: fields[0], parent: String(parent), author: fields[2], message: fields[3], changes: changes)
        }
    }

    /// The lines that a commit changed in a file as it was before; where it only added some, the line that they follow.
    package func changedLines(_ commit: Commit, path: String) throws -> [ClosedRange<Int>] {
        Self.oldLines(inDiff: try git(["diff", "-U0", commit.parent, commit.hash, "--", path]))
    }

    package static func oldLines(inDiff diff: String) -> [ClosedRange<Int>] {
        diff.split(separator: "\n").compactMap { line in
            // @@ -12,3 +12,4 @@
            guard line.hasPrefix("@@ -") else { return nil }
            let numbers = line.dropFirst(4).prefix { $0 != " " }.split(separator: ",").compactMap { Int($0) }
            guard let first = numbers.first else { return nil }
            return first...(first + max(1, numbers.count > 1 ? numbers[1] : 1) - 1)
        }
    }

    /// Makes a clone in `folder` whose trees can be checked out; it shares this repository's objects.
    package func clone(into folder: String) throws {
        if FileManager.default.fileExists(atPath: folder + "/.git") { return }
        _ = try Self.run(["clone", "-q", "--no-checkout", "--shared", self.folder, folder])
    }

    /// Puts the tree of a commit into a clone.
    package static func checkOut(_ commit: String, in clone: String) throws {
        _ = try run(["-C", clone, "checkout", "-q", "-f", commit])
    }

    private func git(_ arguments: [String]) throws -> String { try Self.run(["-C", folder] + arguments) }

    package static func run(_ arguments: [String]) throws -> String {
        try Command("/usr/bin/env", ["git"] + arguments).run().text
    }
}
