import CCurl
import Synchronization

/// Sends requests through libcurl, each on a thread of its own; keeps connections for the next request.
package final class HTTPClient: Sendable {
    /// Receives the head of the final answer, before any of its body.
    package typealias HeadReceiver = @Sendable (HTTPHead) throws(HTTPError) -> Void
    package typealias BodyReceiver = @Sendable (UnsafeRawBufferPointer) throws(HTTPError) -> Void

    package let settings: HTTPSettings
    private let idleHandles = Mutex<[CurlHandle]>([])

    package init(settings: HTTPSettings = HTTPSettings()) {
        self.settings = settings
    }

    /// Performs `request`; the receivers run on the request's thread, and what they throw ends it.
    ///
    /// Statuses are handed on, not judged. Cancelling the task ends the request within a second.
    @discardableResult
    package func perform(
        _ request: HTTPRequest, head: @escaping HeadReceiver = { _ in },
        body: @escaping BodyReceiver = { _ in }
    ) async throws(HTTPError) -> HTTPHead {
        guard ccurl_load() == 0 else { throw .libraryMissing }
        let isCancelled = CancellationFlag()
        return try await cancellable(isCancelled) { () async throws(HTTPError) in
            try await onOwnThread { () throws(HTTPError) in
                let handle = try self.takeHandle()
                let exchange = unsafe CurlExchange(request: request, isCancelled: isCancelled, head: head, body: body)
                let result = Result { () throws(HTTPError) in try exchange.run(on: handle, settings: self.settings) }
                self.idleHandles.withLock { $0.append(handle) }
                return try result.get()
            }
        }
    }

    /// Fetches a text of at most `limit` bytes; other statuses than 2xx are errors.
    package func text(_ request: HTTPRequest, limit: Int = 32 << 20) async throws(HTTPError) -> (HTTPHead, [UInt8]) {
        let received = Mutex<[UInt8]>([])
        let head = try unsafe await perform(
            request,
            head: { head throws(HTTPError) in try head.requireSuccess() },
            body: { bytes throws(HTTPError) in
                let count = received.withLock { text in
                    unsafe text.append(contentsOf: bytes)
                    return text.count
                }
                guard count <= limit else {
                    throw .unusable(url: request.url, reason: "it is longer than \(limit) bytes")
                }
            })
        try head.requireSuccess()
        return (head, received.withLock { $0 })
    }

    private func takeHandle() throws(HTTPError) -> CurlHandle {
        if let idle = idleHandles.withLock({ $0.popLast() }) { return idle }
        guard let handle = CurlHandle() else { throw .libraryMissing }
        return handle
    }

    private func cancellable<Success: Sendable>(
        _ flag: CancellationFlag, _ body: () async throws(HTTPError) -> Success
    ) async throws(HTTPError) -> Success {
        let result: Result<Success, HTTPError> = await withTaskCancellationHandler {
            do throws(HTTPError) { return .success(try await body()) } catch { return .failure(error) }
        } onCancel: {
            flag.raise()
        }
        return try result.get()
    }
}

extension HTTPHead {
    package func requireSuccess() throws(HTTPError) {
        guard (200...299).contains(status) else {
            throw .status(url: url, status: status, retryAfterSeconds: retryAfterSeconds)
        }
    }
}

/// Set once, from another thread, to end a piece of work early.
package final class CancellationFlag: Sendable {
    private let raised = Atomic(false)
    package init() {}
    package func raise() { raised.store(true, ordering: .relaxed) }
    package var isRaised: Bool { raised.load(ordering: .relaxed) }
}
