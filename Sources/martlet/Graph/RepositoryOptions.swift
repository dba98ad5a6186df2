import ArgumentParser
import Settings

/// Which repository, and where its index and the grammars are.
struct RepositoryOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Repository, or a folder or file in it. Default: the current folder's.", valueName: "folder"),
        completion: .directory)
    var repo: String?

    @OptionGroup var rules: IgnoreRuleOptions
    @OptionGroup var grammars: GrammarStoreOptions

    func flags() throws -> SettingsLayer {
        var flags = SettingsLayer()
        try grammars.add(to: &flags)
        return flags
    }
}

struct IgnoreRuleOptions: ParsableArguments {
    @Flag(help: "Also index files that git ignores. Such an index is kept beside the other one.")
    var noIgnore = false
}

/// How answers about a repository are printed.
struct GraphAnswerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("Answers at most.", valueName: "count"))
    var limit = 20

    @Flag(help: "Print an array of objects as JSON.")
    var json = false

    func validate() throws {
        guard limit > 0 else { throw ValidationError("--limit takes a whole number above 0.") }
    }
}
