/// What a server has to tell whoever runs it. Never a word of prompts or answers.
package enum ServerEvent: Sendable {
    /// - Parameter port: the one that was found, where 0 was asked for.
    case listening(host: String, port: Int)
    case answered(RequestRecord)
    /// No new requests are taken; so many still run.
    case draining(running: Int)
}

/// A request that has had its answer, or lost its client.
package struct RequestRecord: Sendable {
    package var id: String
    package var method: String
    /// The pattern of the route, as `/v1/models/{id}`; nil where there was none.
    package var route: String?
    /// Nil: the client left before there was an answer.
    package var status: Int?
    package var seconds: Double
    /// Whether the answer reached its end.
    package var isComplete: Bool
    package var promptTokens: Int?
    package var reusedTokens: Int?
    package var generatedTokens: Int?
    /// What failed in the server.
    package var failure: String?
    /// A look at the server that succeeded, as programs take them every few seconds.
    package var isRoutine = false
}
