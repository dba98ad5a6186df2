import JSON

/// What parsers need to know of the tools: their names, and the parameters of each.
struct ToolSignatures: Sendable {
    struct Tool: Sendable {
        /// Nil when the schema names none, or allows others.
        fileprivate var parameters: [String: ParameterTypes]
        fileprivate var allowsOthers: Bool

        /// Whether `name` can be a parameter.
        func has(_ name: String) -> Bool { allowsOthers || parameters[name] != nil }

        /// Of unknown ones, text.
        func types(of name: String) -> ParameterTypes { parameters[name] ?? .string }
    }

    private let tools: [String: Tool]

    init(_ definitions: [ToolDefinition]) {
        tools = Dictionary(definitions.map { ($0.name, Tool($0.parameters)) }) { first, _ in first }
    }

    func isKnown(_ name: String) -> Bool { tools[name] != nil }

    /// Of unknown ones, a tool that takes any parameters.
    subscript(name: String) -> Tool { tools[name] ?? Tool(parameters: [:], allowsOthers: true) }
}

extension ToolSignatures.Tool {
    fileprivate init(_ schema: JSONValue) {
        guard let members = schema.object?["properties"]?.object?.members else {
            self.init(parameters: [:], allowsOthers: true)
            return
        }
        let types = members.map { ($0.key, ParameterTypes(schema: $0.value, root: schema)) }
        let others = schema.object?["additionalProperties"]
        self.init(
            parameters: Dictionary(types) { $1 },
            allowsOthers: others?.object != nil || others?.bool == true)
    }
}
