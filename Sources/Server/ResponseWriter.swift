import JSON
import NIOCore
import NIOHTTP1
import WireFormats

typealias ResponsePart = HTTPPart<HTTPResponseHead, ByteBuffer>

/// Writes the answer to one request. Each call suspends while the client takes nothing, so that what waits for it stays
/// small.
final class ResponseWriter {
    private let outbound: NIOAsyncChannelOutboundWriter<ResponsePart>
    private let channel: any Channel
    private let request: IncomingRequest
    private let stallLimit: Duration
    private(set) var status: Int?
    private(set) var isComplete = false
    /// Whether another request may follow on this connection.
    private(set) var keepsAlive: Bool
    private var retryAfter: Int?

    init(
        _ outbound: NIOAsyncChannelOutboundWriter<ResponsePart>, channel: any Channel, for request: IncomingRequest,
        keepsAlive: Bool, stallLimit: Duration
    ) {
        self.outbound = outbound
        self.channel = channel
        self.request = request
        self.keepsAlive = keepsAlive && request.head.isKeepAlive
        self.stallLimit = stallLimit
    }

    var hasBegun: Bool { status != nil }

    /// Gives the client up: what is being written fails.
    var abandoner: @Sendable () -> Void {
        { [channel] in channel.close(promise: nil) }
    }

    /// Sends the head of an answer of unknown length.
    func begin(contentType: String) async throws {
        // Before 1.1 only the end of the connection ends such a body.
        if request.head.version.minor < 1 { keepsAlive = false }
        try await begin(status: 200, [("content-type", contentType), ("cache-control", "no-cache")])
    }

    /// Sends a part of the body. Whoever sends little by little has to watch for clients that take nothing.
    func write(_ bytes: [UInt8]) async throws {
        try await outbound.write(.body(ByteBuffer(bytes: bytes)))
    }

    /// Bytes of a body that a client has to take within the stall limit.
    private static let slice = 1 << 16

    private func write(whole body: [UInt8]) async throws {
        for start in stride(from: 0, to: body.count, by: Self.slice) {
            let part = ByteBuffer(bytes: body[start..<min(body.count, start + Self.slice)])
            try await withWatchdog { try await outbound.write(.body(part)) }
        }
    }

    /// Ends the answer, and returns when all of it has left.
    func end() async throws {
        try await withWatchdog { try await channel.writeAndFlush(ResponsePart.end(nil)).get() }
        isComplete = true
    }

    /// Closes the connection if a write takes longer than clients may.
    private func withWatchdog(_ write: () async throws -> Void) async throws {
        let watchdog = channel.eventLoop.scheduleTask(in: TimeAmount(stallLimit)) { [channel] in
            channel.close(promise: nil)
        }
        defer { watchdog.cancel() }
        try await write()
    }

    /// A whole answer.
    func send(status: Int, contentType: String = "application/json", _ body: [UInt8]) async throws {
        try await send(status: status, [("content-type", contentType)], body)
    }

    /// A whole answer with headers of its own. One without a body has to state its length itself.
    func send(status: Int, _ headers: [(String, String)], _ body: [UInt8]? = nil) async throws {
        try await begin(status: status, headers + (body.map { [("content-length", "\($0.count)")] } ?? []))
        if let body, request.head.method != .HEAD { try await write(whole: body) }
        try await end()
    }

    func send(status: Int = 200, json value: some Encodable) async throws {
        try await send(status: status, try WireJSON.encode(value))
    }

    /// An error instead of an answer. After one that came before the whole request did, the connection cannot go on.
    func send(_ error: APIError, endsConnection: Bool = false) async throws {
        if endsConnection { keepsAlive = false }
        retryAfter = error.retryAfter
        try await send(status: error.status, try Route.wording(of: request.head.uri).body(of: error))
    }

    func send(status: Int = 200, _ value: JSONValue) async throws {
        try await send(status: status, value.bytes)
    }

    private func begin(status: Int, _ fields: [(String, String)]) async throws {
        var headers = HTTPHeaders(fields)
        headers.add(name: "x-request-id", value: request.id)
        if status == 401 { headers.add(name: "www-authenticate", value: "Bearer") }
        if let retryAfter { headers.add(name: "retry-after", value: "\(retryAfter)") }
        if !keepsAlive {
            headers.add(name: "connection", value: "close")
        } else if request.head.version.minor < 1 {
            headers.add(name: "connection", value: "keep-alive")
        }
        self.status = status
        let head = HTTPResponseHead(
            version: request.head.version, status: HTTPResponseStatus(statusCode: status), headers: headers)
        try await outbound.write(.head(head))
    }
}
