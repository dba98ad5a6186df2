package import MCP
import NIOCore
import NIOHTTP1
import NIOPosix

/// Serves models over HTTP.
package final class Server: Sendable {
    private let configuration: ServerConfiguration
    private let service: any Service
    private let state: ServerState
    private let report: @Sendable (ServerEvent) -> Void

    /// - Parameters:
    ///   - models: at least one, of either kind.
    ///   - embeddings: models that make vectors; one that does both has its name in both lists.
    ///   - pull: fetches models for clients that ask for it; without, they are refused.
    ///   - report: told what happens, from any thread.
    package convenience init(
        _ configuration: ServerConfiguration, models: [ServedModel], embeddings: [ServedEmbeddingModel] = [],
        pull: PullModel? = nil,
        report: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws(ServerError) {
        precondition(!models.isEmpty || !embeddings.isEmpty)
        let state = ServerState()
        let endpoints = Endpoints(
            models: models, embeddings: embeddings, state: state, version: configuration.version, pull: pull,
            slotFolder: configuration.slotFolder, adapterFolder: AdapterFolder(configuration.adapterFolder),
            heartbeat: configuration.heartbeat,
            stallLimit: configuration.stallLimit)
        try self.init(configuration, endpoints, state, report)
    }

    /// Serves the Model Context Protocol instead of models.
    package convenience init(
        _ configuration: ServerConfiguration, mcp host: SessionHost,
        report: @escaping @Sendable (ServerEvent) -> Void = { _ in }
    ) throws(ServerError) {
        let service = MCPService(
            host: host, heartbeat: configuration.heartbeat, stallLimit: configuration.stallLimit)
        try self.init(configuration, service, ServerState(), report)
    }

    private init(
        _ configuration: ServerConfiguration, _ service: any Service, _ state: ServerState,
        _ report: @escaping @Sendable (ServerEvent) -> Void
    ) throws(ServerError) {
        guard configuration.isLocal || !configuration.keys.isEmpty else {
            throw .openToOthers(host: configuration.host)
        }
        self.configuration = configuration
        self.service = service
        self.state = state
        self.report = report
    }

    /// Serves until `drain()` or `stop()` has ended the last connection, or the task is cancelled.
    package func run() async throws(ServerError) {
        // One thread moves the bytes; the cores are for the model.
        let threads = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener: NIOAsyncChannel<Connection.AsyncChannel, Never>
        do {
            listener = try await bind(threads)
        } catch {
            try? await threads.shutdownGracefully()
            throw .cannotListen(host: configuration.host, port: configuration.port, reason: "\(error)")
        }
        let port = listener.channel.localAddress?.port ?? configuration.port
        state.listen(on: listener.channel)
        report(.listening(host: configuration.host, port: port))
        await withDiscardingTaskGroup { tasks in
            // The end of the listener is the end of serving, whatever brought it about.
            try? await listener.executeThenClose { connections in
                for try await channel in connections { take(channel, in: &tasks) }
            }
        }
        state.forgetListener()
        try? await threads.shutdownGracefully()
    }

    /// Takes no new requests, and ends when those that run are answered, or after a while. May be called from anywhere.
    package func drain() {
        report(.draining(running: state.drain()))
        Task { [self] in
            try await Task.sleep(for: configuration.drainLimit)
            stop()
        }
    }

    /// Ends at once.
    package func stop() { state.closeAll() }

    private func take(_ channel: Connection.AsyncChannel, in tasks: inout DiscardingTaskGroup) {
        guard let id = state.join(channel.channel, limit: configuration.connectionLimit) else {
            tasks.addTask { try? await channel.executeThenClose { _, _ in } }
            return
        }
        let connection = Connection(
            id: id, channel: channel, service: service, configuration: configuration, state: state, report: report)
        tasks.addTask {
            await connection.run()
            connection.state.leave(id)
        }
    }

    private func bind(
        _ threads: MultiThreadedEventLoopGroup
    ) async throws -> NIOAsyncChannel<Connection.AsyncChannel, Never> {
        try await ServerBootstrap(group: threads)
            .serverChannelOption(ChannelOptions.backlog, value: 256)
            .serverChannelOption(ChannelOptions.socketOption(.so_reuseaddr), value: 1)
            .childChannelOption(ChannelOptions.tcpOption(.tcp_nodelay), value: 1)
            .bind(host: configuration.host, port: configuration.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let pipeline = channel.pipeline.syncOperations
                    // Without NIO's assistance for pipelining, which would stop reading while an answer is made.
                    try pipeline.configureHTTPServerPipeline(withPipeliningAssistance: false)
                    try pipeline.addHandler(ByteResponseHandler())
                    return try Connection.AsyncChannel(wrappingChannelSynchronously: channel)
                }
            }
    }
}

/// Why a server cannot begin.
package enum ServerError: Error, Hashable, Sendable {
    /// Others could reach the server, and there are no keys.
    case openToOthers(host: String)
    case cannotListen(host: String, port: Int, reason: String)
}

extension ServerError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .openToOthers(let host):
            """
            with --host \(host) others can reach this server, so it needs keys: give a file with one a line \
            (--api-key-file), or the variable MARTLET_API_KEY.
            """
        case .cannotListen(let host, let port, let reason):
            """
            the server cannot listen on \(host), port \(port): \(reason). Is another one running there? Give another \
            --port.
            """
        }
    }
}
