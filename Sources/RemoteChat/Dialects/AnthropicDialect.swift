import Chat
import HTTP
import JSON

/// Messages as streams.
/// - SeeAlso: Anthropic API reference, "Messages" and "Streaming messages".
struct AnthropicDialect: RemoteDialect {
    var mostStops: Int { 16 }

    func request(
        to endpoint: Endpoint, _ messages: [Message], _ options: ResponseOptions, stops: [String]
    ) throws(RemoteChatError) -> HTTPRequest {
        var body: JSONObject = ["model": .string(endpoint.model), "stream": true]
        // Has to be there; as much as every model takes.
        body.add("max_tokens", .integer(options.maxTokens ?? 8192))
        let system = messages.filter { $0.role == .system }.map(\.content)
        if !system.isEmpty { body.add("system", .string(system.joined(separator: "\n\n"))) }
        var turns: [JSONValue] = []
        for message in messages where message.role != .system { turns.append(try Self.turn(message)) }
        if options.continuesAnswer, let begun = messages.last, turns.popLast() != nil {
            // White space at its end is refused; the answer then begins with it.
            var text = begun.content[...]
            while text.last?.isWhitespace == true { text.removeLast() }
            turns.append(["role": "assistant", "content": .string(String(text))])
        }
        body.add("messages", .array(turns))
        body.add("temperature", .number(min(options.temperature, 1)))
        // Texts of spaces only are refused.
        let stops = stops.filter { $0.contains { !$0.isWhitespace } }
        if !stops.isEmpty { body.add("stop_sequences", .array(stops.map { .string($0) })) }
        if !options.shownTools.isEmpty {
            body.add("tools", .array(options.shownTools.map(Self.tool)))
            var choice = Self.choice(options.toolChoice)
            if !options.callsInParallel { choice.add("disable_parallel_tool_use", true) }
            body.add("tool_choice", .object(choice))
        }
        var request = HTTPRequest(endpoint.address + "/messages", method: .post)
        request.headers = [
            "Content-Type: application/json", "Accept: text/event-stream", "anthropic-version: 2023-06-01",
        ]
        if let key = endpoint.key { request.headers.append("x-api-key: \(key)") }
        // Unlike a bearer token, a header line is passed on to wherever a redirect leads.
        request.followsRedirects = false
        request.body = JSONValue.object(body).bytes
        return request
    }

    func reader() -> any RemoteAnswerReader { AnthropicAnswerReader() }

    private static func turn(_ message: Message) throws(RemoteChatError) -> JSONValue {
        guard !message.hasImages else { throw .unsupported(reason: "images are not sent to endpoints.") }
        if let id = message.toolCallID {
            let block: JSONValue = [
                "type": "tool_result", "tool_use_id": .string(id), "content": .string(message.content),
            ]
            return ["role": "user", "content": [block]]
        }
        guard !message.toolCalls.isEmpty else {
            return ["role": .string(message.role.rawValue), "content": .string(message.content)]
        }
        var blocks: [JSONValue] = []
        if !message.content.isEmpty { blocks.append(["type": "text", "text": .string(message.content)]) }
        for call in message.toolCalls {
            let input = (try? JSONValue(parsing: Array(call.arguments.utf8))) ?? [:]
            blocks.append(
                ["type": "tool_use", "id": .string(call.id), "name": .string(call.name), "input": input])
        }
        return ["role": "assistant", "content": .array(blocks)]
    }

    private static func tool(_ tool: ToolDefinition) -> JSONValue {
        var object: JSONObject = ["name": .string(tool.name)]
        if let description = tool.description { object.add("description", .string(description)) }
        var schema = tool.parameters
        if case .null = schema { schema = ["type": "object", "properties": [:]] }
        object.add("input_schema", schema)
        return .object(object)
    }

    private static func choice(_ choice: ToolChoice) -> JSONObject {
        switch choice {
        case .auto, .none: ["type": "auto"]
        case .required: ["type": "any"]
        case .named(let name): ["type": "tool", "name": .string(name)]
        }
    }
}

/// Reads the events of a message.
struct AnthropicAnswerReader: RemoteAnswerReader {
    private(set) var end = RemoteAnswerEnd()
    private var calls = 0
    private var isInCall = false

    mutating func read(_ data: [UInt8]) throws(RemoteChatError) -> [ChatEvent] {
        guard let event = (try? JSONValue(parsing: data))?.object else {
            throw .failed(reason: "an event that is no JSON: \(String(decoding: data.prefix(200), as: UTF8.self))")
        }
        switch event["type"]?.string {
        case "message_start"?:
            count(event["message"]?.object?["usage"]?.object)
        case "content_block_start"?:
            guard let block = event["content_block"]?.object, block["type"]?.string == "tool_use" else { return [] }
            isInCall = true
            return [
                .callBegan(
                    index: calls, id: block["id"]?.string ?? ToolCall.randomID(), name: block["name"]?.string ?? "")
            ]
        case "content_block_delta"?:
            guard let delta = event["delta"]?.object else { return [] }
            if let text = delta["text"]?.string { return [.text(text)] }
            if let text = delta["thinking"]?.string { return [.thinking(text)] }
            if let piece = delta["partial_json"]?.string, isInCall {
                return [.callArguments(index: calls, fragment: piece)]
            }
        case "content_block_stop"? where isInCall:
            isInCall = false
            calls += 1
            return [.callEnded(index: calls - 1)]
        case "message_delta"?:
            count(event["usage"]?.object)
            guard let delta = event["delta"]?.object, let reason = delta["stop_reason"]?.string else { return [] }
            end.stopText = delta["stop_sequence"]?.string
            end.reason =
                switch reason {
                case "max_tokens": .maxTokens
                case "stop_sequence": .stopText
                case "model_context_window_exceeded": .contextFull
                default: .stop
                }
        case "error"?:
            throw .failed(reason: event["error"]?.object?["message"]?.string ?? JSONValue.object(event).text)
        default: break
        }
        return []
    }

    private mutating func count(_ usage: JSONObject?) {
        guard let usage else { return }
        if let read = usage["input_tokens"]?.integer {
            end.reusedTokens = usage["cache_read_input_tokens"]?.integer ?? 0
            end.promptTokens =
                read + (end.reusedTokens ?? 0) + (usage["cache_creation_input_tokens"]?.integer ?? 0)
        }
        end.generatedTokens = usage["output_tokens"]?.integer ?? end.generatedTokens
    }
}
