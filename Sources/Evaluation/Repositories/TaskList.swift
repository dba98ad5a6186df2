/// A task as somebody wrote it down. Any decoder reads it.
package struct TaskListEntry: Hashable, Sendable, Codable {
    package var id: String?
    package var message: String
    /// A command line; nil: the one for all.
    package var command: String?
    /// A commit, by whatever name; nil: the one that is checked out.
    package var base: String?
    /// What may be changed; nil: what the message and the tests' output name.
    package var files: [String]?
    /// Texts by path, put over what is there.
    package var tests: [String: String]?
    package var setup: String?

    package init(
        id: String? = nil, message: String, command: String? = nil, base: String? = nil, files: [String]? = nil,
        tests: [String: String]? = nil, setup: String? = nil
    ) {
        self.id = id
        self.message = message
        self.command = command
        self.base = base
        self.files = files
        self.tests = tests
        self.setup = setup
    }
}
