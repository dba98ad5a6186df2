import Chat
import JSON

/// Turns the items of an input into turns: what an assistant thought, said and called in a row is one.
struct ResponsesInput {
    private var messages: [Message] = []
    /// The assistant's turn that is being put together.
    private var turn: Message?
    private var thoughts: [String] = []

    /// Of a text, or of a list of items.
    static func messages(_ fields: RequestFields) throws(APIError) -> [Message] {
        if case .string(let text)? = fields["input"] { return text.isEmpty ? [] : [Message(.user, text)] }
        guard case .array? = fields["input"], let items = try fields.objects("input") else {
            throw fields.wrong("input", expected: "a string or a list of items")
        }
        var input = ResponsesInput()
        for item in items { try input.add(item) }
        input.endTurn()
        return input.messages
    }

    private mutating func add(_ item: RequestFields) throws(APIError) {
        switch try item.string("type") ?? "message" {
        case "message": try addMessage(item)
        case "function_call":
            guard let id = try item.string("call_id") else { throw item.wrong("call_id", expected: "the call's id") }
            guard let name = try item.string("name") else { throw item.wrong("name", expected: "the tool's name") }
            let call = ToolCall(id: id, name: name, arguments: try item.string("arguments") ?? "{}")
            if turn == nil { turn = Message(.assistant, "") }
            turn?.toolCalls.append(call)
        case "function_call_output":
            guard let id = try item.string("call_id") else { throw item.wrong("call_id", expected: "the call's id") }
            endTurn()
            messages.append(Message(result: try Self.text(item, "output"), of: id))
        case "reasoning":
            if turn != nil { endTurn() }
            for key in ["content", "summary"] {
                for part in try item.objects(key) ?? [] { thoughts.append(try part.string("text") ?? "") }
                if !thoughts.isEmpty { break }
            }
        case _:
            throw .unsupported(
                "'\(item.name("type"))' is a kind of item that this server does not take.", parameter: item.name("type")
            )
        }
    }

    private mutating func addMessage(_ item: RequestFields) throws(APIError) {
        let role: Role
        switch try item.string("role") {
        case "system"?, "developer"?: role = .system
        case "user"?: role = .user
        case "assistant"?: role = .assistant
        default:
            throw .badRequest(
                "'\(item.name("role"))' must be system, developer, user or assistant.", parameter: item.name("role"),
                code: "invalid_value")
        }
        let text = try Self.text(item, "content")
        endTurn(keepsThoughts: role == .assistant)
        if role == .assistant { turn = Message(.assistant, text) } else { messages.append(Message(role, text)) }
    }

    private mutating func endTurn(keepsThoughts: Bool = false) {
        if var turn {
            if !thoughts.isEmpty { turn.thinking = thoughts.joined(separator: "\n") }
            messages.append(turn)
            thoughts = []
        }
        turn = nil
        if !keepsThoughts { thoughts = [] }
    }

    /// A string, or the texts of its parts, a line each.
    private static func text(_ fields: RequestFields, _ key: String) throws(APIError) -> String {
        if case .string(let text)? = fields[key] { return text }
        guard case .array? = fields[key], let parts = try fields.objects(key) else {
            throw fields.wrong(key, expected: "a string or a list of parts")
        }
        var texts: [String] = []
        for part in parts {
            let kind = try part.string("type")
            guard let kind, ["input_text", "output_text", "text", "refusal"].contains(kind) else {
                throw .unsupported(
                    "'\(part.name("type"))' must be input_text or output_text: this server takes no other parts.",
                    parameter: part.name("type"))
            }
            let key = kind == "refusal" ? "refusal" : "text"
            guard let text = try part.string(key) else { throw part.wrong(key, expected: "a string") }
            texts.append(text)
        }
        return texts.joined(separator: "\n")
    }
}
