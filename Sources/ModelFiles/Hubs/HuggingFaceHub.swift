internal import HTTP

/// A hub that speaks Hugging Face's protocol: the public one or a mirror.
package struct HuggingFaceHub: Sendable {
    package let endpoint: String
    /// Sent to the hub only, for models behind a licence agreement.
    package let token: String?

    package init(endpoint: String = "https://huggingface.co", token: String? = nil) {
        self.endpoint = endpoint.hasSuffix("/") ? String(endpoint.dropLast()) : endpoint
        self.token = token
    }

    /// Honours HF_ENDPOINT, HF_TOKEN and the token that `huggingface-cli login` stores.
    package init(environment: [String: String]) {
        let cache =
            environment.nonEmpty("HF_HOME")
            ?? environment.nonEmpty("XDG_CACHE_HOME").map { $0 + "/huggingface" }
            ?? environment.nonEmpty("HOME").map { $0 + "/.cache/huggingface" }
        let stored = cache.flatMap { try? MappedFile(path: $0 + "/token") }.map {
            unsafe String(String(decoding: $0.bytes, as: UTF8.self).trimmingWhitespace())
        }
        let named = environment.nonEmpty("HF_TOKEN").map { String($0.trimmingWhitespace()) }
        self.init(
            endpoint: environment.nonEmpty("HF_ENDPOINT") ?? "https://huggingface.co",
            token: [named, stored].lazy.compactMap { $0 }.first { !$0.isEmpty })
    }

    /// Asks for size and digest of `file`, and of its further parts when it is split.
    /// - quickly: give an unreachable hub a few seconds only, because there is another source.
    func plan(for file: HubFile, client: HTTPClient, quickly: Bool) async throws(HTTPError) -> PullPlan {
        var files: [PlannedFile] = []
        var commit: String?
        for part in file.parts {
            let head = try await probe(part, client: client, quickly: quickly)
            commit = head["x-repo-commit"] ?? commit
            // Large files are kept apart from the repository; the "linked" headers describe them.
            let digest = [head["x-linked-etag"], head["etag"]].lazy.compactMap { $0 }.compactMap {
                ContentHash(hexadecimal: $0.filter { $0 != "\"" })
            }.first
            let size = head["x-linked-size"].flatMap { Int($0) } ?? (head.status < 300 ? head.contentLength : nil)
            var request = HTTPRequest(address(of: part, revision: commit ?? part.revision))
            request.token = token
            files.append(PlannedFile(name: part.name, byteCount: size, hash: digest, content: .download(request)))
        }
        return PullPlan(
            source: file.description,
            origin: HTTPAddress(address(of: file, revision: file.revision)).withoutCredentials,
            revision: commit, files: files)
    }

    /// The hub's own answer about `file`: it redirects to a storage server, which is not asked yet.
    private func probe(_ file: HubFile, client: HTTPClient, quickly: Bool) async throws(HTTPError) -> HTTPHead {
        var request = HTTPRequest(address(of: file, revision: file.revision), method: .head)
        request.headers = ["Accept-Encoding: identity"]
        request.token = token
        request.followsRedirects = false
        request.connectTimeoutSeconds = quickly ? 4 : 15
        request.totalTimeoutSeconds = quickly ? 8 : 30
        for _ in 0..<5 {
            let head = try unsafe await client.perform(request)
            guard (300...399).contains(head.status), head["x-linked-size"] == nil, let location = head["location"],
                let target = HTTPAddress(request.url).resolve(location)
            else {
                guard head.status < 400 else {
                    throw .status(url: request.url, status: head.status, retryAfterSeconds: head.retryAfterSeconds)
                }
                return head
            }
            // A renamed repository; a storage server may refuse HEAD, and its answer to GET will do.
            guard target.origin == HTTPAddress(request.url).origin else { return head }
            request.url = target.text
        }
        throw .unusable(url: request.url, reason: "it redirects in a circle")
    }

    func address(of file: HubFile, revision: String) -> String {
        "\(endpoint)/\(file.repository)/resolve/\(Self.escaped(revision, alsoSlash: true))/\(Self.escaped(file.path))"
    }

    /// Percent-encodes what may not stand in a path.
    static func escaped(_ text: String, alsoSlash: Bool = false) -> String {
        var result = ""
        for byte in text.utf8 {
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
                UInt8(ascii: "~"):
                result.unicodeScalars.append(Unicode.Scalar(byte))
            case UInt8(ascii: "/") where !alsoSlash:
                result.append("/")
            default:
                result += (byte < 16 ? "%0" : "%") + String(byte, radix: 16, uppercase: true)
            }
        }
        return result
    }
}
