import Chat
import WireFormats

extension Endpoints {
    /// An answer in one piece.
    /// - Throws: `CancellationError` where it was not made to its end.
    func collect(
        _ events: AsyncThrowingStream<ChatEvent, any Error>
    ) async throws -> (AnswerCollector, ResponseSummary) {
        running.begin()
        defer { running.end() }
        var answer = AnswerCollector()
        var meter = AnswerMeter(metrics)
        for try await event in events {
            meter.accept(event)
            answer.accept(event)
        }
        guard let summary = answer.summary, summary.reason != .cancelled else { throw CancellationError() }
        return (answer, summary)
    }

    /// As many answers as a request wants, made at the same time.
    func collect(
        _ form: AnswerForm, _ options: ResponseOptions,
        _ answer: @Sendable (ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error>
    ) async throws -> AnswerSet {
        try await withThrowingTaskGroup(of: (Int, (AnswerCollector, ResponseSummary)).self) { group in
            for index in 0..<form.candidates {
                var options = options
                // With the same seed all would be the same.
                options.seed = options.seed.map { $0 &+ UInt64(index) }
                // The probabilities decide which are kept.
                if form.candidates > form.count, options.logProbabilities == nil { options.logProbabilities = 0 }
                let events = answer(options)
                group.addTask { (index, try await collect(events)) }
            }
            var found: [Int: (answer: AnswerCollector, summary: ResponseSummary)] = [:]
            for try await (index, result) in group { found[index] = result }
            return AnswerSet((0..<form.candidates).compactMap { found[$0] }, best: form.count)
        }
    }

    /// An answer in one piece, its events handed to `accept`.
    func collect(
        _ events: AsyncThrowingStream<ChatEvent, any Error>, _ accept: (ChatEvent) -> Void
    ) async throws -> ResponseSummary {
        running.begin()
        defer { running.end() }
        var summary: ResponseSummary?
        var meter = AnswerMeter(metrics)
        for try await event in events {
            meter.accept(event)
            accept(event)
            if case .finished(let numbers) = event { summary = numbers }
        }
        guard let summary, summary.reason != .cancelled else { throw CancellationError() }
        return summary
    }

    /// An answer as a stream of OpenAI's kind.
    func stream(
        _ events: AsyncThrowingStream<ChatEvent, any Error>, as format: some AnswerStream, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        try await stream(events, as: DataStream(format), writer)
    }

    /// An answer as a stream.
    ///
    /// Its head leaves with the first event of the model, which comes as soon as the request is found good: until then an
    /// error has its own status. After that one is told in the stream.
    func stream(
        _ events: AsyncThrowingStream<ChatEvent, any Error>, as initial: some WireStream, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        running.begin()
        defer { running.end() }
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
                    if !writer.hasBegun { try await writer.begin(contentType: Self.contentType(of: format)) }
                    if case .finished(let numbers) = event {
                        summary = numbers
                        guard numbers.reason != .cancelled else { return }
                    }
                    if case .reading(let done, let total) = event { progress = "read \(done) of \(total) tokens" }
                    let bytes = try format.accept(event)
                    guard !bytes.isEmpty else { return }
                    isQuiet = false
                    try await writer.write(bytes)
                case .beat:
                    defer { isQuiet = true }
                    if isQuiet, writer.hasBegun { try await writer.write(format.beat(progress: progress)) }
                }
            }
            guard let summary, summary.reason != .cancelled else { throw CancellationError() }
            try await writer.end()
            return summary
        } catch let error as CancellationError {
            throw error
        } catch {
            guard writer.hasBegun else { throw error }
            try? await writer.write(try format.failure(APIError(error)))
            try? await writer.end()
            throw error
        }
    }

    private static func contentType<Stream: WireStream>(of _: Stream) -> String { Stream.contentType }
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
        case (_, .busy(let waiting)?): self = .busy(waiting: waiting)
        case (_, .timeLimit(let seconds)?):
            self = APIError(
                status: 408, kind: .invalidRequest,
                message: """
                    The request's time of \(seconds) s was over before its answer began. Give more as 'timeout', or ask \
                    when less is going on.
                    """, code: "time_limit_exceeded")
            retryAfter = 1
        default:
            self = APIError(
                status: 500, kind: .server, message: "The model failed: \(error)", code: "internal_error")
        }
    }
}
