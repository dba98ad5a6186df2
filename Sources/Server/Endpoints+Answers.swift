import Chat
import WireFormats

extension Endpoints {
    /// Answers in one piece each, the best of those that are made.
    /// - Throws: `CancellationError` where one was not made to its end.
    func collect(_ batch: AnswerBatch, _ form: AnswerForm) async throws -> AnswerSet {
        let answers = try await batch.map { [self] _, events in
            var answer = AnswerCollector()
            let summary = try await collect(events) { answer.accept($0) }
            return (answer: answer, summary: summary)
        }
        return AnswerSet(answers, candidates: form.candidates, best: form.count)
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

    /// Answers as a stream of OpenAI's kind.
    func stream<Format: AnswerStream>(
        _ batch: AnswerBatch, _ writer: ResponseWriter, as format: (Int) -> Format
    ) async throws -> ResponseSummary {
        try await stream(batch, as: (0..<batch.count).map { DataStream(format($0)) }, writer)
    }

    /// An answer as a stream.
    func stream(
        _ events: AsyncThrowingStream<ChatEvent, any Error>, as format: some WireStream, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        try await stream(AnswerBatch(events), as: [format], writer)
    }

    /// Answers as a stream, the pieces of all as they come.
    ///
    /// Its head leaves with the first event of the model, which comes as soon as the request is found good: until then an
    /// error has its own status. After that one is told in the stream.
    /// - Parameter initial: one for each answer.
    func stream(
        _ batch: AnswerBatch, as initial: [some WireStream], _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        var formats = initial
        var summaries = [ResponseSummary?](repeating: nil, count: batch.count)
        var progress = ""
        var isQuiet = true
        // Answers that wait for others of the request are measured from their own beginning.
        var meters = [0: AnswerMeter(metrics)]
        do {
            try await withHeartbeat(
                every: heartbeat, stallLimit: stallLimit, onStall: writer.abandoner,
                { [running] (report: @escaping @Sendable (BatchEvent) -> Void) in
                    _ = try await batch.map { index, events in
                        running.begin()
                        defer { running.end() }
                        for try await event in events { report(BatchEvent(index: index, event: event)) }
                    }
                }
            ) { input in
                switch input {
                case .event(let told):
                    let (index, event) = (told.index, told.event)
                    meters[index, default: AnswerMeter(metrics)].accept(event)
                    if !writer.hasBegun { try await writer.begin(contentType: Self.contentType(of: formats[index])) }
                    if case .finished(let numbers) = event {
                        summaries[index] = numbers
                        guard numbers.reason != .cancelled else { return }
                    }
                    if case .reading(let done, let total) = event {
                        progress = total > 0 ? "read \(done) of \(total) tokens" : "the model is being loaded"
                    }
                    let bytes = try formats[index].accept(event)
                    guard !bytes.isEmpty else { return }
                    isQuiet = false
                    try await writer.write(bytes)
                case .beat:
                    defer { isQuiet = true }
                    if isQuiet, writer.hasBegun { try await writer.write(formats[0].beat(progress: progress)) }
                }
            }
            let made = summaries.compactMap(\.self)
            guard made.count == batch.count, made.allSatisfy({ $0.reason != .cancelled }) else {
                throw CancellationError()
            }
            let total = ResponseSummary.total(made, candidates: batch.candidates)
            let end = try formats[0].end(total)
            if !end.isEmpty { try await writer.write(end) }
            try await writer.end()
            return total
        } catch let error as CancellationError {
            throw error
        } catch {
            guard writer.hasBegun else { throw error }
            try? await writer.write(try formats[0].failure(APIError(error)))
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
        case (let error as ModelLoadError, _):
            self = APIError(
                status: 500, kind: .server, message: "The model \(error)", parameter: "model",
                code: "model_load_failed")
        case (_, .contextExceeded(let promptTokens, let context)?):
            // Agents look for the words of OpenAI's and Anthropic's own errors to know that they have to shorten.
            self = .badRequest(
                """
                The prompt is too long: this model's maximum context length is \(context) tokens, and the prompt has \
                \(promptTokens) tokens; at least one must be left for the answer. Shorten the messages, or start the \
                server with a larger --context.
                """, code: "context_length_exceeded")
        case (_, .unsupported(let reason)?): self = .badRequest(reason, code: "unsupported_value")
        case (_, .invalidConversation(let reason)?): self = .badRequest(reason, parameter: "messages")
        case (_, .unknownAdapter(let name, let known)?):
            let list = known.isEmpty ? "None is loaded" : "There is " + known.map { "'\($0)'" }.joined(separator: ", ")
            self = APIError(
                status: 404, kind: .invalidRequest,
                message: "There is no adapter '\(name.prefix(200))' here. \(list).", code: "adapter_not_found")
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
