import JSON

/// The schemas of bodies and answers. Bodies may have further members, which are ignored.
enum Schemas {
    static let all: [(key: String, value: JSONValue)] =
        openAI + anthropic + llamaServer + ollama + [
            ("Object", ["type": "object"]),
            ("Error", ["type": "object", "required": ["error"], "properties": ["error": true]]),
        ]

    static func reference(_ name: String) -> JSONValue { ["$ref": .string("#/components/schemas/\(name)")] }

    // MARK: Parts

    private static let text: JSONValue = ["type": "string"]
    private static let model = reference("ModelName")
    private static let flag: JSONValue = ["type": "boolean"]
    private static let count: JSONValue = ["type": "integer", "minimum": 1]
    private static let object: JSONValue = ["type": "object"]
    private static let answers: JSONValue = ["type": "integer", "minimum": 1, "maximum": 16]

    private static func list(_ items: JSONValue, atLeast count: Int = 0) -> JSONValue {
        ["type": "array", "items": items, "minItems": .integer(count)]
    }

    private static func number(_ range: ClosedRange<Double>) -> JSONValue {
        ["type": "number", "minimum": .number(range.lowerBound), "maximum": .number(range.upperBound)]
    }

    private static func either(_ schemas: JSONValue...) -> JSONValue { ["anyOf": .array(schemas)] }

    private static func choice(_ values: String...) -> JSONValue { ["enum": .array(values.map { .string($0) })] }

    /// - Parameter required: the members that must be there.
    private static func members(_ required: [String], _ properties: KeyValuePairs<String, JSONValue>) -> JSONValue {
        [
            "type": "object", "properties": .object(JSONObject(properties.map { ($0.key, $0.value) })),
            "required": .array(required.map { .string($0) }),
        ]
    }

    /// What many bodies say about choosing tokens.
    private static func choosing(
        _ required: [String], _ properties: KeyValuePairs<String, JSONValue>
    ) -> JSONValue {
        let shared: KeyValuePairs<String, JSONValue> = [
            "model": model, "stream": flag, "temperature": number(0...2), "top_p": number(0...1),
            "top_k": ["type": "integer", "minimum": -1], "min_p": number(0...1), "seed": ["type": "integer"],
            "stop": either(text, list(text)), "frequency_penalty": number(-2...2), "presence_penalty": number(-2...2),
            "repetition_penalty": number(0.01...10), "timeout": number(0.001...1e6),
        ]
        return [
            "type": "object",
            "properties": .object(JSONObject((Array(shared) + Array(properties)).map { ($0.key, $0.value) })),
            "required": .array(required.map { .string($0) }),
        ]
    }

    /// One text, token ids with texts among them, or a list of such.
    private static let prompts = either(
        text, list(either(text, ["type": "integer"], list(either(text, ["type": "integer"]), atLeast: 1)), atLeast: 1))

    // MARK: OpenAI

    private static let tool = members(
        ["type", "function"],
        [
            "type": choice("function"),
            "function": members(["name"], ["name": text, "description": text, "parameters": object]),
        ])

    private static let message = members(
        ["role"],
        [
            "role": choice("system", "developer", "user", "assistant", "tool"),
            "content": either(text, list(members(["type", "text"], ["type": choice("text"), "text": text]))),
            "tool_calls": list(
                members(
                    ["id", "function"], ["id": text, "function": members(["name"], ["name": text, "arguments": text])])
            ), "tool_call_id": text, "reasoning_content": text, "prefix": flag,
        ])

    private static let openAI: [(key: String, value: JSONValue)] = [
        (
            "ChatRequest",
            choosing(
                ["messages"],
                [
                    "messages": list(message, atLeast: 1), "max_tokens": count, "max_completion_tokens": count,
                    "stream_options": members([], ["include_usage": flag]), "logprobs": flag,
                    "top_logprobs": ["type": "integer", "minimum": 0, "maximum": 20], "tools": list(tool),
                    "tool_choice": either(choice("auto", "none", "required"), object), "parallel_tool_calls": flag,
                    "response_format": members(
                        ["type"], ["type": choice("text", "json_object", "json_schema"), "json_schema": object]),
                    "service_tier": text, "logit_bias": object, "grammar": text,
                    "n": answers, "continue_final_message": flag, "lora": adapterScales,
                ])
        ),
        (
            "ChatAnswer",
            members(
                ["id", "object", "created", "model", "choices", "usage"],
                [
                    "id": text, "object": choice("chat.completion"), "created": ["type": "integer"], "model": text,
                    "choices": list(object, atLeast: 1), "usage": object,
                ])
        ),
        (
            "CompletionRequest",
            choosing(
                ["prompt"],
                [
                    "prompt": prompts, "suffix": text, "echo": flag, "n": answers, "best_of": answers,
                    "stream_options": members([], ["include_usage": flag]),
                    "max_tokens": ["type": "integer", "minimum": 0],
                    "logprobs": ["type": "integer", "minimum": 0, "maximum": 20],
                ])
        ),
        (
            "CompletionAnswer",
            members(
                ["id", "object", "created", "model", "choices", "usage"],
                [
                    "id": text, "object": choice("text_completion"), "created": ["type": "integer"], "model": text,
                    "choices": list(object, atLeast: 1), "usage": object,
                ])
        ),
        (
            "ResponsesRequest",
            members(
                ["input"],
                [
                    "model": model, "input": either(text, list(object, atLeast: 1)), "instructions": text,
                    "previous_response_id": text, "stream": flag, "store": flag, "max_output_tokens": count,
                    "temperature": number(0...2), "top_p": number(0...1), "tools": list(object), "text": object,
                ])
        ),
        (
            "EmbeddingRequest",
            members(
                ["input"],
                [
                    "model": model, "input": prompts,
                    "encoding_format": choice("float", "base64"), "dimensions": count,
                ])
        ),
        (
            "EmbeddingAnswer",
            members(
                ["object", "data", "model", "usage"],
                ["object": choice("list"), "data": list(object), "model": text, "usage": object])
        ),
        (
            "RerankRequest",
            members(
                ["query", "documents"],
                ["model": model, "query": text, "documents": list(text, atLeast: 1), "top_n": count])
        ),
        (
            "Model",
            members(
                ["id", "object"],
                [
                    "id": text, "object": choice("model"), "created": ["type": "integer"], "max_model_len": count,
                    "parent": text,
                    "status": members(
                        ["value"], ["value": choice("unloaded", "loading", "loaded", "unloading")]),
                ])
        ),
        ("ModelList", members(["object", "data"], ["object": choice("list"), "data": list(reference("Model"))])),
    ]

    // MARK: Others

    private static let anthropic: [(key: String, value: JSONValue)] = [
        (
            "MessagesRequest",
            members(
                ["messages", "max_tokens"],
                [
                    "model": model, "max_tokens": count, "system": either(text, list(object)),
                    "messages": list(
                        members(
                            ["role", "content"],
                            ["role": choice("user", "assistant"), "content": either(text, list(object))]), atLeast: 1),
                    "stream": flag, "temperature": number(0...2), "top_p": number(0...1),
                    "stop_sequences": list(text), "tools": list(object), "tool_choice": object,
                    "thinking": object, "output_config": object,
                ])
        )
    ]

    private static let llamaServer: [(key: String, value: JSONValue)] = [
        (
            "LlamaRequest",
            choosing(
                ["prompt"],
                [
                    "prompt": prompts, "n_predict": ["type": "integer", "minimum": -2], "grammar": text,
                    "json_schema": object, "lora": adapterScales,
                    "n_probs": ["type": "integer", "minimum": 0, "maximum": 20],
                ])
        ),
        (
            "InfillRequest",
            choosing(
                ["input_prefix", "input_suffix"],
                [
                    "input_prefix": text, "input_suffix": text, "prompt": text,
                    "input_extra": list(members(["text"], ["filename": text, "text": text])),
                    "n_predict": ["type": "integer", "minimum": -2],
                ])
        ),
        (
            "TokenizeRequest",
            members(
                ["content"], ["content": text, "add_special": flag, "parse_special": flag, "with_pieces": flag])
        ), ("DetokenizeRequest", members(["tokens"], ["tokens": list(["type": "integer"])])),
        ("LoadRequest", members(["model"], ["model": model])),
        ("SlotFile", members([], ["filename": text])),
        ("AdapterScales", adapterScales),
        (
            "AdapterLoading",
            members(
                ["lora_name"],
                ["lora_name": text, "lora_path": text, "load_inplace": flag, "base_model_name": model])
        ),
    ]

    /// Adapters by the numbers that they have.
    private static let adapterScales = list(
        members(["id"], ["id": ["type": "integer", "minimum": 0], "scale": number(-1000...1000)]))

    private static let ollama: [(key: String, value: JSONValue)] = [
        (
            "OllamaChatRequest",
            members(
                ["model", "messages"],
                [
                    "model": model,
                    "messages": list(
                        members(
                            ["role", "content"],
                            ["role": choice("system", "user", "assistant", "tool"), "content": text])),
                    "stream": flag, "think": flag, "format": either(choice("json"), object), "options": object,
                    "tools": list(tool), "keep_alive": either(["type": "number"], text),
                ])
        ),
        (
            "OllamaGenerateRequest",
            members(
                ["model"],
                [
                    "model": model, "prompt": text, "suffix": text, "system": text, "raw": flag, "stream": flag,
                    "format": either(choice("json"), object), "options": object,
                    "keep_alive": either(["type": "number"], text),
                ])
        ), ("OllamaName", members(["model"], ["model": model, "stream": flag])),
    ]
}
