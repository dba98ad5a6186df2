import Chat
import HTTP
import JSON

/// Chat completions as streams.
/// - SeeAlso: OpenAI API reference, "Create chat completion".
struct OpenAIDialect: RemoteDialect {
    // OpenAI's own limit; others take more.
    var mostStops: Int { 4 }

    func request(
        to endpoint: Endpoint, _ messages: [Message], _ options: ResponseOptions, stops: [String]
    ) throws(RemoteChatError) -> HTTPRequest {
        var turns: [JSONValue] = []
        for message in messages { turns.append(try Self.turn(message)) }
        var body: JSONObject = [
            "model": .string(endpoint.model), "messages": .array(turns), "stream": true,
            "stream_options": ["include_usage": true],
        ]
        body.add("temperature", .number(options.temperature))
        if options.topP < 1 { body.add("top_p", .number(options.topP)) }
        // Chosen by the caller; OpenAI takes half of them only.
        if let seed = options.seed { body.add("seed", .integer(Int(seed & 0x7FFF_FFFF))) }
        if let limit = options.maxTokens { body.add("max_tokens", .integer(limit)) }
        if !stops.isEmpty { body.add("stop", .array(stops.map { .string($0) })) }
        if options.continuesAnswer {
            // vLLM, SGLang and martlet want to be told; llama-server sees it by the last message.
            body.add("continue_final_message", true)
            body.add("add_generation_prompt", false)
        }
        if !options.tools.isEmpty {
            body.add("tools", .array(options.tools.map(Self.tool)))
            body.add("tool_choice", Self.choice(options.toolChoice))
            if !options.callsInParallel { body.add("parallel_tool_calls", false) }
        }
        var request = HTTPRequest(endpoint.address + "/chat/completions", method: .post)
        request.headers = ["Content-Type: application/json", "Accept: text/event-stream"]
        request.body = JSONValue.object(body).bytes
        request.token = endpoint.key
        return request
    }

    func reader() -> any RemoteAnswerReader { OpenAIAnswerReader() }

    private static func turn(_ message: Message) throws(RemoteChatError) -> JSONValue {
        guard !message.hasImages else { throw .unsupported(reason: "images are not sent to endpoints.") }
        var turn: JSONObject = ["role": .string(message.role.rawValue), "content": .string(message.content)]
        if !message.toolCalls.isEmpty {
            turn.add(
                "tool_calls",
                .array(
                    message.toolCalls.map { call in
                        [
                            "id": .string(call.id), "type": "function",
                            "function": ["name": .string(call.name), "arguments": .string(call.arguments)],
                        ]
                    }))
        }
        if let id = message.toolCallID { turn.add("tool_call_id", .string(id)) }
        return .object(turn)
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        var function: JSONObject = ["name": .string(tool.name)]
        if let description = tool.description { function.add("description", .string(description)) }
        if case .null = tool.parameters {} else { function.add("parameters", tool.parameters) }
        return ["type": "function", "function": .object(function)]
    }

    private static func choice(_ choice: ToolChoice) -> JSONValue {
        switch choice {
        case .auto: "auto"
        case .none: "none"
        case .required: "required"
        case .named(let name): ["type": "function", "function": ["name": .string(name)]]
        }
    }
}

/// Reads the chunks of a chat completion.
struct OpenAIAnswerReader: RemoteAnswerReader {
    private(set) var end = RemoteAnswerEnd()
    /// The last call that began.
    private var call: Int?

    mutating func read(_ data: [UInt8]) throws(RemoteChatError) -> [ChatEvent] {
        if data == Array("[DONE]".utf8) { return [] }
        guard let chunk = (try? JSONValue(parsing: data))?.object else {
            throw .failed(reason: "an event that is no JSON: \(String(decoding: data.prefix(200), as: UTF8.self))")
        }
        if let error = chunk["error"] {
            throw .failed(reason: error.object?["message"]?.string ?? error.string ?? error.text)
        }
        if let usage = chunk["usage"]?.object {
            end.promptTokens = usage["prompt_tokens"]?.integer
            end.generatedTokens = usage["completion_tokens"]?.integer
            end.reusedTokens = usage["prompt_tokens_details"]?.object?["cached_tokens"]?.integer
        }
        guard let choice = chunk["choices"]?.array?.first?.object else { return [] }
        var events: [ChatEvent] = []
        if let delta = choice["delta"]?.object {
            // DeepSeek's and vLLM's name, and that of others.
            if let text = (delta["reasoning_content"] ?? delta["reasoning"])?.string, !text.isEmpty {
                events.append(.thinking(text))
            }
            if let text = delta["content"]?.string, !text.isEmpty { events.append(.text(text)) }
            for piece in delta["tool_calls"]?.array ?? [] { events += callEvents(piece.object ?? [:]) }
        }
        switch choice["finish_reason"]?.string {
        case nil: break
        case "length"?: end.reason = .maxTokens
        default: end.reason = .stop
        }
        if end.reason != nil, let open = call {
            events.append(.callEnded(index: open))
            call = nil
        }
        return events
    }

    private mutating func callEvents(_ piece: JSONObject) -> [ChatEvent] {
        var events: [ChatEvent] = []
        let function = piece["function"]?.object
        // Some leave the index out where there is one call.
        let index = max(0, piece["index"]?.integer ?? call ?? 0)
        if let name = function?["name"]?.string, index != call {
            if let open = call { events.append(.callEnded(index: open)) }
            call = index
            events.append(.callBegan(index: index, id: piece["id"]?.string ?? ToolCall.randomID(), name: name))
        }
        if let fragment = function?["arguments"]?.string, !fragment.isEmpty, index == call {
            events.append(.callArguments(index: index, fragment: fragment))
        }
        return events
    }
}
