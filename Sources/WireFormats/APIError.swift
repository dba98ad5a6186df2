/// An error as OpenAI's API words it: a status, and a body that says what is wrong with which field.
package struct APIError: Error, Hashable, Sendable {
    /// OpenAI's `type` of an error.
    package enum Kind: String, Sendable {
        case invalidRequest = "invalid_request_error"
        case authentication = "authentication_error"
        case server = "server_error"
        case rateLimit = "rate_limit_error"
    }

    /// Of HTTP.
    package var status: Int
    package var kind: Kind
    package var message: String
    /// The field that is wrong, as `messages[2].content`.
    package var parameter: String?
    /// A word for programs.
    package var code: String?
    /// Seconds after which asking again can help.
    package var retryAfter: Int?

    package init(status: Int, kind: Kind, message: String, parameter: String? = nil, code: String? = nil) {
        self.status = status
        self.kind = kind
        self.message = message
        self.parameter = parameter
        self.code = code
    }

    /// A request that cannot be fulfilled as it is.
    package static func badRequest(_ message: String, parameter: String? = nil, code: String? = nil) -> APIError {
        APIError(status: 400, kind: .invalidRequest, message: message, parameter: parameter, code: code)
    }

    /// Something asked for that there is none of.
    package static func unsupported(_ message: String, parameter: String) -> APIError {
        badRequest(message, parameter: parameter, code: "unsupported_value")
    }

    /// No room for one more request.
    package static func busy(waiting: Int) -> APIError {
        var error = APIError(
            status: 429, kind: .rateLimit, message: "\(waiting) requests wait already: ask again in a moment.",
            code: "rate_limit_exceeded")
        // Every answer that ends makes room for one.
        error.retryAfter = 1
        return error
    }

    /// Something that this server does not do at all.
    package static func notImplemented(_ message: String) -> APIError {
        APIError(status: 501, kind: .server, message: message, code: "not_implemented")
    }
}

/// `{"error": {"message", "type", "param", "code"}}`; what is not known is null. Other families: `ErrorWording`.
extension APIError: Encodable {
    private enum Outer: String, CodingKey { case error }
    private enum Inner: String, CodingKey { case message, type, param, code }

    package func encode(to encoder: any Encoder) throws {
        var outer = encoder.container(keyedBy: Outer.self)
        var inner = outer.nestedContainer(keyedBy: Inner.self, forKey: .error)
        try inner.encode(message, forKey: .message)
        try inner.encode(kind.rawValue, forKey: .type)
        try inner.encode(parameter, forKey: .param)
        try inner.encode(code, forKey: .code)
    }
}
