package import Chat
import JSON

/// The body of `POST /v1/messages` and of `/v1/messages/count_tokens`. Unknown fields, among them `cache_control`, are
/// ignored; `model` is read before.
/// - SeeAlso: Anthropic API reference, "Messages".
package struct MessagesRequest: Hashable, Sendable {
    package var messages: [Message]
    package var options: ResponseOptions
    package var streams: Bool
    /// Whether thoughts are part of the answer. Clients that did not ask for them expect the text to come first.
    package var showsThinking: Bool

    /// - Parameter defaults: for what the request leaves open.
    package init(_ fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        streams = try fields.bool("stream") ?? false
        showsThinking = try ["enabled", "adaptive"].contains(fields.nested("thinking")?.string("type"))
        messages = try Self.system(fields)
        guard let turns = try fields.objects("messages") else {
            throw fields.wrong("messages", expected: "a list of messages")
        }
        for turn in turns { messages += try Self.messages(turn) }
        guard let last = messages.last, !turns.isEmpty else {
            throw .badRequest("'messages' is empty: there is nothing to answer.", parameter: "messages")
        }
        options = defaults
        if let kind = try fields.nested("thinking")?.string("type") { options.thinks = kind != "disabled" }
        try options.applyTurn(fields)
        if let limit = try fields.integer("max_tokens", in: 1...Int.max) { options.maxTokens = limit }
        if let value = try fields.number("temperature", in: 0...2) { options.temperature = value }
        if let value = try fields.number("top_p", in: 0...1) { options.topP = max(value, ResponseOptions.leastTopP) }
        if let value = try fields.integer("top_k", in: 0...Int(Int32.max)) { options.topK = value }
        if let texts = try fields.stops("stop_sequences") { options.stops = texts }
        options.tools = try Self.tools(fields)
        options.toolChoice = try Self.toolChoice(fields, options.tools)
        options.callsInParallel = try fields.nested("tool_choice")?.bool("disable_parallel_tool_use") != true
        options.format = try Self.format(fields)
        if last.role == .assistant {
            // What follows would begin within a token; the interface itself refuses it, too.
            guard last.content.last?.isWhitespace != true else {
                throw .badRequest(
                    "The last of 'messages' is the beginning of the answer: it must not end with white space.",
                    parameter: "messages", code: "invalid_value")
            }
            try options.continueAnswer(last)
        }
        try Self.refuseUnsupported(fields)
    }

    private static func refuseUnsupported(_ fields: RequestFields) throws(APIError) {
        for key in ["mcp_servers", "container"] where fields[key] != nil {
            guard fields[key]?.array?.isEmpty != true else { continue }
            throw .unsupported("This server does not know '\(key)': leave it out.", parameter: key)
        }
    }

    /// `output_config.format`, or `output_format` as it was called before.
    private static func format(_ fields: RequestFields) throws(APIError) -> ResponseFormat {
        var given = try fields.nested("output_config")?.nested("format")
        if given == nil { given = try fields.nested("output_format") }
        guard let format = given else { return .text }
        guard try format.string("type") == "json_schema" else {
            throw .unsupported("'\(format.name("type"))' must be json_schema.", parameter: format.name("type"))
        }
        guard let schema = try format.nested("schema") else { throw format.wrong("schema", expected: "an object") }
        return .jsonSchema(schema.value.text)
    }

    /// A string, or texts in a list.
    private static func system(_ fields: RequestFields) throws(APIError) -> [Message] {
        let text = try fields["system"] == nil ? "" : fields.anthropicText("system")
        return text.isEmpty ? [] : [Message(.system, text)]
    }

    private static func tools(_ fields: RequestFields) throws(APIError) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for tool in try fields.objects("tools") ?? [] {
            let kind = try tool.string("type") ?? "custom"
            guard kind == "custom" else {
                throw .unsupported(
                    "'\(tool.name("type"))' must be custom: this server has no tools of its own.",
                    parameter: tool.name("type"))
            }
            guard let name = try tool.string("name"), !name.isEmpty else {
                throw tool.wrong("name", expected: "the tool's name")
            }
            let schema = try tool.nested("input_schema")?.value ?? .null
            tools.append(ToolDefinition(name: name, description: try tool.string("description"), parameters: schema))
        }
        return tools
    }

    private static func toolChoice(
        _ fields: RequestFields, _ tools: [ToolDefinition]
    ) throws(APIError) -> ToolChoice {
        guard let choice = try fields.nested("tool_choice") else { return .auto }
        let kind = try choice.string("type")
        if kind == "any" || kind == "tool", tools.isEmpty {
            throw .badRequest("'tool_choice' asks for a call, and there are no 'tools'.", parameter: "tool_choice")
        }
        switch kind {
        case "auto"?: return .auto
        case "any"?: return .required
        case "none"?: return .none
        case "tool"?:
            guard let name = try choice.string("name") else {
                throw choice.wrong("name", expected: "the name of a tool")
            }
            guard tools.contains(where: { $0.name == name }) else {
                throw .badRequest(
                    "'tool_choice.name' is none of 'tools'.", parameter: "tool_choice.name", code: "invalid_value")
            }
            return .named(name)
        default:
            throw .badRequest(
                "'tool_choice.type' must be auto, any, tool or none.", parameter: "tool_choice.type",
                code: "invalid_value")
        }
    }
}
