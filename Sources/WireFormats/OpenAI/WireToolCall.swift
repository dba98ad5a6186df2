import Chat

/// A call as chat answers tell it: whole, or what one chunk adds to it.
struct WireToolCall: Encodable, Sendable {
    struct Function: Encodable, Sendable {
        var name: String?
        var arguments: String
    }
    /// Which call a chunk belongs to.
    var index: Int?
    var id: String?
    var type: String?
    var function: Function

    init(_ call: ToolCall) {
        id = call.id
        type = "function"
        function = Function(name: call.name, arguments: call.arguments)
    }

    /// The beginning of a call.
    init(index: Int, id: String, name: String) {
        self.index = index
        self.id = id
        type = "function"
        function = Function(name: name, arguments: "")
    }

    /// A piece of its arguments.
    init(index: Int, fragment: String) {
        self.index = index
        function = Function(arguments: fragment)
    }
}
