import Foundation

#if canImport(Glibc)
    import Glibc
#else
    import Darwin
#endif

/// A server on a port of this machine, which ends with this object.
final class ServerProcess: Sendable {
    let port: Int
    private let process: ChildProcess

    /// Starts a program and waits until `/health` says that its model is loaded, at most two minutes.
    /// - Parameter arguments: all but the port.
    init(_ program: String, _ arguments: [String]) throws(CommandError) {
        port = Int.random(in: 20_000..<30_000)
        process = try ChildProcess(program, arguments + ["--host", "127.0.0.1", "--port", "\(port)"])
        for _ in 0..<1200 {
            guard process.isRunning else { break }
            if let answer = try? HTTPExchange(port: port, "GET", "/health"), answer.status == 200 { return }
            usleep(100_000)
        }
        process.stop()
        throw .notStarted(program: program, reason: "not healthy on port \(port) after two minutes")
    }

    deinit { process.stop() }

    /// Posts JSON and waits for the whole answer.
    func post(_ path: String, _ body: some Encodable) throws -> HTTPExchange {
        try HTTPExchange(port: port, "POST", path, body: JSONEncoder().encode(body))
    }
}

/// One request to a server of this machine and its answer, with the times at which it came. Blocks.
struct HTTPExchange {
    private(set) var status = 0
    /// Without the lengths of its chunks.
    private(set) var body = Data()
    /// Seconds from the request to the first byte of the answer, and to its last.
    private(set) var firstByteSeconds = 0.0
    private(set) var seconds = 0.0
    /// Seconds from the request to each piece of the answer, with the bytes that were there by then, head included.
    private(set) var arrivals: [(seconds: Double, bytes: Int)] = []
    /// Seconds to the first piece of a streamed chat answer that has text; nil where none has.
    private(set) var firstTextSeconds: Double?

    init(port: Int, _ method: String, _ path: String, body: Data = Data()) throws(CommandError) {
        let start = ContinuousClock.now
        let answer = try Self.exchange(port, Self.request(method, path, body)) { count in
            let elapsed = (ContinuousClock.now - start) / .seconds(1)
            arrivals.append((elapsed, count))
        }
        firstByteSeconds = arrivals.first?.seconds ?? 0
        seconds = (ContinuousClock.now - start) / .seconds(1)
        guard let end = answer.range(of: Data("\r\n\r\n".utf8)) else {
            throw .unreadable(program: "the server", wanted: "answer to \(path)", got: "\(answer.count) bytes")
        }
        let head = String(decoding: answer[..<end.lowerBound], as: UTF8.self)
        status = head.split(separator: " ").dropFirst().first.flatMap { Int($0) } ?? 0
        if let found = Self.firstText(in: answer, from: end.upperBound) {
            firstTextSeconds = arrivals.first { $0.bytes > found }?.seconds
        }
        let isChunked = head.lowercased().contains("transfer-encoding: chunked")
        self.body = isChunked ? Self.joined(answer[end.upperBound...]) : Data(answer[end.upperBound...])
    }

    /// The place of the first `"content":"` with something in its quotes.
    private static func firstText(in answer: Data, from start: Data.Index) -> Int? {
        let mark = Data("\"content\":\"".utf8)
        var rest = start..<answer.endIndex
        while let found = answer.range(of: mark, in: rest) {
            guard found.upperBound < answer.endIndex else { return nil }
            if answer[found.upperBound] != UInt8(ascii: "\"") { return found.upperBound - answer.startIndex }
            rest = found.upperBound..<answer.endIndex
        }
        return nil
    }

    private static func request(_ method: String, _ path: String, _ body: Data) -> Data {
        Data(
            """
            \(method) \(path) HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
            Content-Length: \(body.count)\r\n\r\n
            """.utf8) + body
    }

    private static func exchange(
        _ port: Int, _ request: Data, arrived: (Int) -> Void
    ) throws(CommandError) -> Data {
        #if canImport(Glibc)
            let stream = Int32(SOCK_STREAM.rawValue)
        #else
            let stream = SOCK_STREAM
        #endif
        let socket = socket(AF_INET, stream, 0)
        defer { close(socket) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(port).bigEndian
        address.sin_addr.s_addr = in_addr_t(0x7F00_0001).bigEndian
        let isConnected = withUnsafePointer(to: &address) {
            $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else { throw .notStarted(program: "the server", reason: "nothing listens on port \(port)") }
        var sent = 0
        while sent < request.count {
            let count = request.withUnsafeBytes { send(socket, $0.baseAddress! + sent, request.count - sent, 0) }
            guard count > 0 else { break }
            sent += count
        }
        var answer = Data()
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(socket, &buffer, buffer.count, 0)
            guard count > 0 else { return answer }
            answer += buffer[..<count]
            arrived(answer.count)
        }
    }

    /// The content of chunks, as far as they are whole.
    private static func joined(_ chunks: Data) -> Data {
        var rest = Data(chunks)
        var content = Data()
        while let end = rest.range(of: Data("\r\n".utf8)) {
            let digits = String(decoding: rest[..<end.lowerBound], as: UTF8.self)
            guard let length = Int(digits, radix: 16), length > 0, rest.endIndex >= end.upperBound + length else {
                break
            }
            content += rest[end.upperBound..<end.upperBound + length]
            rest = Data(rest[(end.upperBound + length)...].dropFirst(2))
        }
        return content
    }
}

/// A conversation to be answered as a stream, the likeliest token each time.
struct ChatBody: Encodable {
    struct Message: Encodable {
        var role = "user"
        var content: String
    }
    struct StreamOptions: Encodable { var include_usage = true }
    var messages: [Message]
    var max_tokens: Int
    var temperature = 0.0
    var stream = true
    var stream_options = StreamOptions()
}
