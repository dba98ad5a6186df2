import NIOCore
import NIOHTTP1
import WireFormats

/// A request as it came over the wire.
struct IncomingRequest: Sendable {
    var id: String
    var head: HTTPRequestHead
    var body: [UInt8] = []
    /// Whoever sent it, as far as keys tell: clients share the machine.
    var client = ""
}

/// Puts requests together from their parts, and turns away what is not to be taken before its body is here.
struct RequestAssembly {
    /// What whoever answers has to do, in this order.
    enum Item: Sendable {
        /// Say that the body may come.
        case expectsBody
        case request(IncomingRequest, Route)
        /// Answer with an error, and end the connection after the request's `end`.
        case refusal(IncomingRequest, APIError)
        /// A refused request has come to its end.
        case end
    }
    enum Failure: Error {
        /// A refused request goes on and on.
        case endless
    }
    private enum State {
        case idle
        case collecting(IncomingRequest, Route)
        case discarding(byteCount: Int)
    }

    private let bodyLimit: Int
    private let admit: @Sendable (HTTPRequestHead) throws(APIError) -> Route
    private var state = State.idle
    /// Of the request that is being collected; apart from it, so that it grows in place.
    private var body: [UInt8] = []

    /// - Parameter admit: finds the route of a request, or what is wrong with it as far as its head shows.
    init(bodyLimit: Int, admit: @escaping @Sendable (HTTPRequestHead) throws(APIError) -> Route) {
        self.bodyLimit = bodyLimit
        self.admit = admit
    }

    mutating func accept(_ part: HTTPServerRequestPart) throws(Failure) -> [Item] {
        switch (part, state) {
        case (.head(let head), _): return begin(IncomingRequest(id: RequestID.make(for: head.headers), head: head))
        case (.body(let buffer), .collecting(let request, _)):
            guard body.count + buffer.readableBytes <= bodyLimit else {
                body = []
                state = .discarding(byteCount: buffer.readableBytes)
                return [.refusal(request, tooLarge)]
            }
            body += buffer.readableBytesView
        case (.body(let buffer), .discarding(let count)):
            let count = count + buffer.readableBytes
            guard count <= 4 * max(bodyLimit, 1 << 20) else { throw .endless }
            state = .discarding(byteCount: count)
        case (.end, .collecting(var request, let route)):
            state = .idle
            swap(&request.body, &body)
            return [.request(request, route)]
        case (.end, .discarding):
            state = .idle
            return [.end]
        case (.body, .idle), (.end, .idle): break
        }
        return []
    }

    private mutating func begin(_ request: IncomingRequest) -> [Item] {
        do throws(APIError) {
            let route = try admit(request.head)
            if let length = request.head.headers.first(name: "content-length").flatMap({ Int($0) }), length > bodyLimit
            {
                throw tooLarge
            }
            state = .collecting(request, route)
        } catch {
            state = .discarding(byteCount: 0)
            return [.refusal(request, error)]
        }
        return request.head.headers[canonicalForm: "expect"].contains { $0.lowercased() == "100-continue" }
            ? [.expectsBody] : []
    }

    private var tooLarge: APIError {
        APIError(
            status: 413, kind: .invalidRequest, message: "The body is larger than \(bodyLimit) bytes.",
            code: "request_too_large")
    }
}

/// Names of requests, for logs and complaints.
enum RequestID {
    /// The client's own name for it, where that is harmless, or a new one.
    static func make(for headers: HTTPHeaders) -> String {
        if let given = headers.first(name: "x-request-id"), (1...128).contains(given.utf8.count),
            given.utf8.allSatisfy({ (0x21..<0x7F).contains($0) })
        {
            return given
        }
        return "req_" + random()
    }

    /// 24 hexadecimal digits.
    static func random() -> String {
        let digits = Array("0123456789abcdef")
        return String((0..<24).map { _ in digits[Int.random(in: 0..<16)] })
    }
}
