/// A call that a model made.
package struct ToolCall: Codable, Hashable, Sendable {
    /// What the result names; unique within a conversation.
    package var id: String
    package var name: String
    /// The text of a JSON object.
    package var arguments: String

    package init(id: String, name: String, arguments: String) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }

    /// Nine letters and digits, the one form that every chat template takes: Mistral's insist on it.
    package static func randomID() -> String {
        let alphabet = Array("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789")
        return String((0..<9).map { _ in alphabet[Int.random(in: 0..<alphabet.count)] })
    }
}

/// Puts an answer together from its events.
package struct AnswerAssembler: Sendable {
    package private(set) var text = ""
    package private(set) var thinking = ""
    package private(set) var calls: [ToolCall] = []

    package init() {}

    package mutating func add(_ event: ChatEvent) {
        switch event {
        case .text(let piece): text += piece
        case .thinking(let piece): thinking += piece
        case .callBegan(_, let id, let name): calls.append(ToolCall(id: id, name: name, arguments: ""))
        case .callArguments(let index, let fragment): calls[index].arguments += fragment
        case .callEnded, .reading, .token, .finished: break
        }
    }

    /// The answer as the next turn of the conversation.
    package var message: Message {
        Message(calls: calls, text: text, thinking: thinking.isEmpty ? nil : thinking)
    }
}
