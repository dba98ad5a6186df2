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
    var http: HTTPAddress?

    @Option(
        help: ArgumentHelp(
            "File with the keys that HTTP clients must send, as for 'serve'; or the variable MARTLET_API_KEY.",
            valueName: "path"), completion: .file())
    var apiKeyFile: String?

    @OptionGroup var repository: RepositoryOptions

    func validate() throws {
        guard apiKeyFile == nil || http != nil else { throw ValidationError("--api-key-file is for --http.") }
    }

    func run() async throws {
        let target = try IndexTarget(repository)
        guard repository.repo != nil || !["/", NSHomeDirectory()].contains(target.root.path) else {
            throw CommandError.noRepository(path: target.root.path)
        }
        let tools = GraphTools(target)
        let queue = CallQueue { await tools.answer($0, $1) }
        let host = SessionHost(GraphTools.server(target.root), queue: queue)
        guard let http else {
            await tools.prepare()
            await StandardTransport(host: host).serve()
            return await queue.close()
        }
        let server = try makeServer(http, host)
        await tools.prepare()
        // A client that goes away in the middle of an answer is no reason to end.
        signal(SIGPIPE, SIG_IGN)
        let signals = TerminationSignal.all()
        let watch = Task { for await _ in signals { server.stop() } }
        defer { watch.cancel() }
        try await server.run()
    }

    private func makeServer(_ address: HTTPAddress, _ host: SessionHost) throws -> Server {
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
