/// What is wrong with a request, as opposed to a failure while it is answered: asking again would not help.
package enum RequestRefusal: Error, Hashable, Sendable {
    /// The prompt alone fills the context.
    case contextExceeded(promptTokens: Int, context: Int)
    /// The model has no way to do this; the reason is a sentence.
    case unsupported(reason: String)
    /// The model's own rules do not take this conversation; the reason is a sentence.
    case invalidConversation(reason: String)
}

/// An error of a model that may be the request's fault.
package protocol RequestFault: Error {
    /// Nil where the request is blameless.
    var refusal: RequestRefusal? { get }
}

extension RequestRefusal: RequestFault {
    package var refusal: RequestRefusal? { self }
}
