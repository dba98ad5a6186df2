import Chat
import JSON

extension ResponseOptions {
    /// Takes over the tools that a request offers: `tools`, `tool_choice`, `parallel_tool_calls`.
    mutating func applyTools(_ fields: RequestFields) throws(APIError) {
        if let functions = try fields.objects("functions"), !functions.isEmpty {
            throw .unsupported("'functions' is the old form: offer them as 'tools'.", parameter: "functions")
        }
        tools = []
        for tool in try fields.objects("tools") ?? [] { tools.append(try ToolDefinition(tool)) }
        if let value = try fields.bool("parallel_tool_calls") { callsInParallel = value }
        toolChoice = try Self.choice(fields)
        switch toolChoice {
        case .auto, .none: break
        case .required where tools.isEmpty:
            throw .badRequest("'tool_choice' asks for a call, and there are no 'tools'.", parameter: "tool_choice")
        case .named(let name) where !tools.contains { $0.name == name }:
            throw .badRequest(
                "'tool_choice' names '\(name.prefix(200))', which is not among the 'tools'.", parameter: "tool_choice")
        case .required, .named: break
        }
    }

    private static func choice(_ fields: RequestFields) throws(APIError) -> ToolChoice {
        switch fields["tool_choice"] {
        case nil, .string("auto")?: return .auto
        case .string("none")?: return .none
        case .string("required")?: return .required
        case .object?:
            guard let choice = try fields.nested("tool_choice"), try choice.string("type") == "function",
                let function = try choice.nested("function"), let name = try function.string("name")
            else { fallthrough }
            return .named(name)
        case _?:
            throw fields.wrong(
                "tool_choice",
                expected: "auto, none, required or {\"type\": \"function\", \"function\": {\"name\": ...}}")
        }
    }
}

extension ToolDefinition {
    /// `{"type": "function", "function": {"name", "description", "parameters"}}`.
    init(_ fields: RequestFields) throws(APIError) {
        guard try fields.string("type") ?? "function" == "function" else {
            throw .unsupported(
                "'\(fields.name("type"))' must be function: this server knows no other tools.",
                parameter: fields.name("type"))
        }
        guard let function = try fields.nested("function") else {
            throw fields.wrong("function", expected: "an object")
        }
        guard let name = try function.string("name"), !name.isEmpty else {
            throw function.wrong("name", expected: "the name of a function")
        }
        _ = try function.nested("parameters")
        self.init(
            name: name, description: try function.string("description"), parameters: function["parameters"] ?? .null)
    }
}

extension ToolCall {
    /// `{"id", "type": "function", "function": {"name", "arguments"}}`.
    init(_ fields: RequestFields) throws(APIError) {
        guard let function = try fields.nested("function") else {
            throw fields.wrong("function", expected: "an object")
        }
        guard let name = try function.string("name") else { throw function.wrong("name", expected: "a string") }
        self.init(
            id: try fields.string("id") ?? ToolCall.randomID(), name: name,
            arguments: try function.string("arguments") ?? "")
    }
}
