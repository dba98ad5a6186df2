package import JSON

/// A tool as clients and their models see it.
package struct ServerTool: Sendable {
    package var name: String
    /// For people.
    package var title: String
    /// For models: what it answers, and when to take it.
    package var description: String
    /// A JSON Schema of an object.
    package var inputSchema: JSONValue

    package init(name: String, title: String, description: String, inputSchema: JSONValue) {
        self.name = name
        self.title = title
        self.description = description
        self.inputSchema = inputSchema
    }

    /// Tools here look and change nothing.
    var json: JSONValue {
        [
            "name": .string(name), "title": .string(title), "description": .string(description),
            "inputSchema": inputSchema,
            "annotations": [
                "title": .string(title), "readOnlyHint": true, "destructiveHint": false, "idempotentHint": true,
                "openWorldHint": false,
            ],
        ]
    }
}

/// A client's wish to have a tool run.
package struct ToolCall: Hashable, Sendable {
    /// Of one session, counted up.
    package typealias ID = Int

    package var id: ID
    package var name: String
    package var arguments: ToolArguments
    /// Whether the client wants to hear how far it is.
    package var wantsProgress = false

    package init(id: ID, name: String, arguments: ToolArguments) {
        self.id = id
        self.name = name
        self.arguments = arguments
    }
}

/// What a tool has to say.
package struct ToolAnswer: Hashable, Sendable {
    /// For models.
    package var text: String
    /// The same for programs: an object.
    package var structured: JSONObject?
    /// Whether it could not do what was asked. The text says why, so that a model can try something else.
    package var isError = false

    package init(_ text: String, structured: JSONObject? = nil) {
        self.text = text
        self.structured = structured
    }

    package static func failure(_ text: String) -> ToolAnswer {
        var answer = ToolAnswer(text)
        answer.isError = true
        return answer
    }

    var json: JSONObject {
        var result: JSONObject = ["content": [["type": "text", "text": .string(text)]]]
        result.add("structuredContent", structured.map { .object($0) })
        result.add("isError", .bool(isError))
        return result
    }
}

/// How far a call is.
package struct CallProgress: Hashable, Sendable {
    package var done: Int
    package var total: Int
    package var message: String

    package init(done: Int, total: Int, message: String) {
        self.done = done
        self.total = total
        self.message = message
    }
}
