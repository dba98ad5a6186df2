internal import Foundation
package import JSON

/// How messages come over HTTP ("streamable HTTP"): one a POST, its answer in the response, as JSON or as a stream of
/// events when progress is told. The server begins nothing by itself, so there is no stream to GET.
package enum HTTPExchange {
    package struct Request: Sendable {
        package var method: String
        /// Of the head, as they came.
        package var headers: [(name: String, value: String)]
        package var body: [UInt8]

        package init(method: String, headers: [(name: String, value: String)], body: [UInt8]) {
            self.method = method
            self.headers = headers
            self.body = body
        }

        func values(_ name: String) -> [String] {
            headers.filter { $0.name.lowercased() == name }.map(\.value)
        }
    }

    /// What is to be done with a request.
    package enum Step: Sendable {
        case refuse(status: Int, RPCError, id: RPCID?)
        /// Nothing but its arrival is to be confirmed.
        case accept
        /// A request that needs nothing from before.
        case stateless(streams: Bool)
        /// The handshake: the answer names the session that begins.
        case open
        case inSession(String, streams: Bool)
        case close(String)
    }

    package static let sessionHeader = "mcp-session-id"
    package static let methods = "POST, DELETE"

    package static func step(_ request: Request) -> Step {
        let session = request.values(sessionHeader).first
        switch request.method {
        case "DELETE":
            guard let session else { return refusal(400, "The header Mcp-Session-Id is missing.") }
            return .close(session)
        case "POST": break
        default: return refusal(405, "Send messages by POST: this server begins nothing by itself.")
        }
        guard request.values("content-type").first?.lowercased().hasPrefix("application/json") == true else {
            return refusal(415, "The header Content-Type has to be application/json.")
        }
        let accepted = request.values("accept").joined(separator: ",").lowercased()
        guard accepted.isEmpty || ["application/json", "application/*", "*/*"].contains(where: accepted.contains) else {
            return refusal(406, "The header Accept has to allow application/json.")
        }
        let value: JSONValue
        do {
            value = try JSONValue(parsing: request.body)
        } catch {
            return .refuse(status: 400, RPCError(.parseError, "This is not JSON: \(error)."), id: nil)
        }
        let versions = Set(request.values("mcp-protocol-version"))
        if let version = versions.first(where: { ProtocolVersion(rawValue: $0) == nil }) {
            return .refuse(status: 400, .unsupported(version: version), id: nil)
        }
        let meta = value.object?["params"]?.object?["_meta"]?.object
        let streams = accepted.contains("text/event-stream") && meta?[MetaKey.progressToken] != nil
        let isHandshake = value.object?["method"]?.string == "initialize"
        let isStateless = versions.contains { ProtocolVersion(rawValue: $0)?.isStateless == true }
        if !isHandshake, isStateless || meta?[MetaKey.version] != nil {
            return stateless(value, request, version: versions.count == 1 ? versions.first : nil, streams: streams)
        }
        if isHandshake { return .open }
        guard let session else {
            return refusal(400, "The header Mcp-Session-Id is missing: 'initialize' begins a session and names it.")
        }
        return .inSession(session, streams: streams)
    }

    private static func stateless(_ value: JSONValue, _ request: Request, version: String?, streams: Bool) -> Step {
        do throws(RPCMessage.Fault) {
            switch try RPCMessage(value) {
            case .response: return refusal(400, "A response answers nothing here.")
            // A request is cancelled by closing its connection, so there is nothing to be told.
            case .notification: return .accept
            case .request(let id, let method, let params):
                if let wrong = mismatch(request, version: version, method: method, params) {
                    let message = "The header \(wrong) does not say the same as the body."
                    return .refuse(status: 400, RPCError(.headerMismatch, message), id: id)
                }
                return .stateless(streams: streams)
            }
        } catch {
            return .refuse(status: 400, error.error, id: error.id)
        }
    }

    /// A header by which others route requests, and which says something else than the body.
    private static func mismatch(
        _ request: Request, version: String?, method: String, _ params: JSONObject
    ) -> String? {
        // What is missing in the body is for the session to say.
        if let stated = params["_meta"]?.object?[MetaKey.version], stated.string != version {
            return "MCP-Protocol-Version"
        }
        if request.values("mcp-method") != [method] { return "Mcp-Method" }
        guard method == "tools/call", let name = params["name"]?.string else { return nil }
        return request.values("mcp-name").map(decoded) == [name] ? nil : "Mcp-Name"
    }

    /// Resolves `=?base64?...?=`, which stands for what headers cannot hold.
    private static func decoded(_ value: String) -> String? {
        guard value.hasPrefix("=?base64?"), value.hasSuffix("?="), value.count >= 11 else { return value }
        return Data(base64Encoded: String(value.dropFirst(9).dropLast(2))).flatMap { String(data: $0, encoding: .utf8) }
    }

    private static func refusal(_ status: Int, _ message: String) -> Step {
        .refuse(status: status, RPCError(.invalidRequest, message), id: nil)
    }

    /// The status of an answer: stateless clients want errors to show in it.
    package static func status(of answer: JSONValue, isStateless: Bool) -> Int {
        guard isStateless, let number = answer.object?["error"]?.object?["code"]?.integer,
            let code = RPCError.Code(rawValue: number)
        else { return 200 }
        return RPCError(code, "").status
    }

    /// A message as an event of a stream.
    package static func event(_ message: JSONValue) -> [UInt8] {
        Array("event: message\ndata: ".utf8) + message.bytes + Array("\n\n".utf8)
    }
}
