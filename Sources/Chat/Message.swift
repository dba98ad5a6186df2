/// Who says a message.
package enum Role: String, Codable, Hashable, Sendable {
    case system
    case user
    case assistant
}

/// One turn of a conversation.
package struct Message: Codable, Hashable, Sendable {
    package var role: Role
    package var content: String

    package init(_ role: Role, _ content: String) {
        self.role = role
        self.content = content
    }
}
