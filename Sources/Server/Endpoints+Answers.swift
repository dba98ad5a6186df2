import Chat
import WireFormats

extension Endpoints {
    /// An answer in one piece.
    /// - Throws: `CancellationError` where it was not made to its end.
    func collect(
        _ events: AsyncThrowingStream<ChatEvent, any Error>
    ) async throws -> (AnswerCollector, ResponseSummary) {
        var answer = AnswerCollector()
        var meter = AnswerMeter(metrics)
        for try await event in events {
            meter.accept(event)
            answer.accept(event)
        }
        guard let summary = answer.summary, summary.reason != .cancelled else { throw CancellationError() }
        return (answer, summary)
    }

    /// An answer as a stream of server-sent events.
    ///
    /// Its head leaves with the first event of the model, which comes as soon as the request is found good: until then an
    /// error has its own status. After that one is told in the stream.
    func stream(
        _ events: AsyncThrowingStream<ChatEvent, any Error>, as initial: some AnswerStream, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        var format = initial
        var summary: ResponseSummary?
        var progress = ""
        var isQuiet = true
        var meter = AnswerMeter(metrics)
        do {
            try await withHeartbeat(
                events, every: heartbeat, stallLimit: stallLimit, onStall: writer.abandoner
            ) { input in
                switch input {
                case .event(let event):
                    meter.accept(event)
                    if !writer.hasBegun {
                        try await writer.begin(contentType: "text/event-stream; charset=utf-8")
                        try await writer.write(try frames(format.begin()))
                    }
                    if case .finished(let numbers) = event { summary = numbers }
                    if case .reading(let done, let total) = event { progress = "read \(done) of \(total) tokens" }
                    let bytes = try frames(format.accept(event))
                    guard !bytes.isEmpty else { return }
                    isQuiet = false
                    try await writer.write(bytes)
                case .beat:
                    defer { isQuiet = true }
                    if isQuiet, writer.hasBegun { try await writer.write(ServerSentEvents.comment(progress)) }
                }
            }
            guard let summary, summary.reason != .cancelled else { throw CancellationError() }
            try await writer.write(ServerSentEvents.done)
            try await writer.end()
            return summary
        } catch let error as CancellationError {
            throw error
        } catch {
            guard writer.hasBegun else { throw error }
            try? await writer.write(ServerSentEvents.message(try WireJSON.encode(APIError(error))))
            try? await writer.end()
            throw error
        }
    }

    private func frames(_ chunks: [some Encodable]) throws -> [UInt8] {
        try chunks.flatMap { ServerSentEvents.message(try WireJSON.encode($0)) }
    }
}

extension APIError {
    /// What a client is told of an error.
    init(_ error: any Error) {
        switch (error, (error as? any RequestFault)?.refusal) {
        case (let error as APIError, _): self = error
        case (_, .contextExceeded(let promptTokens, let context)?):
            self = .badRequest(
                """
                The prompt has \(promptTokens) tokens and the model's context holds \(context), of which at least one must \
                be left for the answer. Shorten the messages, or start the server with a larger --context.
                """, code: "context_length_exceeded")
        case (_, .unsupported(let reason)?): self = .badRequest(reason, code: "unsupported_value")
        case (_, .invalidConversation(let reason)?): self = .badRequest(reason, parameter: "messages")
        default:
            self = APIError(
                status: 500, kind: .server, message: "The model failed: \(error)", code: "internal_error")
        }
    }
}
