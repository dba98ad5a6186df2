package import JSON

/// How a family of interfaces words its errors.
package enum ErrorWording: Hashable, Sendable {
    /// `{"error": {"message", "type", "param", "code"}}`.
    case openAI
    /// `{"type": "error", "error": {"type", "message"}}`.
    case anthropic
    /// `{"error": {"code", "message", "type"}}`, the code being the status.
    case llamaServer
    /// `{"error": message}`.
    case ollama

    package func body(of error: APIError) throws -> [UInt8] {
        self == .openAI ? try WireJSON.encode(error) : value(of: error).bytes
    }

    /// The error as one JSON object.
    package func value(of error: APIError) -> JSONValue {
        switch self {
        case .openAI:
            [
                "error": [
                    "message": .string(error.message), "type": .string(error.kind.rawValue),
                    "param": error.parameter.map { .string($0) } ?? .null,
                    "code": error.code.map { .string($0) } ?? .null,
                ]
            ]
        case .anthropic:
            [
                "type": "error",
                "error": ["type": .string(Self.anthropicType(error)), "message": .string(error.message)],
            ]
        case .llamaServer:
            [
                "error": [
                    "code": .integer(error.status), "message": .string(error.message),
                    "type": .string(Self.llamaServerType(error)),
                ]
            ]
        case .ollama: ["error": .string(error.message)]
        }
    }

    /// - SeeAlso: Anthropic API reference, "Errors".
    private static func anthropicType(_ error: APIError) -> String {
        switch error.status {
        case 401: "authentication_error"
        case 403: "permission_error"
        case 404: "not_found_error"
        case 413: "request_too_large"
        case 429: "rate_limit_error"
        case 529: "overloaded_error"
        case 500...: "api_error"
        default: "invalid_request_error"
        }
    }

    private static func llamaServerType(_ error: APIError) -> String {
        if error.code == "context_length_exceeded" { return "exceed_context_size_error" }
        return switch error.status {
        case 401: "authentication_error"
        case 404: "not_found_error"
        case 501: "not_supported_error"
        case 503: "unavailable_error"
        case 500...: "server_error"
        default: "invalid_request_error"
        }
    }
}
