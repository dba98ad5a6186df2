package import Chat

/// Writes an answer as it goes over the wire, event by event.
package protocol WireStream: Sendable {
    static var contentType: String { get }
    /// What an event adds, ready to be sent; empty where it adds nothing. What comes before and behind the answer comes
    /// with the first event and the last.
    mutating func accept(_ event: ChatEvent) throws -> [UInt8]
    /// What comes behind all answers of a request, each of which has a stream of its own.
    /// - Parameter total: the numbers of all answers.
    func end(_ total: ResponseSummary) throws -> [UInt8]
    /// Something that shows life in a silence.
    /// - Parameter progress: how far the model is, in a few words.
    func beat(progress: String) -> [UInt8]
    /// What tells of an error in the middle of the answer; nothing follows.
    func failure(_ error: APIError) throws -> [UInt8]
}

extension WireStream {
    package func end(_ total: ResponseSummary) throws -> [UInt8] { [] }
}

/// OpenAI's streams: chunks as the data of server-sent events, comments in silences, `[DONE]` at the end.
package struct DataStream<Format: AnswerStream>: WireStream {
    package static var contentType: String { ServerSentEvents.contentType }
    private var format: Format
    private var hasBegun = false

    package init(_ format: Format) { self.format = format }

    package mutating func accept(_ event: ChatEvent) throws -> [UInt8] {
        var chunks = hasBegun ? [] : format.begin()
        hasBegun = true
        chunks += format.accept(event)
        return try Self.messages(chunks)
    }

    package func end(_ total: ResponseSummary) throws -> [UInt8] {
        try Self.messages(format.end(total)) + ServerSentEvents.done
    }

    private static func messages(_ chunks: [Format.Chunk]) throws -> [UInt8] {
        try chunks.flatMap { ServerSentEvents.message(try WireJSON.encode($0)) }
    }

    package func beat(progress: String) -> [UInt8] { ServerSentEvents.comment(progress) }

    package func failure(_ error: APIError) throws -> [UInt8] {
        ServerSentEvents.message(try WireJSON.encode(error))
    }
}
