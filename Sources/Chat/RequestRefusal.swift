/// Why a request is not answered, as opposed to a failure while it is: what is wrong with it, or that there is no room
/// for it now.
package enum RequestRefusal: Error, Hashable, Sendable {
    /// The prompt alone fills the context.
    case contextExceeded(promptTokens: Int, context: Int)
    /// The model has no way to do this; the reason is a sentence.
    case unsupported(reason: String)
    /// The model's own rules do not take this conversation; the reason is a sentence.
    case invalidConversation(reason: String)
    /// As many requests wait as may; asking again later can help.
    case busy(waiting: Int)
    /// It asks for an adapter that is not loaded; `known` are.
    case unknownAdapter(String, known: [String])
    /// Its time was over before there was anything to answer.
    case timeLimit(seconds: Double)
}

/// An error of a model that may be the request's fault.
package protocol RequestFault: Error {
    /// Nil where the request is blameless.
    var refusal: RequestRefusal? { get }
    /// Whether the prompt is longer than the model's context.
    var exceedsContext: Bool { get }
}

extension RequestFault {
    package var exceedsContext: Bool {
        if case .contextExceeded = refusal { true } else { false }
    }
}

extension RequestRefusal: RequestFault {
    package var refusal: RequestRefusal? { self }
}
