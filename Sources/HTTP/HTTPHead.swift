/// Status and headers of a response.
package struct HTTPHead: Hashable, Sendable {
    package let status: Int
    /// By lower-case name; of repeated headers the last.
    package let headers: [String: String]
    /// The address that answered, after redirects.
    package let url: String

    package subscript(name: String) -> String? { headers[name] }

    package var contentLength: Int? { self["content-length"].flatMap { Int($0) } }

    /// Of `Content-Range: bytes 100-199/200` the 100 and the 200; the latter may be unknown.
    package var contentRange: (start: Int, total: Int?)? {
        guard let value = self["content-range"], value.lowercased().hasPrefix("bytes "),
            let dash = value.firstIndex(of: "-"), let slash = value.lastIndex(of: "/")
        else { return nil }
        guard let start = Int(value[value.index(value.startIndex, offsetBy: 6)..<dash]) else { return nil }
        return (start, Int(value[value.index(after: slash)...]))
    }

    /// The wait that the server asks for.
    package var retryAfterSeconds: Double? { self["retry-after"].flatMap { Double($0) } }
}

/// Collects header lines, as libcurl hands them on, into the last response's head.
struct HTTPHeadParser {
    private(set) var status = 0
    private(set) var headers: [String: String] = [:]

    mutating func receive(_ line: UnsafeRawBufferPointer) {
        let text = unsafe String(decoding: line, as: UTF8.self)
        // A status line begins each response of a chain of redirects.
        if text.hasPrefix("HTTP/") {
            status = text.split(separator: " ", maxSplits: 2).dropFirst().first.flatMap { Int($0) } ?? 0
            headers = [:]
            return
        }
        guard let colon = text.firstIndex(of: ":") else { return }
        let value = text[text.index(after: colon)...]
        headers[text[..<colon].lowercased()] = String(value.trimmingWhitespace())
    }
}

extension StringProtocol {
    /// Without the spaces, tabs and line ends around it.
    package func trimmingWhitespace() -> SubSequence {
        // By scalars: "\r\n" is one Character.
        let scalars = unicodeScalars
        guard let first = scalars.firstIndex(where: { !$0.properties.isWhitespace }),
            let last = scalars.lastIndex(where: { !$0.properties.isWhitespace })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}
