import JSON
import NIOCore
import NIOPosix

/// A client that sends exactly the bytes it is told to.
struct RawClient {
    private let channel: any Channel
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private var received: [UInt8] = []

    /// Connects, runs `body`, and closes the connection.
    static func with<R>(_ port: Int, _ body: (inout RawClient) async throws -> R) async throws -> R {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(wrappingChannelSynchronously: channel)
                }
            }
        return try await channel.executeThenClose { inbound, outbound in
            var client = RawClient(
                channel: channel.channel, outbound: outbound, inbound: inbound.makeAsyncIterator())
            return try await body(&client)
        }
    }

    private init(
        channel: any Channel, outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>,
        inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    ) {
        self.channel = channel
        self.outbound = outbound
        self.inbound = inbound
    }

    func send(_ bytes: some Sequence<UInt8>) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    func send(_ text: String) async throws { try await send(text.utf8) }

    /// A whole request.
    func send(
        _ method: String = "POST", _ path: String, _ body: String = "", headers: [String] = []
    ) async throws {
        let lines = ["\(method) \(path) HTTP/1.1", "host: localhost", "content-length: \(body.utf8.count)"] + headers
        try await send(lines.joined(separator: "\r\n") + "\r\n\r\n" + body)
    }

    /// All that came up to and including `mark`.
    mutating func read(until mark: String) async throws -> String {
        let wanted = Array(mark.utf8)
        while true {
            let count = received.count - wanted.count
            if count >= 0,
                let start = (0...count).first(where: { received[$0..<$0 + wanted.count].elementsEqual(wanted) })
            {
                let end = start + wanted.count
                defer { received.removeSubrange(..<end) }
                return String(decoding: received[..<end], as: UTF8.self)
            }
            guard let buffer = try await inbound.next() else {
                throw Ended(received: String(decoding: received, as: UTF8.self))
            }
            received += buffer.readableBytesView
        }
    }

    /// All that comes until the server closes the connection.
    mutating func readToEnd() async throws -> String {
        while let buffer = try await inbound.next() { received += buffer.readableBytesView }
        defer { received = [] }
        return String(decoding: received, as: UTF8.self)
    }

    /// One answer of stated length: its status, headers and body.
    mutating func readAnswer() async throws -> Answer {
        let head = try await read(until: "\r\n\r\n")
        let length = head.lowercased().firstMatch(of: /content-length: (\d+)/).flatMap { Int($0.1) } ?? 0
        while received.count < length, let buffer = try await inbound.next() { received += buffer.readableBytesView }
        defer { received.removeSubrange(..<min(length, received.count)) }
        return Answer(head: head, body: Array(received.prefix(length)))
    }

    struct Ended: Error { var received: String }

    struct Answer {
        var head: String
        var body: [UInt8]
        var status: Int { Int(head.split(separator: " ")[1]) ?? 0 }
        var text: String { String(decoding: body, as: UTF8.self) }
        var json: JSONObject { (try? JSONValue(parsing: body).object) ?? JSONObject() }
        var error: JSONObject { json["error"]?.object ?? JSONObject() }
    }
}

extension RunningServer {
    /// One request on a connection of its own.
    func request(
        _ method: String = "POST", _ path: String, _ body: String = "", headers: [String] = []
    ) async throws -> RawClient.Answer {
        try await RawClient.with(port) { client in
            try await client.send(method, path, body, headers: headers)
            return try await client.readAnswer()
        }
    }
}
