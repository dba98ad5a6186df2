import ArgumentParser
import GrammarFiles
import Settings

struct GrammarCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grammar",
        abstract: "Pull and list the grammars of programming languages.",
        discussion: """
            Grammars are tree-sitter's, compiled: a bundle that 'martlet grammar pull' fetches, and libraries of your own \
            (libtree_sitter_NAME.so, .dylib on macOS) in the folder 'own', which go before those of the bundle.
            """,
        subcommands: [GrammarPullCommand.self, GrammarListCommand.self])
}

/// Where the grammars are.
struct GrammarStoreOptions: ParsableArguments {
    @Option(
        name: .customLong("grammars"),
        help: ArgumentHelp("Folder that grammars are kept in.", valueName: "folder"), completion: .directory)
    var folder: String?

    func store() throws -> GrammarStore {
        var flags = SettingsLayer()
        try add(to: &flags)
        return try GrammarStore(root: ResolvedSettings(flags: flags).plan.grammarsFolder)
    }

    func add(to flags: inout SettingsLayer) throws { try flags.setFlag(.grammars, folder.map(SettingValue.text)) }
}
