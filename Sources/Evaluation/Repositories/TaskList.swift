internal import YAML

/// A task as somebody wrote it down.
package struct TaskListEntry: Hashable, Sendable {
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

/// Lists of tasks in YAML, of which JSON is a kind.
package enum TaskList {
    private static let keys = ["id", "message", "command", "base", "files", "tests", "setup"]

    /// In the order of the list.
    /// - Throws: with the line of what is no task, or not known.
    package static func entries(_ bytes: [UInt8]) throws(RepositoryError) -> [TaskListEntry] {
        let root: YAMLNode
        do { root = try YAMLNode(parsing: bytes) } catch { throw .badList(reason: error.description) }
        guard let list = root.elements else { throw .badList(reason: "line \(root.line): it is no list") }
        var entries: [TaskListEntry] = []
        var ids: Set<String> = []
        for node in list {
            let entry = try entry(node)
            if let id = entry.id, !ids.insert(id).inserted {
                throw .badList(reason: "line \(node.line): a second task is called '\(id)'")
            }
            entries.append(entry)
        }
        return entries
    }

    private static func entry(_ node: YAMLNode) throws(RepositoryError) -> TaskListEntry {
        guard let values = node.entries else { throw .badList(reason: "line \(node.line): a task is keys and values") }
        if let unknown = values.keys.filter({ !keys.contains($0) }).min(), let value = values[unknown] {
            throw .badList(reason: "line \(value.line): '\(unknown)' is not known")
        }
        guard let message = try text("message", values) else {
            throw .badList(reason: "line \(node.line): a task has no 'message'")
        }
        var entry = TaskListEntry(
            id: try text("id", values), message: message, command: try text("command", values),
            base: try text("base", values), setup: try text("setup", values))
        if let files = values["files"], !files.isNull {
            guard let elements = files.elements else {
                throw .badList(reason: "line \(files.line): 'files' is no list of paths")
            }
            entry.files = try elements.map { element throws(RepositoryError) in
                guard let path = element.text else { throw .badList(reason: "line \(element.line): this is no path") }
                return path
            }
        }
        if let tests = values["tests"], !tests.isNull {
            guard let texts = tests.entries else {
                throw .badList(reason: "line \(tests.line): 'tests' are no texts by path")
            }
            entry.tests = [:]
            for path in texts.keys { entry.tests?[path] = try text(path, texts) ?? "" }
        }
        return entry
    }

    private static func text(_ key: String, _ values: [String: YAMLNode]) throws(RepositoryError) -> String? {
        guard let value = values[key], !value.isNull else { return nil }
        guard let text = value.text else { throw .badList(reason: "line \(value.line): '\(key)' is no text") }
        return text
    }
}
