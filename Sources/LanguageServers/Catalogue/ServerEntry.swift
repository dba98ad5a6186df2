package import JSON

/// A language server that may be on a machine, and how to talk to it.
package struct ServerEntry: Hashable, Sendable {
    /// As people know it.
    package var name: String
    /// The names that the protocol gives its languages, by the code graph's names of them.
    package var languages: [String: String]
    /// Program and arguments.
    package var command: [String]
    package var initializationOptions: JSONValue
    /// What it may ask for, by section.
    package var settings: JSONObject
    /// It finds nothing before it has read the project, and does not say that it has not: that long after its start
    /// nothing is not believed, unless it has found something.
    package var warmUp: Duration
    /// It knows definitions of other files only once these are open.
    package var readsOpenFilesOnly: Bool
    /// Without a compilation database it has to be told where headers are.
    package var needsIncludeFolders: Bool
    /// How it is told to leave nothing in the repository.
    package var buildFolder: BuildFolder?
    /// What a user does to have it.
    package var installation: String

    package init(
        name: String, languages: [String: String], command: [String], initializationOptions: JSONValue = .null,
        settings: JSONObject = JSONObject(), warmUp: Duration = .zero, readsOpenFilesOnly: Bool = false,
        needsIncludeFolders: Bool = false,
        buildFolder: BuildFolder? = nil, installation: String
    ) {
        self.name = name
        self.languages = languages
        self.command = command
        self.initializationOptions = initializationOptions
        self.settings = settings
        self.warmUp = warmUp
        self.readsOpenFilesOnly = readsOpenFilesOnly
        self.needsIncludeFolders = needsIncludeFolders
        self.buildFolder = buildFolder
        self.installation = installation
    }

    /// Where a server puts what it makes of a project.
    package struct BuildFolder: Hashable, Sendable {
        /// The folder follows it.
        package var option: String
        /// In the repository: what is there already saves work, and is used and written as the user's own tools do.
        package var usual: String?

        package init(option: String, usual: String? = nil) {
            self.option = option
            self.usual = usual
        }
    }

    /// The files that say how a project is compiled; any of them is better than what can be guessed.
    package static let compilationDatabases = [
        "compile_commands.json", "compile_flags.txt", "build/compile_commands.json", ".clangd",
    ]

    /// - Parameter folders: absolute, with headers; the first one first.
    package func seeing(includeFolders folders: [String]) -> ServerEntry {
        var entry = self
        entry.initializationOptions = ["fallbackFlags": .array(folders.map { .string("-I" + $0) })]
        return entry
    }

    /// Program and arguments for a repository.
    /// - Parameters:
    ///   - program: absolute.
    ///   - folder: for what the server makes; it may not exist.
    ///   - has: whether there is something of a name at the top of the repository.
    package func command(_ program: String, folder: String, has: (String) -> Bool) -> [String] {
        var words = [program] + command.dropFirst()
        if let buildFolder, !(buildFolder.usual.map(has) ?? false) { words += [buildFolder.option, folder] }
        return words
    }
}
