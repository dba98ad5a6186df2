import Chat

extension ResponseOptions {
    /// Lets the answer go on with the last message, the assistant's; to be called when everything else is known.
    mutating func continueAnswer(_ last: Message?) throws(APIError) {
        guard let last, last.role == .assistant, last.toolCalls.isEmpty else {
            throw .badRequest(
                "The last of 'messages' begins the answer only if it is the assistant's and has no calls.",
                parameter: "messages", code: "invalid_value")
        }
        let isFree =
            switch toolChoice {
            case .auto, .none: format == .text
            case .required, .named: false
            }
        guard isFree else {
            throw .unsupported(
                "An answer that 'messages' begin can't be held to a format or to calls: let the user's be the last.",
                parameter: "messages")
        }
        continuesAnswer = true
    }
}
