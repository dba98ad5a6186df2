import Crypto
import NIOHTTP1
import WebPage
import WireFormats

extension Endpoints {
    /// The page for people, or one of its files; needs no key, because the page has to ask for it.
    /// - Parameter name: nil for the page itself.
    func sendPage(_ name: String?, _ request: IncomingRequest, _ writer: ResponseWriter) async throws {
        guard let file = name.map({ WebPage.files[$0] }) ?? WebPage.index else {
            throw APIError(
                status: 404, kind: .invalidRequest, message: "The page has no file '\(name?.prefix(200) ?? "")'.",
                code: "not_found")
        }
        let tag = PageTags.shared[name ?? ""] ?? ""
        var headers = [
            ("content-security-policy", WebPage.contentSecurityPolicy), ("x-content-type-options", "nosniff"),
            ("referrer-policy", "no-referrer"), ("cross-origin-opener-policy", "same-origin"),
            // Asked for again each time, and answered in a line while it is the same.
            ("cache-control", "no-cache"), ("etag", tag),
        ]
        if request.head.headers[canonicalForm: "if-none-match"].contains(Substring(tag)) {
            // With the length that the file would have: NIO would send an empty body in chunks, which ends no such answer.
            return try await writer.send(status: 304, headers + [("content-length", "\(file.bytes.count)")])
        }
        headers.append(("content-type", file.contentType))
        try await writer.send(status: 200, headers, file.bytes)
    }
}

/// What each file is recognised by: the beginning of its digest. The page itself has the empty name.
private enum PageTags {
    static let shared: [String: String] = {
        var tags = WebPage.files.mapValues { tag(of: $0.bytes) }
        tags[""] = tag(of: WebPage.index.bytes)
        return tags
    }()

    private static func tag(of bytes: [UInt8]) -> String {
        let digits = SHA256.hash(data: bytes).prefix(8).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }
        return "\"\(digits.joined())\""
    }
}
