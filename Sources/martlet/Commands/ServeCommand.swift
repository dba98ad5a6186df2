import ArgumentParser
import Foundation
import Generation
import LocalChat
import Server
import Settings

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve a model over HTTP, as OpenAI's API.",
        discussion: """
            Prints the address on standard output and a line for each request on standard error, never a word of prompts \
            or answers. The sampling flags give the values for what requests leave open. SIGTERM and Ctrl-C end the server \
            when running requests are answered, a second one at once. See Docs/Serving.md.
            """)
    @Argument(
        help: "Catalogue name, or the path of a GGUF file. Default: the setting 'model'.", completion: .storedModels)
    var model: String?
    @Option(
        help: ArgumentHelp("Name that requests call the model by. Default: the model's own.", valueName: "name"))
    var alias: String?
    @Option(
        help: ArgumentHelp(
            "Requests that are answered at a time, each with a context of its own; more wait.", valueName: "count"))
    var parallel = 1
    @Flag(help: "Do not print a line for each request.")
    var quiet = false
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Cache of prefixes") var cache: CacheOptions
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Engine") var engine: EngineOptions

    func validate() throws {
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel takes 1 to 64.") }
    }

    func run() async throws {
        var flags = SettingsLayer()
        try flags.setFlag(.model, model.map(SettingValue.text))
        try engine.add(to: &flags)
        try sampling.add(to: &flags)
        let plan = try ResolvedSettings(flags: flags).plan
        let configuration = try server.configuration()
        let loaded = try plan.loadModel()
        let chat = try LocalChatModel(
            loaded, plan.sessionOptions(for: loaded, adapters: adapters), sequences: parallel,
            prefixes: cache.prefixes(environment: ProcessInfo.processInfo.environment), needsTemplate: false)
        let log = ServerLog(showsRequests: !quiet)
        let served = ServedModel(
            name: alias ?? Self.name(of: plan.model), model: chat, defaults: plan.responseOptions())
        let http = try Server(configuration, models: [served]) { log.write($0) }
        // A client that goes away in the middle of an answer is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        let signals = TerminationSignal.all()
        let watch = Task {
            var isFirst = true
            for await signal in signals {
                guard isFirst else { Foundation.exit(128 + signal) }
                isFirst = false
                http.drain()
            }
        }
        defer { watch.cancel() }
        try await http.run()
        chat.prefixes?.flush()
    }

    /// A catalogue name as it is, of a path what the file is called.
    private static func name(of model: String) -> String {
        guard model.contains("/") || model.hasSuffix(".gguf") else { return model }
        let name = (model as NSString).lastPathComponent
        return name.hasSuffix(".gguf") ? String(name.dropLast(".gguf".count)) : name
    }
}
