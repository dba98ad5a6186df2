import Chat
import HTTP

/// How an upstream wants to be asked, and what it answers.
protocol RemoteDialect: Sendable {
    /// Stop texts that one request may have.
    var mostStops: Int { get }

    func request(
        to endpoint: Endpoint, _ messages: [Message], _ options: ResponseOptions, stops: [String]
    ) throws(RemoteChatError) -> HTTPRequest

    /// Reads one answer.
    func reader() -> any RemoteAnswerReader
}

/// Reads an answer event by event.
protocol RemoteAnswerReader: Sendable {
    /// - Parameter data: of one event of the stream.
    mutating func read(_ data: [UInt8]) throws(RemoteChatError) -> [ChatEvent]

    /// What the upstream said of the whole answer so far.
    var end: RemoteAnswerEnd { get }
}

/// What an upstream says of an answer.
struct RemoteAnswerEnd: Hashable, Sendable {
    /// Nil as long as the answer goes on: a stream that ends so was cut off.
    var reason: ResponseSummary.Reason?
    var stopText: String?
    /// Nil where the upstream does not say.
    var promptTokens: Int?
    var reusedTokens: Int?
    var generatedTokens: Int?
}
