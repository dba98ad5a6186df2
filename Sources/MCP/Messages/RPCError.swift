package import JSON

/// An error as JSON-RPC 2.0 and the Model Context Protocol number them.
package struct RPCError: Error, Hashable, Sendable {
    package enum Code: Int, Sendable {
        case parseError = -32700
        case invalidRequest = -32600
        case methodNotFound = -32601
        case invalidParams = -32602
        case tooManyCalls = -32000
        /// The headers of a request over HTTP say something else than its body.
        case headerMismatch = -32020
        case unsupportedVersion = -32022
    }

    package var code: Code
    package var message: String
    package var data: JSONValue?

    package init(_ code: Code, _ message: String, data: JSONValue? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    static func unsupported(version: String) -> RPCError {
        let all = ProtocolVersion.allCases.map(\.rawValue)
        return RPCError(
            .unsupportedVersion, "The protocol version '\(version.prefix(40))' is not known here. Try: \(all.last!)",
            data: ["supported": .array(all.map { .string($0) }), "requested": .string(version)])
    }

    /// The message that tells a client.
    /// - Parameter id: of the request; nil where it could not be read.
    package func message(to id: RPCID?) -> JSONValue {
        var error: JSONObject = ["code": .integer(code.rawValue), "message": .string(message)]
        error.add("data", data)
        return ["jsonrpc": "2.0", "id": id?.json ?? .null, "error": .object(error)]
    }

    /// The HTTP status that goes with it from the stateless revisions on.
    package var status: Int {
        switch code {
        case .methodNotFound: 404
        case .tooManyCalls: 429
        default: 400
        }
    }
}
