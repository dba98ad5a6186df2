import ArgumentParser
import Chat
import Foundation
import Generation
import ModelFiles
import Residency
import Server
import Settings

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve models over HTTP, as OpenAI's API.",
        discussion: """
            Prints the address on standard output and a line for each request on standard error, never a word of prompts \
            or answers. The address also shows a page to chat with. Several models share the memory: what was used longest \
            ago makes room for what is needed. An embedding model answers /v1/embeddings; a chat model \
            does too, with vectors of its own, which those of a model given with --embedding are better than. The sampling \
            flags give the values for what requests leave open. SIGTERM and Ctrl-C end the server when running requests are \
            answered, a second one at once. See Docs/Serving.md.
            """)
    @Argument(
        help: ArgumentHelp(
            """
            Catalogue names, or paths of GGUF files. The first is loaded at once and answers requests that name no model, the \
            others are loaded on first use. Default: the setting 'model'.
            """, valueName: "model"), completion: .storedModels)
    var models: [String] = []
    @Option(
        help: ArgumentHelp(
            "Embedding model to serve beside MODEL, as all-minilm:l6, under its own name.", valueName: "model"),
        completion: .storedModels)
    var embedding: String?
    @Option(
        help: ArgumentHelp(
            "Requests that are answered at a time, each with a context of its own; more wait.", valueName: "count"))
    var parallel = 1
    @Option(help: ArgumentHelp("Requests that may wait for their turn; more get a 429.", valueName: "count"))
    var queue = 64
    @Option(
        help: ArgumentHelp(
            "Seconds that an answer may take, from the asking to its end. Default: as long as it takes.",
            valueName: "seconds"))
    var timeout: Double?
    @Flag(help: "Do not print a line for each request.")
    var quiet = false
    @OptionGroup(title: "Server") var server: ServerOptions
    @OptionGroup(title: "Models") var residency: ResidencyOptions
    @OptionGroup(title: "Cache of prefixes") var cache: CacheOptions
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup(title: "Engine") var speculation: SpeculationOptions
    @OptionGroup(title: "Engine") var draft: DraftOptions

    func validate() throws {
        guard !models.isEmpty || !residency.offersAll || (adapters.adapters.isEmpty && draft.draftModel == nil) else {
            throw ValidationError("--adapter and --draft are for the first model: name one.")
        }
        guard (1...64).contains(parallel) else { throw ValidationError("--parallel takes 1 to 64.") }
        guard queue >= 0 else { throw ValidationError("--queue takes a number from 0.") }
        guard (0.001...1e6).contains(timeout ?? 1) else { throw ValidationError("--timeout takes 0.001 to 1000000.") }
    }

    func run() async throws {
        var flags = SettingsLayer()
        try flags.setFlag(.model, models.first.map(SettingValue.text))
        try engine.add(to: &flags)
        try speculation.add(to: &flags)
        try draft.add(to: &flags)
        try sampling.add(to: &flags)
        let plan = try ResolvedSettings(flags: flags).plan
        if server.service { return try printUnit(plan) }
        let configuration = try server.configuration()
        let log = ServerLog(showsRequests: !quiet, form: server.logFormat)
        let offer = try offer(plan, log)
        if !requested(plan).isEmpty {
            // What is wrong with it ends the start, not the first request.
            do { try await offer.pool.withModel(0) { _ in } } catch let error as ModelLoadError { throw error.reason }
        }
        let pull = Self.pulling(into: ModelStore(root: plan.modelsFolder))
        let http = try Server(
            configuration, models: offer.chats, embeddings: offer.embeddings, pull: pull
        ) { log.write($0) }
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
        await offer.pool.close()
    }

    private func printUnit(_ plan: SettingsPlan) throws {
        // Variables of whoever prints it are not there when it starts.
        guard ServerConfiguration.isLoopback(server.host) || server.apiKeyFile != nil else {
            throw ServerError.openToOthers(host: server.host)
        }
        let program = Bundle.main.executablePath ?? CommandLine.arguments[0]
        let unit = ServiceUnit(
            program: (program as NSString).resolvingSymlinksInPath,
            commandLine: Array(CommandLine.arguments.dropFirst()),
            models: try requested(plan).map { ($0, try plan.path(of: $0)) }, firstName: residency.firstName,
            offersAll: residency.offersAll,
            readable: adapters.adapters.map(\.path) + [server.adapterFolder].compactMap(\.self),
            modelsFolder: plan.modelsFolder, keyFile: server.apiKeyFile, drainSeconds: server.drainSeconds,
            isLocal: ServerConfiguration.isLoopback(server.host), folder: FileManager.default.currentDirectoryPath)
        try TextOutput.results.write(unit.text)
    }

    /// A catalogue name as it is, of a path what the file is called.
    static func name(of model: String) -> String {
        guard model.contains("/") || model.hasSuffix(".gguf") else { return model }
        let name = (model as NSString).lastPathComponent
        return name.hasSuffix(".gguf") ? String(name.dropLast(".gguf".count)) : name
    }
}
