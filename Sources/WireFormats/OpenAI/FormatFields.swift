import Chat
import JSON

extension ResponseFormat {
    /// What a request asks its answer to be: OpenAI's `response_format`; `grammar` and `json_schema` of llama.cpp's server;
    /// `structured_outputs` and `guided_json`, `guided_regex`, `guided_choice`, `guided_grammar` of vLLM's. Nil where it
    /// asks for nothing.
    init?(_ fields: RequestFields) throws(APIError) {
        var found: [(field: String, format: ResponseFormat)] = []
        if let format = try Self.openAI(fields) { found.append(("response_format", format)) }
        if let grammar = try fields.string("grammar"), !grammar.isEmpty { found.append(("grammar", .grammar(grammar))) }
        if let schema = try Self.schema(fields, "json_schema") { found.append(("json_schema", schema)) }
        found += try Self.constraints(fields, prefix: "guided_")
        if let nested = try fields.nested("structured_outputs") { found += try Self.constraints(nested, prefix: "") }
        guard found.count <= 1 else {
            throw .badRequest(
                "'\(found[0].field)' and '\(found[1].field)' both say what the answer has to be: give one.",
                parameter: found[1].field, code: "invalid_value")
        }
        guard let only = found.first else { return nil }
        self = only.format
    }

    private static func openAI(_ fields: RequestFields) throws(APIError) -> ResponseFormat? {
        guard let format = try fields.nested("response_format") else { return nil }
        switch try format.string("type") {
        case "text"?, nil: return nil
        case "json_object"?: return try schema(format, "schema") ?? .jsonObject
        case "json_schema"?:
            guard let given = try format.nested("json_schema") else {
                throw format.wrong("json_schema", expected: "an object")
            }
            // Without a schema any object will do, as the interface has it.
            return try schema(given, "schema") ?? .jsonObject
        case _?:
            throw .unsupported(
                "'response_format.type' must be text, json_object or json_schema.", parameter: "response_format.type")
        }
    }

    private static func constraints(
        _ fields: RequestFields, prefix: String
    ) throws(APIError) -> [(field: String, format: ResponseFormat)] {
        var found: [(field: String, format: ResponseFormat)] = []
        if let schema = try schema(fields, prefix + "json") { found.append((fields.name(prefix + "json"), schema)) }
        if let regex = try fields.string(prefix + "regex") {
            found.append((fields.name(prefix + "regex"), .regularExpression(regex)))
        }
        if let grammar = try fields.string(prefix + "grammar") {
            found.append((fields.name(prefix + "grammar"), .grammar(grammar)))
        }
        if let value = fields[prefix + "choice"] {
            let texts = value.array?.compactMap(\.string) ?? []
            guard !texts.isEmpty, texts.count == value.array?.count else {
                throw fields.wrong(prefix + "choice", expected: "a list of strings")
            }
            found.append((fields.name(prefix + "choice"), .choice(texts)))
        }
        return found
    }

    /// A schema, as itself or as its text.
    private static func schema(_ fields: RequestFields, _ key: String) throws(APIError) -> ResponseFormat? {
        switch fields[key] {
        case nil: return nil
        case .string(let text)?: return .jsonSchema(text)
        case .object?, .bool?: return .jsonSchema(fields[key]?.text ?? "true")
        case _?: throw fields.wrong(key, expected: "a JSON schema")
        }
    }
}
