/// As saved chats hold messages: `content` is a text, or a list of parts where there is more than one text.
extension Message: Codable {
    private enum Key: String, CodingKey {
        case role, content, thinking
        case toolCalls = "tool_calls"
        case toolCallID = "tool_call_id"
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        let role = try container.decode(Role.self, forKey: .role)
        if let parts = try? container.decode([ContentPart].self, forKey: .content) {
            self.init(role, parts: parts)
        } else {
            self.init(role, try container.decode(String.self, forKey: .content))
        }
        thinking = try container.decodeIfPresent(String.self, forKey: .thinking)
        toolCalls = try container.decodeIfPresent([ToolCall].self, forKey: .toolCalls) ?? []
        toolCallID = try container.decodeIfPresent(String.self, forKey: .toolCallID)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(role, forKey: .role)
        if parts.count == 1, case .text(let text) = parts[0] {
            try container.encode(text, forKey: .content)
        } else {
            try container.encode(parts, forKey: .content)
        }
        try container.encodeIfPresent(thinking, forKey: .thinking)
        if !toolCalls.isEmpty { try container.encode(toolCalls, forKey: .toolCalls) }
        try container.encodeIfPresent(toolCallID, forKey: .toolCallID)
    }
}

extension ContentPart: Codable {
    private enum Key: String, CodingKey {
        case type, text, bytes
        case mediaType = "media_type"
    }

    private enum Kind: String, Codable {
        case text, image
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        switch try container.decode(Kind.self, forKey: .type) {
        case .text: self = .text(try container.decode(String.self, forKey: .text))
        case .image:
            self = .image(
                mediaType: try container.decodeIfPresent(String.self, forKey: .mediaType),
                bytes: try container.decodeIfPresent([UInt8].self, forKey: .bytes) ?? [])
        }
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        switch self {
        case .text(let text):
            try container.encode(Kind.text, forKey: .type)
            try container.encode(text, forKey: .text)
        case .image(let mediaType, let bytes):
            try container.encode(Kind.image, forKey: .type)
            try container.encodeIfPresent(mediaType, forKey: .mediaType)
            try container.encode(bytes, forKey: .bytes)
        }
    }
}
