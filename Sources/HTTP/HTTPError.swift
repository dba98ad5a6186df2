/// Why a request got no usable answer.
package enum HTTPError: Error, Hashable, Sendable {
    case libraryMissing
    /// - code: libcurl's CURLcode; reason: libcurl's words.
    case noConnection(url: String, code: UInt32, reason: String)
    case status(url: String, status: Int, retryAfterSeconds: Double?)
    case unusable(url: String, reason: String)
    case cancelled

    /// Whether the same request may succeed a little later.
    package var isTransient: Bool {
        switch self {
        case .noConnection(_, let code, _):
            // Resolve, connect, HTTP/2, partial file, timeout, TLS handshake, nothing received, send, receive, stream.
            [5, 6, 7, 16, 18, 28, 35, 52, 55, 56, 92].contains(code)
        case .status(_, let status, _):
            [408, 425, 429, 500, 502, 503, 504].contains(status)
        case .libraryMissing, .unusable, .cancelled:
            false
        }
    }

    package var retryAfterSeconds: Double? {
        if case .status(_, _, let seconds) = self { seconds } else { nil }
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .libraryMissing:
            return "libcurl is not installed. On Debian: apt install libcurl4."
        case .noConnection(let url, let code, let reason):
            let advice =
                switch code {
                case 5: "Check the proxy settings."
                case 6: "Check the network connection and the name."
                case 60, 77: "Check the certificates; CURL_CA_BUNDLE names a bundle of your own."
                default: "Check the network connection, then try again."
                }
            return "\(HTTPAddress(url).withoutCredentials) cannot be reached: \(reason). \(advice)"
        case .status(let url, let status, _):
            let advice =
                switch status {
                case 401, 403: "It may need a token, or another one."
                case 404, 410: "Check the name."
                case 407: "The proxy asks for credentials."
                case 429: "Too many requests: try again later."
                default: "Try again later."
                }
            return "\(HTTPAddress(url).withoutCredentials) answered \(status). \(advice)"
        case .unusable(let url, let reason):
            return
                "\(HTTPAddress(url).withoutCredentials) sent an answer that cannot be used: \(reason). Try another source."
        case .cancelled:
            return "Interrupted. What has arrived is kept: the same command continues."
        }
    }
}
