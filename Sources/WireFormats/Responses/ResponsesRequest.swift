package import Chat
package import JSON

/// The body of `POST /v1/responses`. Unknown fields are ignored; `model` is read before.
/// - SeeAlso: OpenAI API reference, "Create a model response".
package struct ResponsesRequest: Hashable, Sendable {
    /// What stands before the conversation; not part of what is remembered of it.
    package var instructions: String?
    /// What comes behind the conversation of `previousID`.
    package var input: [Message]
    package var previousID: String?
    package var options: ResponseOptions
    package var streams: Bool
    /// Whether the answer can be gone on with.
    package var isStored: Bool
    /// Fields that the answer repeats, as they came.
    package var echoed: JSONObject

    /// - Parameter defaults: for what the request leaves open.
    package init(_ fields: RequestFields, defaults: ResponseOptions) throws(APIError) {
        try Self.refuseUnsupported(fields)
        instructions = try fields.string("instructions")
        input = try ResponsesInput.messages(fields)
        guard !input.isEmpty else {
            throw .badRequest("'input' is empty: there is nothing to answer.", parameter: "input")
        }
        previousID = try fields.string("previous_response_id")
        streams = try fields.bool("stream") ?? false
        isStored = try fields.bool("store") ?? true
        options = defaults
        try options.applyTurn(fields)
        if let limit = try fields.integer("max_output_tokens", in: 1...Int.max) { options.maxTokens = limit }
        if let value = try fields.number("temperature", in: 0...2) { options.temperature = value }
        if let value = try fields.number("top_p", in: 0...1) { options.topP = max(value, ResponseOptions.leastTopP) }
        options.tools = try Self.tools(fields)
        options.toolChoice = try Self.toolChoice(fields, options.tools)
        if let value = try fields.bool("parallel_tool_calls") { options.callsInParallel = value }
        options.format = try Self.format(fields)
        echoed = [
            "instructions": fields["instructions"] ?? .null,
            "previous_response_id": previousID.map { .string($0) } ?? .null,
            "max_output_tokens": fields["max_output_tokens"] ?? .null, "temperature": .number(options.temperature),
            "top_p": .number(options.topP), "tools": fields["tools"] ?? [],
            "tool_choice": fields["tool_choice"] ?? "auto",
            "parallel_tool_calls": fields["parallel_tool_calls"] ?? true, "store": .bool(isStored),
            "text": fields["text"] ?? ["format": ["type": "text"]], "truncation": "disabled", "background": false,
            "reasoning": fields["reasoning"] ?? ["effort": .null, "summary": .null],
            "metadata": fields["metadata"] ?? [:],
            "user": fields["user"] ?? .null,
        ]
    }

    /// The whole conversation, behind that of `previousID`.
    package func messages(after earlier: [Message]) -> [Message] {
        (instructions.map { [Message(.system, $0)] } ?? []) + earlier + input
    }

    private static func refuseUnsupported(_ fields: RequestFields) throws(APIError) {
        if try fields.bool("background") ?? false {
            throw .unsupported("Answers are made at once: 'background' must be false.", parameter: "background")
        }
        for key in ["conversation", "prompt"] where fields[key] != nil {
            throw .unsupported("This server does not know '\(key)': leave it out.", parameter: key)
        }
    }

    private static func format(_ fields: RequestFields) throws(APIError) -> ResponseFormat {
        guard let format = try fields.nested("text")?.nested("format") else { return .text }
        switch try format.string("type") {
        case "text"?: return .text
        case "json_object"?: return .jsonObject
        case "json_schema"?:
            guard let schema = try format.nested("schema") else { throw format.wrong("schema", expected: "an object") }
            return .jsonSchema(schema.value.text)
        default:
            throw .unsupported(
                "'text.format.type' must be text, json_object or json_schema.", parameter: "text.format.type")
        }
    }

    private static func tools(_ fields: RequestFields) throws(APIError) -> [ToolDefinition] {
        var tools: [ToolDefinition] = []
        for tool in try fields.objects("tools") ?? [] {
            guard try tool.string("type") == "function" else {
                throw .unsupported(
                    "'\(tool.name("type"))' must be function: this server has no tools of its own.",
                    parameter: tool.name("type"))
            }
            guard let name = try tool.string("name"), !name.isEmpty else {
                throw tool.wrong("name", expected: "the tool's name")
            }
            tools.append(
                ToolDefinition(
                    name: name, description: try tool.string("description"),
                    parameters: try tool.nested("parameters")?.value ?? .null))
        }
        return tools
    }

    private static func toolChoice(
        _ fields: RequestFields, _ tools: [ToolDefinition]
    ) throws(APIError) -> ToolChoice {
        func needTools(_ choice: ToolChoice) throws(APIError) -> ToolChoice {
            if !tools.isEmpty { return choice }
            throw .badRequest("'tool_choice' asks for a call, and there are no 'tools'.", parameter: "tool_choice")
        }
        switch fields["tool_choice"] {
        case nil, .string("auto")?: return .auto
        case .string("none")?: return .none
        case .string("required")?: return try needTools(.required)
        case .object?:
            let choice = try fields.nested("tool_choice")
            guard try choice?.string("type") == "function", let name = try choice?.string("name") else { break }
            guard tools.contains(where: { $0.name == name }) else {
                throw .badRequest(
                    "'tool_choice.name' is none of 'tools'.", parameter: "tool_choice.name", code: "invalid_value")
            }
            return .named(name)
        default: break
        }
        throw .badRequest(
            "'tool_choice' must be auto, none, required, or name a function.", parameter: "tool_choice",
            code: "invalid_value")
    }
}
