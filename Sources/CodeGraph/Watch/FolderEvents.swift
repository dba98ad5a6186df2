/// Tells when something changed in folders.
package protocol FolderEvents: AnyObject {
    /// Why changes are looked for instead of being told, if so.
    var limitation: String? { get }

    /// Watches a folder from now on, not those below it. Again for one that is watched: it has this path now.
    /// - Parameter path: from the repository's root, empty for the root.
    /// - Returns: whether it is news: what changed in it until now may have been missed.
    func watch(_ path: String) -> Bool

    /// The changes since the last call; waits until there are some.
    func next() async throws -> FolderChanges
}

package struct FolderChanges: Hashable, Sendable {
    /// Files whose contents changed, from the repository's root.
    package var contents: Set<String> = []
    /// Anything else may have changed, too: names, folders, rules.
    package var isMore = false

    package init() {}

    var isEmpty: Bool { contents.isEmpty && !isMore }
}

/// Says every second that anything may have changed.
final class PolledFolderEvents: FolderEvents {
    let limitation: String?

    init(because limitation: String) { self.limitation = limitation }

    func watch(_ path: String) -> Bool { false }

    func next() async throws -> FolderChanges {
        try await Task.sleep(for: .seconds(1))
        var changes = FolderChanges()
        changes.isMore = true
        return changes
    }
}
