import NIOCore
import NIOHTTP1
import WireFormats

/// One client's connection: reads requests and answers them in order.
///
/// Reading goes on while an answer is made, so that the end of the client is seen at once; it cancels the answer.
struct Connection: Sendable {
    typealias AsyncChannel = NIOAsyncChannel<HTTPServerRequestPart, ResponsePart>

    let id: Int
    let channel: AsyncChannel
    let service: any Service
    let configuration: ServerConfiguration
    let state: ServerState
    let report: @Sendable (ServerEvent) -> Void

    /// Requests that a client may send before it has read the answers to the ones before.
    private static let pipelineLimit = 16

    func run() async {
        // An error here is the client's going away, which is nobody's concern any more.
        try? await channel.executeThenClose { inbound, outbound in
            let (items, queue) = AsyncStream<RequestAssembly.Item>.makeStream()
            let backlog = Backlog()
            await withTaskGroup(of: Void.self) { group in
                group.addTask {
                    try? await read(inbound, backlog) { queue.yield($0) }
                    queue.finish()
                }
                group.addTask { try? await answer(items, backlog, outbound) }
                group.addTask { await waitForIdleness(of: backlog) }
                _ = await group.next()
                group.cancelAll()
            }
        }
    }

    /// Returns when nothing has come for a while and nothing is being answered.
    private func waitForIdleness(of backlog: Backlog) async {
        repeat {
            try? await Task.sleep(for: configuration.idleLimit)
        } while !Task.isCancelled && !backlog.takeIdleness()
    }

    // MARK: Reading

    private func read(
        _ inbound: NIOAsyncChannelInboundStream<HTTPServerRequestPart>, _ backlog: Backlog,
        _ deliver: (RequestAssembly.Item) -> Void
    ) async throws {
        var assembly = RequestAssembly(bodyLimit: configuration.bodyLimit) {
            [configuration, service] head throws(APIError) in
            try Self.admit(head, configuration.keys, to: service)
        }
        for try await part in inbound {
            backlog.note()
            if case .head = part { state.beginRequest(on: id) }
            for item in try assembly.accept(part) {
                if case .request(let request, _) = item { backlog.add(bytes: request.body.count) }
                deliver(item)
            }
            guard backlog.count <= Self.pipelineLimit, backlog.byteCount <= 2 * configuration.bodyLimit else { return }
        }
    }

    /// What is wrong with a request as far as its head shows.
    private static func admit(
        _ head: HTTPRequestHead, _ keys: APIKeys, to service: any Service
    ) throws(APIError) -> Route {
        if keys.isEmpty { try admitWithoutKey(head.headers) }
        let found: Result<Route, APIError>
        do throws(APIError) {
            found = .success(try service.route(method: head.method.rawValue, target: head.uri))
        } catch {
            found = .failure(error)
        }
        if case .success(let route) = found, !route.needsKey { return route }
        guard keys.isEmpty || self.keys(in: head.headers).contains(where: keys.admits) else {
            throw APIError(
                status: 401, kind: .authentication,
                message: "A key is needed: send 'Authorization: Bearer KEY' with one that this server knows.",
                code: "invalid_api_key")
        }
        return try found.get()
    }

    /// Without keys only the address protects. Browsers send here whatever pages of others ask them to, also under names
    /// that were made to lead here; both shows in the headers.
    private static func admitWithoutKey(_ headers: HTTPHeaders) throws(APIError) {
        let remedy = "Start the server with keys (--api-key-file) to allow others."
        if let host = headers.first(name: "host"), !ServerConfiguration.isLoopback(host: host) {
            throw APIError(
                status: 403, kind: .invalidRequest,
                message: """
                    This server has no keys, so it answers to localhost and 127.0.0.1 only, not to \
                    '\(host.prefix(200))'. \(remedy)
                    """, code: "host_not_allowed")
        }
        if let origin = headers.first(name: "origin"), !ServerConfiguration.isLoopback(origin: origin) {
            throw APIError(
                status: 403, kind: .invalidRequest,
                message: """
                    This server has no keys, so it answers no pages from elsewhere, such as '\(origin.prefix(200))'. \
                    \(remedy)
                    """, code: "origin_not_allowed")
        }
    }

    /// Those that a request brings: clients that use one header fill the other with any text.
    private static func keys(in headers: HTTPHeaders) -> [String] {
        let scheme = "bearer "
        let bearer = headers.first(name: "authorization").flatMap { value in
            value.lowercased().hasPrefix(scheme) ? String(value.dropFirst(scheme.count)) : nil
        }
        return [headers.first(name: "x-api-key"), bearer].compactMap(\.self)
    }

    // MARK: Answering

    private func answer(
        _ items: AsyncStream<RequestAssembly.Item>, _ backlog: Backlog,
        _ outbound: NIOAsyncChannelOutboundWriter<ResponsePart>
    ) async throws {
        for await item in items {
            switch item {
            case .expectsBody:
                try await outbound.write(.head(HTTPResponseHead(version: .http1_1, status: .continue)))
            case .request(var request, let route):
                if let key = Self.keys(in: request.head.headers).first(where: configuration.keys.admits) {
                    request.client = APIKeys.client(key)
                }
                let keepsAlive = try await answer(request, route, outbound)
                backlog.remove(bytes: request.body.count)
                state.endRequest(on: id)
                guard keepsAlive, !state.isDraining else { return }
            case .refusal(let request, let error):
                let writer = makeWriter(for: request, outbound)
                let start = ContinuousClock.now
                try await writer.send(error, endsConnection: true)
                record(request, route: nil, writer, since: start)
            case .end:
                // Closing before the client has sent everything would make it lose the answer.
                return
            }
        }
    }

    /// Whether the connection can go on.
    private func answer(
        _ request: IncomingRequest, _ route: Route, _ outbound: NIOAsyncChannelOutboundWriter<ResponsePart>
    ) async throws -> Bool {
        let start = ContinuousClock.now
        let writer = makeWriter(for: request, outbound)
        var failure: (any Error)?
        do {
            let summary = try await service.answer(request, route, writer)
            record(request, route: route, writer, since: start, summary)
        } catch {
            failure = error
        }
        guard let failure else { return writer.keepsAlive }
        let isCancelled = failure is CancellationError || Task.isCancelled
        let error = APIError(failure)
        if !writer.hasBegun, !isCancelled { try? await writer.send(error) }
        record(
            request, route: route, writer, since: start,
            failure: isCancelled || error.status < 500 ? nil : error.message)
        return writer.isComplete && writer.keepsAlive
    }

    private func makeWriter(
        for request: IncomingRequest, _ outbound: NIOAsyncChannelOutboundWriter<ResponsePart>
    ) -> ResponseWriter {
        ResponseWriter(
            outbound, channel: channel.channel, for: request, keepsAlive: !state.isDraining,
            stallLimit: configuration.stallLimit)
    }
}
