import Chat
import JSON
import MCP
import NIOHTTP1
import WireFormats

/// Answers the Model Context Protocol at `/mcp`.
struct MCPService: Service {
    let host: SessionHost
    /// A stream is never silent for longer.
    let heartbeat: Duration
    /// How long a client may take nothing of a stream.
    let stallLimit: Duration

    func route(method: String, target: String) throws(APIError) -> Route {
        guard target.prefix(while: { $0 != "?" }) == Route.mcp.pattern else {
            throw APIError(
                status: 404, kind: .invalidRequest,
                message: "There is no \(target.prefix(200)) here. There is: \(Route.mcp.pattern).", code: "not_found")
        }
        return .mcp
    }

    func note(_ record: RequestRecord) {}

    func answer(
        _ request: IncomingRequest, _ route: Route, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        let asked = HTTPExchange.Request(
            method: request.head.method.rawValue, headers: request.head.headers.map { ($0.name, $0.value) },
            body: request.body)
        switch HTTPExchange.step(asked) {
        case .refuse(let status, let error, let id):
            try await refuse(status, error, id, writer)
        case .accept: try await confirm(202, writer)
        case .stateless(let streams):
            let name = "stateless-" + RequestID.random()
            await host.open(name)
            // Clients cancel a request by closing its connection, which cancels this task.
            do {
                try await exchange(request, in: name, isStateless: true, streams: streams, writer)
            } catch {
                await host.close(name)
                throw error
            }
            await host.close(name)
        case .open:
            let name = RequestID.random()
            await host.open(name)
            try await exchange(request, in: name, headers: [(HTTPExchange.sessionHeader, name)], writer)
        case .inSession(let name, let streams):
            guard await host.has(name) else { return try await refuseUnknownSession(writer) }
            try await exchange(request, in: name, streams: streams, writer)
        case .close(let name):
            guard await host.has(name) else { return try await refuseUnknownSession(writer) }
            await host.close(name)
            try await confirm(200, writer)
        }
        return nil
    }

    private func exchange(
        _ request: IncomingRequest, in session: String, isStateless: Bool = false, streams: Bool = false,
        headers: [(String, String)] = [], _ writer: ResponseWriter
    ) async throws {
        let (messages, queue) = AsyncStream<JSONValue>.makeStream()
        await host.receive(
            request.body, in: session,
            SessionHost.Delivery(send: { queue.yield($0) }, end: { queue.finish() }))
        if streams {
            try await writer.begin(contentType: "text/event-stream")
            try await withHeartbeat(
                every: heartbeat, stallLimit: stallLimit, onStall: writer.abandoner,
                { (report: @escaping @Sendable (JSONValue) -> Void) in
                    for await message in messages { report(message) }
                }
            ) { input in
                switch input {
                case .event(let message): try await writer.write(HTTPExchange.event(message))
                case .beat: try await writer.write(Array(": still at it\n\n".utf8))
                }
            }
            try Task.checkCancellation()
            return try await writer.end()
        }
        var answer: JSONValue?
        // Without a stream there is no place for progress.
        for await message in messages where message.object?["method"] == nil { answer = message }
        try Task.checkCancellation()
        guard let answer else { return try await confirm(202, writer) }
        try await writer.send(
            status: HTTPExchange.status(of: answer, isStateless: isStateless),
            [("content-type", "application/json")] + headers, answer.bytes)
    }

    private func refuse(_ status: Int, _ error: RPCError, _ id: RPCID?, _ writer: ResponseWriter) async throws {
        var headers = [("content-type", "application/json")]
        if status == 405 { headers.append(("allow", HTTPExchange.methods)) }
        try await writer.send(status: status, headers, error.message(to: id).bytes)
    }

    /// Clients begin a new session then.
    private func refuseUnknownSession(_ writer: ResponseWriter) async throws -> ResponseSummary? {
        try await refuse(404, RPCError(.invalidRequest, "There is no such session (any more)."), nil, writer)
        return nil
    }

    private func confirm(_ status: Int, _ writer: ResponseWriter) async throws {
        try await writer.send(status: status, [("content-length", "0")])
    }
}
