/// Who says a message.
package enum Role: String, Codable, Hashable, Sendable {
    case system
    case user
    case assistant
    /// The result of a tool.
    case tool
}

/// One turn of a conversation.
package struct Message: Hashable, Sendable {
    package var role: Role
    package var parts: [ContentPart]
    /// What the assistant thought before it answered.
    package var thinking: String?
    /// What the assistant calls.
    package var toolCalls: [ToolCall] = []
    /// The call whose result this is; of role `tool` only.
    package var toolCallID: String?

    package init(_ role: Role, _ content: String) {
        self.role = role
        parts = [.text(content)]
    }

    package init(_ role: Role, parts: [ContentPart]) {
        self.role = role
        self.parts = parts
    }

    /// An answer that calls tools.
    package init(calls: [ToolCall], text: String = "", thinking: String? = nil) {
        self.init(.assistant, text)
        self.thinking = thinking
        toolCalls = calls
    }

    /// What a tool answered.
    package init(result: String, of callID: String) {
        self.init(.tool, result)
        toolCallID = callID
    }

    /// The text of all parts. Setting it replaces them.
    package var content: String {
        get {
            parts.compactMap { if case .text(let text) = $0 { text } else { nil } }.joined()
        }
        set { parts = [.text(newValue)] }
    }

    package var hasImages: Bool {
        parts.contains { if case .image = $0 { true } else { false } }
    }
}

/// A piece of what a message says.
package enum ContentPart: Hashable, Sendable {
    case text(String)
    /// The bytes of an image file, or nothing where only its address is known. No model of this machine reads them yet:
    /// whoever renders such a message refuses it.
    case image(mediaType: String?, bytes: [UInt8])
}
