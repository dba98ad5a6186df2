import JSON

/// Everything that the server can do, in the form that tools read: OpenAPI 3.1.
/// - SeeAlso: https://spec.openapis.org/oas/v3.1.0
enum OpenAPIDocument {
    /// - Parameters:
    ///   - version: of the program.
    ///   - models: the names that requests call them by.
    static func make(version: String, models: [String], operations: [Operation] = Operation.all) -> JSONValue {
        let schemas = Schemas.all + [("ModelName", ["enum": .array(models.map { .string($0) })])]
        var paths: [(key: String, value: [(key: String, value: JSONValue)])] = []
        for operation in operations {
            let entry = (key: operation.method.lowercased(), value: operation.description)
            if let index = paths.firstIndex(where: { $0.key == operation.path }) {
                paths[index].value.append(entry)
            } else {
                paths.append((operation.path, [entry]))
            }
        }
        return [
            "openapi": "3.1.0",
            "info": [
                "title": "martlet", "version": .string(version),
                "description": "Language models of this machine, for clients of several interfaces.",
            ],
            "security": [["key": []]],
            "paths": .object(JSONObject(paths.map { ($0.key, .object(JSONObject($0.value))) })),
            "components": [
                "securitySchemes": ["key": ["type": "http", "scheme": "bearer"]],
                "schemas": .object(JSONObject(schemas)),
            ],
        ]
    }
}

/// A method of a path.
struct Operation: Sendable {
    var method: String
    var path: String
    /// The family of interfaces that it comes from.
    var tag: String
    var summary: String
    /// The names of the schemas of the body and of the answer; nil for none.
    var body: String?
    var answer: String?
    /// The answer's type where the body says `"stream": true`.
    var stream: String?
    /// Other than JSON.
    var answerType: String?
    var needsKey = true

    init(
        _ methodAndPath: String, _ tag: String, _ summary: String, body: String? = nil, answer: String? = nil,
        stream: String? = nil, answerType: String? = nil, needsKey: Bool = true
    ) {
        method = String(methodAndPath.prefix { $0 != " " })
        path = String(methodAndPath.drop { $0 != " " }.dropFirst())
        self.tag = tag
        self.summary = summary
        self.body = body
        self.answer = answer
        self.stream = stream
        self.answerType = answerType
        self.needsKey = needsKey
    }

    fileprivate var description: JSONValue {
        var members: [(key: String, value: JSONValue)] = [
            ("tags", [.string(tag)]), ("summary", .string(summary)), ("operationId", .string(identifier)),
        ]
        if !needsKey { members.append(("security", [])) }
        if path.contains("{id}") {
            members.append(
                ("parameters", [["name": "id", "in": "path", "required": true, "schema": ["type": "string"]]]))
        }
        if let body {
            members.append(
                (
                    "requestBody",
                    ["required": true, "content": ["application/json": ["schema": Schemas.reference(body)]]]
                ))
        }
        var content: [(key: String, value: JSONValue)] = [
            (answerType ?? "application/json", answer.map { ["schema": Schemas.reference($0)] } ?? [:])
        ]
        if let stream { content.append((stream, [:])) }
        members.append(
            (
                "responses",
                [
                    "200": ["description": "The answer.", "content": .object(JSONObject(content))],
                    "default": [
                        "description": "What is wrong, in the words of the interface.",
                        "content": ["application/json": ["schema": Schemas.reference("Error")]],
                    ],
                ]
            ))
        return .object(JSONObject(members))
    }

    /// As `post_v1_chat_completions`.
    private var identifier: String {
        let words = path.split { !$0.isLetter && !$0.isNumber }
        return ([method.lowercased()[...]] + words).joined(separator: "_")
    }
}
