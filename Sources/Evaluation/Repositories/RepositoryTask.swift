/// Something to be done in a repository, and the tests that say whether it is.
package struct RepositoryTask: Hashable, Sendable, Codable {
    package var id: String
    /// What is to be done.
    package var message: String
    /// The repository's folder.
    package var repository: String
    /// The commit that it begins at.
    package var base: String
    /// The program that decides, and its arguments.
    package var command: [String]
    /// A line of shell that is run before, in the repository's folder.
    package var setup: String?
    /// What a model sees and may change, whether it is there already or not: told, not found.
    package var files: [String]
    /// What a model sees, but may not change.
    package var context: [String]?
    /// Texts that are put over whatever an answer does: tests, and what runs them.
    package var tests: [String: String]
    /// Files that are taken away before the tests run: tests of before.
    package var removed: [String]?
    /// What an answer cannot change.
    package var protected: [String]
    /// Names of tests that pass with the right solution, where the command's output tells.
    package var mustPass: [String]
    /// The commit that does it; nil where nobody has.
    package var solution: String?

    package init(
        id: String, message: String, repository: String, base: String, command: [String], setup: String? = nil,
        files: [String] = [], context: [String]? = nil, tests: [String: String] = [:], removed: [String]? = nil,
        protected: [String] = [], mustPass: [String] = [], solution: String? = nil
    ) {
        self.id = id
        self.message = message
        self.repository = repository
        self.base = base
        self.command = command
        self.setup = setup
        self.files = files
        self.context = context
        self.tests = tests
        self.removed = removed
        self.protected = protected
        self.mustPass = mustPass
        self.solution = solution
    }
}
