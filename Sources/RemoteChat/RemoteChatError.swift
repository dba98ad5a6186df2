package import Chat
package import HTTP

/// Why an upstream gave no answer.
package enum RemoteChatError: Error, Hashable, Sendable, CustomStringConvertible {
    case http(HTTPError)
    /// Its words, where it has any.
    case refused(url: String, status: Int, reason: String, retryAfterSeconds: Double?)
    /// The prompt is longer than the model's context; its words.
    case tooLong(url: String, reason: String)
    /// In the middle of an answer.
    case failed(reason: String)
    case unreadable(url: String, reason: String)
    case cutOff(url: String)
    case unsupported(reason: String)

    package var description: String {
        switch self {
        case .http(let error): error.description
        case .refused(let url, let status, let reason, _):
            "\(url) answered \(status): \(reason.isEmpty ? "no reason given" : reason) \(Self.advice(status))"
        case .tooLong(let url, let reason): "\(url) says that the prompt is longer than the model's context: \(reason)"
        case .failed(let reason): "the upstream stopped in the middle of its answer: \(reason)"
        case .unreadable(let url, let reason):
            "\(url) sent what is no answer: \(reason). Is it the address of such an interface, with its /v1?"
        case .cutOff(let url): "the answer of \(url) was cut off. Try again."
        case .unsupported(let reason): reason
        }
    }

    private static func advice(_ status: Int) -> String {
        switch status {
        case 401, 403: "Set OPENAI_API_KEY or ANTHROPIC_API_KEY to a key that may use this model."
        case 404: "Check the model's name, and that the address ends in /v1."
        case 429: "It limits how much may be asked: try again later, or with fewer --jobs."
        case 500...: "Try again later."
        default: "Check the request."
        }
    }

    /// Whether the same request may succeed a little later, and after how many seconds where the upstream says so.
    var isTransient: Bool {
        switch self {
        case .http(let error): error.isTransient
        case .refused(_, let status, _, _): [408, 409, 425, 429, 500, 502, 503, 504, 529].contains(status)
        case .tooLong, .failed, .unreadable, .cutOff, .unsupported: false
        }
    }
}

extension RemoteChatError: RequestFault {
    package var refusal: RequestRefusal? { nil }

    package var exceedsContext: Bool {
        if case .tooLong = self { true } else { false }
    }
}
