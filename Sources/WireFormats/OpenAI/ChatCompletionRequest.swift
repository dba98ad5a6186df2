package import Chat
import JSON

/// The body of `POST /v1/chat/completions`. Unknown fields are ignored; `model` is read before.
/// - SeeAlso: OpenAI API reference, "Create chat completion".
package struct ChatCompletionRequest: Hashable, Sendable {
    package var messages: [Message]
    package var options: ResponseOptions
    package var form: AnswerForm

    /// - Parameter defaults: for what the request leaves open.
    package init(_ fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        form = try AnswerForm(fields)
        guard let given = try fields.objects("messages") else {
            throw fields.wrong("messages", expected: "a list of messages")
        }
        guard !given.isEmpty else {
            throw .badRequest("'messages' is empty: there is nothing to answer.", parameter: "messages")
        }
        var messages: [Message] = []
        for message in given { messages.append(try Message(message)) }
        self.messages = messages
        options = defaults
        try options.apply(fields)
        try options.applyTools(fields)
        if let format = try ResponseFormat(fields) { options.format = format }
        if let thinks = try fields.nested("chat_template_kwargs")?.bool("enable_thinking") { options.thinks = thinks }
        if let effort = try fields.string("reasoning_effort") {
            options.thinks = !["none", "minimal"].contains(effort)
        }
        for key in ["max_tokens", "max_completion_tokens"] {
            if let limit = try fields.integer(key, in: 1...Int.max) { options.maxTokens = limit }
        }
        // vLLM's name for it, and that of DeepSeek and Mistral.
        let prefix = try given.last?.bool("prefix")
        if try fields.bool("continue_final_message") ?? prefix ?? false { try options.continueAnswer(messages.last) }
        let rivals = try fields.integer("top_logprobs", in: 0...20)
        if try fields.bool("logprobs") ?? false {
            options.logProbabilities = rivals ?? 0
        } else if rivals ?? 0 > 0 {
            throw .badRequest("'top_logprobs' goes with 'logprobs': true.", parameter: "top_logprobs")
        }
    }
}

extension Message {
    fileprivate init(_ fields: RequestFields) throws(APIError) {
        let role: Role
        switch try fields.string("role") {
        case "system"?, "developer"?: role = .system
        case "user"?: role = .user
        case "assistant"?: role = .assistant
        case "tool"?: role = .tool
        case _?:
            throw .unsupported(
                "'\(fields.name("role"))' must be system, user, assistant or tool.", parameter: fields.name("role"))
        case nil: throw fields.wrong("role", expected: "system, user, assistant or tool")
        }
        var calls: [ToolCall] = []
        if role == .assistant {
            for call in try fields.objects("tool_calls") ?? [] { calls.append(try ToolCall(call)) }
        }
        self.init(role, !calls.isEmpty && fields["content"] == nil ? "" : try Self.text(fields))
        toolCalls = calls
        if role == .assistant { thinking = try fields.string("reasoning_content") }
        if role == .tool {
            toolCallID = try fields.string("tool_call_id")
            if toolCallID == nil { throw fields.wrong("tool_call_id", expected: "the id of a call") }
        }
    }

    /// A string, or the texts of its parts, a line each.
    private static func text(_ fields: RequestFields) throws(APIError) -> String {
        if case .string(let text)? = fields["content"] { return text }
        guard case .array? = fields["content"], let parts = try fields.objects("content") else {
            throw fields.wrong("content", expected: "a string or a list of parts")
        }
        var texts: [String] = []
        for part in parts {
            guard let kind = try part.string("type") else { throw part.wrong("type", expected: "a string") }
            guard kind == "text" else {
                throw .unsupported(
                    "'\(part.name("type"))' must be text: this server takes no other parts.",
                    parameter: part.name("type"))
            }
            guard let text = try part.string("text") else { throw part.wrong("text", expected: "a string") }
            texts.append(text)
        }
        return texts.joined(separator: "\n")
    }
}
