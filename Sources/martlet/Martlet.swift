import ArgumentParser
import Foundation

@main
struct Martlet: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "martlet",
        abstract: "Runs open-weight code models on this machine.",
        discussion: """
            Results go to standard output, progress and errors to standard error.
            Exit status: 0 success, 1 a negative result, 2 an error.
            """,
        version: "0.1.0",
        subcommands: [
            RunCommand.self, CompleteCommand.self, ServeCommand.self, ModelCommand.self, IndexCommand.self,
            SearchCommand.self, SymbolCommand.self, CallersCommand.self, CalleesCommand.self, ReferencesCommand.self,
            ImplementersCommand.self, OverridesCommand.self, ImportsCommand.self, PathCommand.self, MapCommand.self,
            ContextCommand.self, GraphCommand.self, MCPCommand.self, GrammarCommand.self, TokenizeCommand.self,
            DetokenizeCommand.self,
            EvalCommand.self, BenchCommand.self, PerplexityCommand.self, LogitsCommand.self, ConfigCommand.self,
            DoctorCommand.self,
        ])

    static var subcommandNames: [String] {
        configuration.subcommands.compactMap { $0.configuration.commandName } + ["help"]
    }

    static func main() async {
        // A parent may have had it ignored; then output to a closed pipe would be an error instead of the quiet end.
        signal(SIGPIPE, SIG_DFL)
        let arguments = Array(CommandLine.arguments.dropFirst())
        var command: any ParsableCommand
        do {
            command = try parseAsRoot(arguments)
        } catch {
            ErrorReport(parsing: error, arguments: arguments).exit()
        }
        do {
            if let found = command as? any AsyncParsableCommand {
                // SAFETY: this task made the command and nothing else holds it.
                nonisolated(unsafe) var asynchronous = found
                try await asynchronous.run()
            } else {
                try command.run()
            }
        } catch {
            ErrorReport(error).exit()
        }
    }
}
