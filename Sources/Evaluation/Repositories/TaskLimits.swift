/// How large a commit may be to be a task.
package struct TaskLimits: Hashable, Sendable {
    /// That it changes, tests apart.
    package var files = 6
    /// Added and taken away in those.
    package var lines = 300
    /// Of the files that a model is shown, together.
    package var bytes = 48_000
    /// Of the tests.
    package var testBytes = 1 << 20
    /// Commits that are looked at.
    package var commits = 500

    package init() {}
}
