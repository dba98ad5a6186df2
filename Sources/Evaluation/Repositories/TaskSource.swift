/// Where tasks come from.
package enum TaskSource: Hashable, Sendable {
    /// Commits that came with tests.
    case history
    /// The tests that fail now.
    case failing
    /// What somebody wrote down.
    case list([TaskListEntry])
}
