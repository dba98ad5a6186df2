package import Chat
import JSON

/// The body of Ollama's `POST /api/chat` and `POST /api/generate`. Unknown fields are ignored; `model` is read before.
/// - SeeAlso: Ollama, docs/api.md.
package struct OllamaRequest: Hashable, Sendable {
    /// What is to be gone on with.
    package enum Subject: Hashable, Sendable {
        case conversation([Message])
        case text(TextPrompt)
        /// The model is to be made ready; there is nothing to answer.
        case nothing
    }

    package var subject: Subject
    package var options: ResponseOptions
    package var streams: Bool
    package var showsThinking: Bool

    /// - Parameter defaults: for what the request leaves open.
    package init(chat fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        var messages = OllamaMessages()
        for message in try fields.objects("messages") ?? [] { try messages.add(message) }
        try self.init(fields, messages.all.isEmpty ? .nothing : .conversation(messages.all), defaults)
        options.tools = []
        for tool in try fields.objects("tools") ?? [] { options.tools.append(try ToolDefinition(tool)) }
        if let last = messages.all.last, last.role == .assistant, last.toolCalls.isEmpty {
            try options.continueAnswer(last)
        }
    }

    /// - Parameter defaults: for what the request leaves open.
    package init(generate fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        try fields.refuseImages()
        for key in ["template", "context"] where fields[key] != nil && fields[key]?.string != "" {
            throw .unsupported("This server does not take '\(key)': leave it out.", parameter: key)
        }
        let prompt = try fields.string("prompt") ?? ""
        let suffix = try fields.string("suffix") ?? ""
        let system = try fields.string("system") ?? ""
        let subject: Subject
        if !suffix.isEmpty {
            subject = .text(TextPrompt(prompt, suffix: suffix))
        } else if prompt.isEmpty {
            subject = .nothing
        } else if try fields.bool("raw") ?? false {
            subject = .text(TextPrompt(prompt))
        } else {
            subject = .conversation((system.isEmpty ? [] : [Message(.system, system)]) + [Message(.user, prompt)])
        }
        try self.init(fields, subject, defaults)
    }

    private init(_ fields: RequestFields, _ subject: Subject, _ defaults: ResponseOptions) throws(APIError) {
        self.subject = subject
        streams = try fields.bool("stream") ?? true
        showsThinking = fields["think"]?.bool ?? true
        options = defaults
        options.thinks = fields["think"]?.bool ?? defaults.thinks
        try options.applyTurn(fields)
        options.keepAlive = try Self.keepAlive(fields)
        options.format = try Self.format(fields)
        guard let given = try fields.nested("options") else { return }
        try options.applyLlamaNames(given)
        if let limit = try given.integer("num_predict", in: -2...Int.max) {
            options.maxTokens = limit < 0 ? nil : limit
        }
    }

    /// Seconds that the model is to stay in memory: a number, or a text such as `5m`; negative ones are for ever.
    private static func keepAlive(_ fields: RequestFields) throws(APIError) -> Double? {
        switch fields["keep_alive"] {
        case nil: return nil
        case .string(let text)?: if let seconds = KeepAlive(text)?.seconds { return seconds }
        case let value?: if let number = value.number { return KeepAlive(seconds: number).seconds }
        }
        throw fields.wrong("keep_alive", expected: "seconds, or a duration such as 5m")
    }

    /// `json`, or a schema.
    private static func format(_ fields: RequestFields) throws(APIError) -> ResponseFormat {
        switch fields["format"] {
        case nil, .string("")?: return .text
        case .string("json")?: return .jsonObject
        case .object(let schema)?: return .jsonSchema(JSONValue.object(schema).text)
        case _?: throw fields.wrong("format", expected: "json or a JSON schema")
        }
    }
}

/// Puts a conversation together. Calls and results need no ids here: they get some, in their order.
struct OllamaMessages {
    private(set) var all: [Message] = []
    private var callCount = 0
    /// Calls without a result so far.
    private var open: [ToolCall] = []

    mutating func add(_ fields: RequestFields) throws(APIError) {
        try fields.refuseImages()
        let content = try fields.string("content") ?? ""
        switch try fields.string("role") {
        case "system"?: all.append(Message(.system, content))
        case "user"?: all.append(Message(.user, content))
        case "assistant"?:
            var calls: [ToolCall] = []
            for call in try fields.objects("tool_calls") ?? [] { calls.append(try self.call(call)) }
            open += calls
            all.append(Message(calls: calls, text: content, thinking: try fields.string("thinking")))
        case "tool"?: all.append(Message(result: content, of: try answeredCall(fields)))
        default:
            throw .badRequest(
                "'\(fields.name("role"))' must be system, user, assistant or tool.", parameter: fields.name("role"),
                code: "invalid_value")
        }
    }

    private mutating func call(_ fields: RequestFields) throws(APIError) -> ToolCall {
        guard let function = try fields.nested("function") else {
            throw fields.wrong("function", expected: "an object")
        }
        guard let name = try function.string("name") else {
            throw function.wrong("name", expected: "the tool's name")
        }
        let arguments = try function.nested("arguments")?.value ?? [:]
        callCount += 1
        let digits = String(callCount)
        let id = try fields.string("id") ?? "call" + String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        return ToolCall(id: id, name: name, arguments: arguments.text)
    }

    /// The call that a result names, or else the first that has none.
    private mutating func answeredCall(_ fields: RequestFields) throws(APIError) -> String {
        if let id = try fields.string("tool_call_id") {
            open.removeAll { $0.id == id }
            return id
        }
        let name = try fields.string("tool_name")
        guard let place = open.firstIndex(where: { name == nil || $0.name == name }) else { return name ?? "call" }
        return open.remove(at: place).id
    }
}

extension RequestFields {
    fileprivate func refuseImages() throws(APIError) {
        guard let images = self["images"], images.array?.isEmpty != true else { return }
        throw .unsupported("This server reads no images: leave out '\(name("images"))'.", parameter: name("images"))
    }
}
