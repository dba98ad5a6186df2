import Chat
import HTTP
import JSON
import Synchronization

/// One request for an answer and what comes of it.
final class RemoteExchange: Sendable {
    private let url: String
    private let state: Mutex<State>
    private let report: @Sendable (ChatEvent) -> Void
    private let start = ContinuousClock.now

    fileprivate struct State {
        var status = 0
        var retryAfterSeconds: Double?
        /// Of an answer that is none.
        var words: [UInt8] = []
        var stream = EventStreamReader()
        var reader: any RemoteAnswerReader
        var cutter: StopCutter?
        var stopText: String?
        var failure: RemoteChatError?
        var pieces = 0
        var firstPiece: Duration?
        var lastPiece = Duration.zero
    }

    /// No event, and no description of an error, is longer.
    fileprivate static let mostPending = 16 << 20

    init(
        url: String, reader: any RemoteAnswerReader, stops: [String], report: @escaping @Sendable (ChatEvent) -> Void
    ) {
        self.url = url
        self.report = report
        state = Mutex(State(reader: reader, cutter: stops.isEmpty ? nil : StopCutter(stops)))
    }

    var hasAnswered: Bool { state.withLock { $0.pieces > 0 } }

    func perform(_ request: HTTPRequest, _ client: HTTPClient) async throws(RemoteChatError) {
        do throws(HTTPError) {
            try unsafe await client.perform(
                request,
                head: { head throws(HTTPError) in
                    self.state.withLock { ($0.status, $0.retryAfterSeconds) = (head.status, head.retryAfterSeconds) }
                    if head.status == 200 { self.report(.reading(done: 0, total: 0)) }
                },
                body: { bytes throws(HTTPError) in
                    let goesOn = unsafe self.receive(bytes)
                    guard goesOn else { throw .cancelled }
                })
        } catch {
            // Ended from this side: by a stop text, or because of what came.
            let ended = state.withLock { $0.stopText != nil || $0.failure != nil }
            guard ended else { throw .http(error) }
        }
        try finish()
    }

    /// - Returns: whether more is wanted.
    private func receive(_ bytes: UnsafeRawBufferPointer) -> Bool {
        let piece = unsafe Array(bytes)
        let (events, goesOn) = state.withLock { state -> ([ChatEvent], Bool) in
            guard state.status == 200 else {
                if state.words.count < 1 << 16 { state.words += piece }
                return ([], true)
            }
            do throws(RemoteChatError) { return (try state.events(piece, since: start), state.stopText == nil) } catch {
                state.failure = error
                return ([], false)
            }
        }
        for event in events { report(event) }
        return goesOn
    }

    private func finish() throws(RemoteChatError) {
        let (state, rest) = state.withLock { state -> (State, String) in
            (state, state.stopText == nil ? state.cutter?.finish() ?? "" : "")
        }
        if let failure = state.failure { throw failure }
        guard state.status == 200 else {
            let reason = Self.reason(state.words)
            if Self.isTooLong(state.words, reason) { throw .tooLong(url: url, reason: reason) }
            throw .refused(
                url: url, status: state.status, reason: reason,
                retryAfterSeconds: state.retryAfterSeconds)
        }
        if !rest.isEmpty { report(.text(rest)) }
        let end = state.reader.end
        guard let reason = state.stopText == nil ? end.reason : .stopText else {
            if state.pieces == 0 { throw .unreadable(url: url, reason: "no event of an answer") }
            throw .cutOff(url: url)
        }
        let first = state.firstPiece ?? state.lastPiece
        report(
            .finished(
                ResponseSummary(
                    reason: reason, promptTokens: end.promptTokens ?? 0, reusedTokens: end.reusedTokens ?? 0,
                    generatedTokens: end.generatedTokens ?? state.pieces, promptSeconds: first / .seconds(1),
                    generationSeconds: (state.lastPiece - first) / .seconds(1),
                    stopText: state.stopText ?? end.stopText)))
    }

    /// The message in the JSON of an error, or its beginning where it is none.
    private static func reason(_ words: [UInt8]) -> String {
        let error = (try? JSONValue(parsing: words))?.object?["error"]
        if let message = error?.object?["message"]?.string ?? error?.string { return message }
        return String(decoding: words.prefix(300), as: UTF8.self)
    }

    /// Whether an error is that the prompt does not fit, as OpenAI, llama-server, vLLM and Anthropic say it.
    private static func isTooLong(_ words: [UInt8], _ reason: String) -> Bool {
        let error = (try? JSONValue(parsing: words))?.object?["error"]?.object
        let kinds = [error?["code"]?.string, error?["type"]?.string]
        return kinds.contains("context_length_exceeded") || kinds.contains("exceed_context_size_error")
            || reason.contains("maximum context length") || reason.hasPrefix("prompt is too long")
    }
}

extension RemoteExchange.State {
    fileprivate mutating func events(
        _ bytes: [UInt8], since start: ContinuousClock.Instant
    ) throws(RemoteChatError) -> [ChatEvent] {
        var events: [ChatEvent] = []
        for data in stream.read(bytes) {
            for event in try reader.read(data) {
                lastPiece = ContinuousClock.now - start
                firstPiece = firstPiece ?? lastPiece
                pieces += 1
                guard case .text(let text) = event, cutter != nil, let cut = cutter?.add(text) else {
                    events.append(event)
                    continue
                }
                if !cut.text.isEmpty { events.append(.text(cut.text)) }
                if let stop = cut.stop {
                    stopText = stop
                    return events
                }
            }
        }
        guard stream.pendingCount <= RemoteExchange.mostPending else {
            throw .failed(reason: "an event of more than \(RemoteExchange.mostPending) bytes")
        }
        return events
    }
}
