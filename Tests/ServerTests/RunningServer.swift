import Chat
import Server
import Synchronization

/// A server on a port of its own, for as long as a test needs it.
struct RunningServer: Sendable {
    let server: Server
    let port: Int
    let log: Log

    final class Log: Sendable {
        private let lines = Mutex<[RequestRecord]>([])
        func add(_ record: RequestRecord) { lines.withLock { $0.append(record) } }

        /// All, once there are as many: a client has its answer before the server notes that it gave one.
        func records(_ count: Int) async throws -> [RequestRecord] {
            while true {
                let records = lines.withLock { $0 }
                if records.count >= count { return records }
                try await Task.sleep(for: .milliseconds(1))
            }
        }
    }

    static func with<R: Sendable>(
        _ model: ScriptedModel, sequences: Int = 1, embeddings: [ServedEmbeddingModel] = [], pull: PullModel? = nil,
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (RunningServer) async throws -> R
    ) async throws -> R {
        try await with(
            model as any TextModel, sequences: sequences, embeddings: embeddings, pull: pull, change, body)
    }

    /// Runs `body` against a server, and returns when the server has ended.
    static func with<R: Sendable>(
        _ model: any TextModel, aliases: [String] = [], sequences: Int = 1, embeddings: [ServedEmbeddingModel] = [],
        pull: PullModel? = nil,
        _ change: (inout ServerConfiguration) -> Void = { _ in },
        _ body: (RunningServer) async throws -> R
    ) async throws -> R {
        var configuration = ServerConfiguration()
        configuration.port = 0
        // A test that waits for its turn on a full machine must not see what goes by the clock.
        configuration.heartbeat = .seconds(86400)
        configuration.stallLimit = .seconds(86400)
        configuration.idleLimit = .seconds(86400)
        configuration.drainLimit = .seconds(86400)
        change(&configuration)
        var defaults = ResponseOptions()
        defaults.temperature = 0.7
        let (ports, found) = AsyncStream<Int>.makeStream()
        let log = Log()
        var served = ServedModel(name: "test:1", model: model, defaults: defaults)
        served.sequences = sequences
        served.aliases = aliases
        let server = try Server(configuration, models: [served], embeddings: embeddings, pull: pull) { event in
            switch event {
            case .listening(_, let port): found.yield(port)
            case .answered(let record): log.add(record)
            case .draining: break
            }
        }
        async let run: Void = server.run()
        var iterator = ports.makeAsyncIterator()
        let port = await iterator.next()!
        defer { server.stop() }
        let result = try await body(RunningServer(server: server, port: port, log: log))
        server.stop()
        try await run
        return result
    }
}
