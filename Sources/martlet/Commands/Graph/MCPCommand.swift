import ArgumentParser
import CodeGraph
import Foundation
import MCP
import Server

struct MCPCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp",
        abstract: "Answer agents' questions about a repository, as an MCP server.",
        discussion: """
            Agents start this command and talk to it over standard input and output (Model Context Protocol). The tools: \
            search, context, symbol, relations, outline, read. The index is brought up to date before each answer. See \
            Docs/CodeGraph.md for what to tell agents.
            """)

    @Option(
        help: ArgumentHelp(
            """
            Serve HTTP at this address and port instead, as 127.0.0.1:8090; port 0 takes a free one. The URL is printed. \
            Addresses that others can reach need keys.
            """, valueName: "address:port"))
    var http: ListenAddress?

    @Option(
        help: ArgumentHelp(
            "File with the keys that HTTP clients must send, as for 'serve'; or the variable MARTLET_API_KEY.",
            valueName: "path"), completion: .file())
    var apiKeyFile: String?

    @Flag(
        help: """
            Start no language servers, though agents ask for it ('precise' of the tool relations). They may run what the \
            repository's build files say. See Docs/CodeGraph.md.
            """)
    var noPrecise = false

    @OptionGroup var repository: RepositoryOptions
    @OptionGroup var model: TokenModelOptions

    func validate() throws {
        guard apiKeyFile == nil || http != nil else { throw ValidationError("--api-key-file is for --http.") }
    }

    func run() async throws {
        let target = try IndexTarget(repository)
        guard repository.repo != nil || !["/", NSHomeDirectory()].contains(target.root.path) else {
            throw CommandError.noRepository(path: target.root.path)
        }
        let tools = try GraphTools(target, asksServers: !noPrecise, counter: model.loader(for: repository))
        let queue = CallQueue { await tools.answer($0, $1) }
        let host = SessionHost(GraphTools.server(target.root), queue: queue)
        guard let http else {
            await tools.prepare()
            return try await serveStandardInput(host, queue, tools)
        }
        let server = try makeServer(http, host)
        await tools.prepare()
        // A client that goes away in the middle of an answer is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        let signals = TerminationSignal.all()
        let watch = Task { for await _ in signals { server.stop() } }
        defer { watch.cancel() }
        try await server.run()
        queue.cancelAll()
        await queue.close()
        await tools.stop()
    }

    /// Serves until standard input ends, or until somebody ends the program: language servers must not outlive it.
    private func serveStandardInput(_ host: SessionHost, _ queue: CallQueue, _ tools: GraphTools) async throws {
        let session = Task { await StandardTransport(host: host).serve() }
        let signals = TerminationSignal.all()
        let watch = Task { () -> Int32? in
            for await signal in signals {
                session.cancel()
                queue.cancelAll()
                await tools.cancelPreparation()
                return signal
            }
            return nil
        }
        await session.value
        await queue.close()
        await tools.stop()
        watch.cancel()
        if let signal = await watch.value { throw ExitCode(128 + signal) }
    }

    private func makeServer(_ address: ListenAddress, _ host: SessionHost) throws -> Server {
        var configuration = ServerConfiguration()
        configuration.version = Martlet.configuration.version
        configuration.host = address.host
        configuration.port = address.port
        configuration.bodyLimit = 8 << 20
        configuration.keys = try ServerOptions.keys(
            file: apiKeyFile, environment: ProcessInfo.processInfo.environment)
        let log = ServerLog(showsRequests: false)
        return try Server(configuration, mcp: host) { event in
            if case .listening(let host, let port) = event {
                let name = host.contains(":") ? "[\(host)]" : host
                try? TextOutput.results.print("http://\(name):\(port)/mcp")
            } else {
                log.write(event)
            }
        }
    }
}
