import Chat
import JSON

extension MessagesRequest {
    /// The turns of a message: results of tools are turns of their own here.
    static func messages(_ fields: RequestFields) throws(APIError) -> [Message] {
        switch try fields.string("role") {
        case "system"?: return [Message(.system, try fields.anthropicText("content"))]
        case "user"?: return try userMessages(fields)
        case "assistant"?: return [try assistantMessage(fields)]
        default:
            throw .badRequest(
                "'\(fields.name("role"))' must be user or assistant.", parameter: fields.name("role"),
                code: "invalid_value")
        }
    }

    private static func userMessages(_ fields: RequestFields) throws(APIError) -> [Message] {
        if case .string(let text)? = fields["content"] { return [Message(.user, text)] }
        var messages: [Message] = []
        var texts: [String] = []
        func endTexts() {
            if !texts.isEmpty { messages.append(Message(.user, texts.joined(separator: "\n"))) }
            texts = []
        }
        for block in try fields.anthropicBlocks("content") {
            switch try block.string("type") {
            case "tool_result"?:
                endTexts()
                guard let id = try block.string("tool_use_id") else {
                    throw block.wrong("tool_use_id", expected: "the id of a call")
                }
                let result = try block["content"] == nil ? "" : block.anthropicText("content")
                messages.append(Message(result: result, of: id))
            default: texts.append(try block.anthropicBlockText())
            }
        }
        endTexts()
        return messages.isEmpty ? [Message(.user, "")] : messages
    }

    private static func assistantMessage(_ fields: RequestFields) throws(APIError) -> Message {
        if case .string(let text)? = fields["content"] { return Message(.assistant, text) }
        var texts: [String] = []
        var thoughts: [String] = []
        var calls: [ToolCall] = []
        for block in try fields.anthropicBlocks("content") {
            switch try block.string("type") {
            case "thinking"?:
                guard let thought = try block.string("thinking") else {
                    throw block.wrong("thinking", expected: "a string")
                }
                thoughts.append(thought)
            // Only Anthropic could read it.
            case "redacted_thinking"?: break
            case "tool_use"?:
                guard let id = try block.string("id") else { throw block.wrong("id", expected: "the call's id") }
                guard let name = try block.string("name") else {
                    throw block.wrong("name", expected: "the tool's name")
                }
                let input = try block.nested("input")?.value ?? [:]
                calls.append(ToolCall(id: id, name: name, arguments: input.text))
            default: texts.append(try block.anthropicBlockText())
            }
        }
        return Message(
            calls: calls, text: texts.joined(separator: "\n"),
            thinking: thoughts.isEmpty ? nil : thoughts.joined(separator: "\n"))
    }
}

extension RequestFields {
    fileprivate func anthropicBlocks(_ key: String) throws(APIError) -> [RequestFields] {
        guard case .array? = self[key], let blocks = try objects(key) else {
            throw wrong(key, expected: "a string or a list of blocks")
        }
        return blocks
    }

    /// A string, or the texts of its blocks, a line each.
    func anthropicText(_ key: String) throws(APIError) -> String {
        if case .string(let text)? = self[key] { return text }
        var texts: [String] = []
        for block in try anthropicBlocks(key) { texts.append(try block.anthropicBlockText()) }
        return texts.joined(separator: "\n")
    }

    /// Of a block of text, or of a document that is plain text.
    fileprivate func anthropicBlockText() throws(APIError) -> String {
        switch try string("type") {
        case "text"?:
            guard let text = try string("text") else { throw wrong("text", expected: "a string") }
            return text
        case "document"?:
            guard let source = try nested("source") else { throw wrong("source", expected: "an object") }
            guard try source.string("type") == "text", let text = try source.string("data") else {
                throw .unsupported(
                    "'\(source.name("type"))' must be text: this server reads no other documents.",
                    parameter: source.name("type"))
            }
            return text
        case nil: throw wrong("type", expected: "the kind of the block")
        case _?:
            throw .unsupported(
                "'\(name("type"))' is a kind of block that this server does not take here.", parameter: name("type"))
        }
    }
}
