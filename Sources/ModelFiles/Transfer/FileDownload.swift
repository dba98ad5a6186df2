package import HTTP
import Synchronization

/// Fetches one address into one file: continues what an earlier attempt left, tries again after passing failures, and
/// checks size and digest in the end.
package struct FileDownload: Sendable {
    let client: HTTPClient
    let request: HTTPRequest
    /// Where the bytes gather; stays behind when the download fails or is cancelled.
    let path: String
    let byteCount: Int?
    let hash: ContentHash?
    /// Names the file in errors.
    let name: String
    /// Whether the finished file must survive a power cut; one that is only unpacked need not.
    let synchronizes: Bool
    let retries: RetryPolicy
    let meter: TransferMeter?
    let report: @Sendable (PullEvent) -> Void

    package struct Result: Sendable {
        package let byteCount: Int
        package let hash: ContentHash
    }

    package init(
        client: HTTPClient, request: HTTPRequest, path: String, byteCount: Int?, hash: ContentHash?, name: String,
        synchronizes: Bool = true, retries: RetryPolicy = RetryPolicy(), meter: TransferMeter? = nil,
        report: @escaping @Sendable (PullEvent) -> Void = { _ in }
    ) {
        self.client = client
        self.request = request
        self.path = path
        self.byteCount = byteCount
        self.hash = hash
        self.name = name
        self.synchronizes = synchronizes
        self.retries = retries
        self.meter = meter
        self.report = report
    }

    package func run() async throws(PullError) -> Result {
        let partial = try await PartialFile.opening(path)
        var isContinued = partial.byteCount > 0
        meter?.add(partial.byteCount)
        while true {
            try await fetch(into: partial)
            let found = partial.hash
            guard let hash, hash != found else {
                if synchronizes { try await partial.synchronizeOnOwnThread() }
                return Result(byteCount: partial.byteCount, hash: found)
            }
            // Whatever is wrong with it must not be continued by the next pull either.
            try restart(partial)
            guard isContinued else {
                throw .wrongHash(
                    file: name, expected: hash, found: found, source: HTTPAddress(request.url).withoutCredentials)
            }
            isContinued = false
            report(.startingOver(file: name))
        }
    }

    /// Requests the rest of the file, again and again, until it is whole.
    private func fetch(into partial: PartialFile) async throws(PullError) {
        var failures = 0
        while byteCount == nil || partial.byteCount != byteCount {
            if let byteCount, partial.byteCount > byteCount { try restart(partial) }
            let before = partial.byteCount
            let failure: HTTPError
            let unwritten = UnwrittenFile()
            do throws(HTTPError) {
                try await attempt(partial, unwritten)
                guard let byteCount, partial.byteCount < byteCount else { return }
                failure = .noConnection(url: request.url, code: 18, reason: "the connection ended early")
            } catch {
                if let error = unwritten.error { throw .file(error) }
                failure = error
            }
            if case .status(_, 416, _) = failure, before > 0 {
                // The file there is shorter than ours: it is another one.
                try restart(partial)
                continue
            }
            failures = partial.byteCount > before ? 1 : failures + 1
            guard let delay = retries.delaySeconds(afterFailure: failures, error: failure) else {
                throw PullError(failure)
            }
            report(.retrying(reason: failure.description, afterSeconds: delay))
            do { try await Task.sleep(for: .seconds(delay)) } catch { throw .cancelled }
        }
        if let byteCount, partial.byteCount > byteCount {
            throw .wrongSize(
                file: name, expected: byteCount, found: partial.byteCount,
                source: HTTPAddress(request.url).withoutCredentials)
        }
    }

    /// What went wrong on this side of a request, which ends it.
    private final class UnwrittenFile: Sendable {
        private let failure = Mutex<FileError?>(nil)
        var error: FileError? { failure.withLock { $0 } }

        func keep(_ body: () throws(FileError) -> Void) throws(HTTPError) {
            do throws(FileError) { try body() } catch {
                failure.withLock { $0 = error }
                throw .cancelled
            }
        }
    }

    private func attempt(_ partial: PartialFile, _ unwritten: UnwrittenFile) async throws(HTTPError) {
        var request = request
        let offset = partial.byteCount
        if offset > 0 { request.headers.append("Range: bytes=\(offset)-") }
        try unsafe await client.perform(
            request,
            head: { head throws(HTTPError) in
                try accept(head, offset: offset, partial: partial, unwritten)
            },
            body: { bytes throws(HTTPError) in
                try unwritten.keep { () throws(FileError) in try unsafe partial.append(bytes) }
                meter?.add(bytes.count)
            })
    }

    /// Decides from the head whether the body continues our file, replaces it, or is of no use.
    private func accept(
        _ head: HTTPHead, offset: Int, partial: PartialFile, _ unwritten: UnwrittenFile
    ) throws(HTTPError) {
        try head.requireSuccess()
        let total: Int?
        switch head.status {
        case 206 where offset > 0:
            guard let range = head.contentRange, range.start == offset else {
                throw .unusable(url: request.url, reason: "it is not the range asked for")
            }
            total = range.total
        case 200:
            // A server without ranges sends everything again.
            if offset > 0 {
                try unwritten.keep { () throws(FileError) in try partial.restart() }
                meter?.add(-offset)
            }
            total = head.contentLength
        default:
            throw .unusable(url: request.url, reason: "status \(head.status)")
        }
        if let total, let byteCount, total != byteCount {
            throw .unusable(url: request.url, reason: "it has \(total) bytes instead of \(byteCount)")
        }
    }

    private func restart(_ partial: PartialFile) throws(PullError) {
        meter?.add(-partial.byteCount)
        do { try partial.restart() } catch { throw .file(error) }
    }
}
