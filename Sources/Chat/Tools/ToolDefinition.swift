package import JSON

/// A function that a model may call.
package struct ToolDefinition: Hashable, Sendable {
    package var name: String
    package var description: String?
    /// A JSON schema of an object, keys in the order they came in: the model reads them so. Null: no parameters.
    package var parameters: JSONValue

    package init(name: String, description: String? = nil, parameters: JSONValue = .null) {
        self.name = name
        self.description = description
        self.parameters = parameters
    }
}

/// What the model may do about the tools.
package enum ToolChoice: Hashable, Sendable {
    /// Call some or none.
    case auto
    /// Answer in words; the tools are not shown.
    case none
    /// Call one at least.
    case required
    /// Call this one.
    case named(String)
}
