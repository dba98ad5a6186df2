import Chat
import JSON
import Testing
import WireFormats

@Suite("Anthropic's messages")
struct AnthropicTests {
    private func request(_ json: String) throws(APIError) -> MessagesRequest {
        try MessagesRequest(RequestFields(body: Array(json.utf8)), defaults: ResponseOptions())
    }

    private static let conversation = #"""
        {"model": "m", "max_tokens": 100, "system": [
            {"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}, {"type": "text", "text": "Be kind."}],
         "messages": [
            {"role": "user", "content": "What is the weather?"},
            {"role": "assistant", "content": [
                {"type": "thinking", "thinking": "Look it up.", "signature": "x"}, {"type": "text", "text": "A moment."},
                {"type": "tool_use", "id": "t1", "name": "weather", "input": {"city": "Bonn", "days": [1, 2]}},
                {"type": "tool_use", "id": "t2", "name": "time", "input": {}}]},
            {"role": "user", "content": [
                {"type": "tool_result", "tool_use_id": "t1", "content": [{"type": "text", "text": "rain"}]},
                {"type": "tool_result", "tool_use_id": "t2", "content": "noon", "is_error": false},
                {"type": "text", "text": "And?"},
                {"type": "document", "source": {"type": "text", "media_type": "text/plain", "data": "A page."}}]}],
         "stop_sequences": ["END"], "temperature": 0.5, "top_p": 0.9, "top_k": 5, "stream": true,
         "metadata": {"user_id": "u"}, "thinking": {"type": "enabled", "budget_tokens": 1024},
         "tools": [{"name": "weather", "description": "Tells it.", "input_schema": {"type": "object", "properties": {}}},
                   {"type": "custom", "name": "time", "input_schema": {"type": "object"}}],
         "tool_choice": {"type": "tool", "name": "weather", "disable_parallel_tool_use": true}}
        """#

    @Test("a request becomes messages, tools and options")
    func request() throws {
        let request = try request(Self.conversation)
        let calls = [
            ToolCall(id: "t1", name: "weather", arguments: #"{"city":"Bonn","days":[1,2]}"#),
            ToolCall(id: "t2", name: "time", arguments: "{}"),
        ]
        #expect(
            request.messages == [
                Message(.system, "Be brief.\nBe kind."), Message(.user, "What is the weather?"),
                Message(calls: calls, text: "A moment.", thinking: "Look it up."),
                Message(result: "rain", of: "t1"), Message(result: "noon", of: "t2"), Message(.user, "And?\nA page."),
            ])
        let options = request.options
        #expect(options.maxTokens == 100)
        #expect(options.temperature == 0.5)
        #expect(options.topP == 0.9)
        #expect(options.topK == 5)
        #expect(options.stops == ["END"])
        #expect(options.toolChoice == .named("weather"))
        #expect(!options.callsInParallel)
        #expect(options.tools.map(\.name) == ["weather", "time"])
        #expect(options.tools[0].parameters == ["type": "object", "properties": [:]])
        #expect(request.streams && request.showsThinking)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            (#"{}"#, "messages"), (#"{"messages": []}"#, "messages"), (#"{"system": "a", "messages": []}"#, "messages"),
            (#"{"messages": [{"role": "robot", "content": "a"}]}"#, "messages[0].role"),
            (#"{"messages": [{"role": "user"}]}"#, "messages[0].content"),
            (#"{"messages": [{"role": "user", "content": [{"type": "image"}]}]}"#, "messages[0].content[0].type"),
            (#"{"messages": [{"role": "user", "content": [{"type": "text"}]}]}"#, "messages[0].content[0].text"),
            (#"{"messages": [{"role": "user", "content": [{}]}]}"#, "messages[0].content[0].type"),
            (
                #"{"messages": [{"role": "user", "content": [{"type": "tool_result"}]}]}"#,
                "messages[0].content[0].tool_use_id"
            ),
            (
                #"{"messages": [{"role": "user", "content": [{"type": "document", "source": {"type": "url"}}]}]}"#,
                "messages[0].content[0].source.type"
            ),
            (
                #"{"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "a"}]}]}"#,
                "messages[0].content[0].name"
            ),
            (#"{"messages": [{"role": "assistant", "content": "Once "}]}"#, "messages"),
            (
                #"{"messages": [{"role": "assistant", "content": [{"type": "tool_use", "id": "a", "name": "b"}]}]}"#,
                "messages"
            ),
            (Self.with(#""system": 3"#), "system"), (Self.with(#""max_tokens": 0"#), "max_tokens"),
            (Self.with(#""stop_sequences": [3]"#), "stop_sequences"), (Self.with(#""top_k": "a""#), "top_k"),
            (Self.with(#""tools": [{"type": "bash_20250124", "name": "bash"}]"#), "tools[0].type"),
            (Self.with(#""tools": [{}]"#), "tools[0].name"), (Self.with(#""tool_choice": "auto""#), "tool_choice"),
            (Self.with(#""tool_choice": {"type": "any"}"#), "tool_choice"),
            (Self.with(#""tool_choice": {"type": "much"}"#), "tool_choice.type"),
            (Self.with(#""tools": [{"name": "a"}], "tool_choice": {"type": "tool", "name": "b"}"#), "tool_choice.name"),
            (Self.with(#""mcp_servers": [{"url": "x"}]"#), "mcp_servers"),
        ])
    func wrongField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try request(json) }
        #expect(error.status == 400)
        #expect(error.parameter == field)
        let body = ErrorWording.anthropic.value(of: error).object
        #expect(body?["type"]?.string == "error")
        #expect(body?["error"]?.object?["type"]?.string == "invalid_request_error")
    }

    private static func with(_ field: String) -> String {
        #"{"messages": [{"role": "user", "content": "a"}], \#(field)}"#
    }

    @Test("goes on with an answer that the client begins")
    func continued() throws {
        let begun =
            #"[{"role": "user", "content": "a"}, {"role": "assistant", "content": [{"type": "text", "text": "b"}]}]"#
        let request = try request(#"{"messages": \#(begun)}"#)
        #expect(request.options.continuesAnswer && request.messages.last == Message(.assistant, "b"))
        #expect(try !self.request(Self.with(#""top_k": 3"#)).options.continuesAnswer)
        for field in [
            #""tools": [{"name": "f"}], "tool_choice": {"type": "any"}"#,
            #""output_format": {"type": "json_schema", "schema": {}}"#,
        ] {
            let error = try #require(throws: APIError.self) {
                try self.request(#"{"messages": \#(begun), \#(field)}"#)
            }
            #expect(error.code == "unsupported_value")
        }
    }

    @Test("a schema for the answer is taken in both places", arguments: ["output_format", "output_config"])
    func format(key: String) throws {
        let format = #"{"type": "json_schema", "schema": {"type": "object"}}"#
        let value = key == "output_format" ? format : #"{"format": \#(format)}"#
        let options = try request(Self.with(#""\#(key)": \#(value)"#)).options
        #expect(options.format == .jsonSchema(#"{"type":"object"}"#))
        #expect(throws: APIError.self) { try request(Self.with(#""output_format": {"type": "json_schema"}"#)) }
        #expect(throws: APIError.self) { try request(Self.with(#""output_format": {"type": "xml"}"#)) }
    }

    private static let events: [ChatEvent] = [
        .reading(done: 0, total: 10), .thinking("Hm"), .thinking("m."), .text("I lo"), .text("ok."),
        .callBegan(index: 0, id: "t1", name: "weather"), .callArguments(index: 0, fragment: #"{"city":"#),
        .callArguments(index: 0, fragment: #""Bonn"}"#), .callEnded(index: 0),
        .callBegan(index: 1, id: "t2", name: "time"), .callArguments(index: 1, fragment: "{}"), .callEnded(index: 1),
        .finished(Wire.summary()),
    ]

    @Test("an answer has its blocks in order, and counts what was read earlier apart", arguments: [true, false])
    func answer(showsThinking: Bool) throws {
        var answer = MessagesAnswer(Wire.identity, showsThinking: showsThinking)
        for event in Self.events { answer.accept(event) }
        let body = answer.body(Wire.summary())
        let thoughts: [JSONValue] = [["type": "thinking", "thinking": "Hmm.", "signature": ""]]
        let content: [JSONValue] =
            (showsThinking ? thoughts : []) + [
                ["type": "text", "text": "I look."],
                ["type": "tool_use", "id": "t1", "name": "weather", "input": ["city": "Bonn"]],
                ["type": "tool_use", "id": "t2", "name": "time", "input": [:]],
            ]
        #expect(
            body == [
                "id": "a-1", "type": "message", "role": "assistant", "model": "m", "content": .array(content),
                "stop_reason": "tool_use", "stop_sequence": .null,
                "usage": [
                    "input_tokens": 6, "cache_creation_input_tokens": 0, "cache_read_input_tokens": 4,
                    "output_tokens": 3,
                ],
            ])
    }

    @Test(
        "says why it ended",
        arguments: [
            (ResponseSummary.Reason.stop, "end_turn"), (.stopText, "stop_sequence"), (.maxTokens, "max_tokens"),
            (.contextFull, "model_context_window_exceeded"),
        ])
    func reason(reason: ResponseSummary.Reason, word: String) {
        var summary = Wire.summary(reason)
        if reason == .stopText { summary.stopText = "END" }
        let body = MessagesAnswer(Wire.identity, showsThinking: false).body(summary).object
        #expect(body?["stop_reason"]?.string == word)
        #expect(body?["stop_sequence"]?.string == (reason == .stopText ? "END" : nil))
    }

    @Test("a stream tells each block with its pieces, then the end")
    func stream() throws {
        var stream = MessagesStream(Wire.identity, showsThinking: true)
        let messages = try Wire.messages(Self.events.flatMap { stream.accept($0) })
        #expect(messages.allSatisfy { $0.event == $0.data["type"]?.string })
        #expect(
            messages.map(\.event) == [
                "message_start", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_stop", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_stop", "content_block_start", "content_block_delta", "content_block_delta",
                "content_block_stop", "content_block_start", "content_block_delta", "content_block_stop",
                "message_delta", "message_stop",
            ])
        let start = messages[0].data["message"]?.object
        #expect(start?["usage"]?.object?["input_tokens"]?.integer == 10)
        #expect(start?["content"]?.array?.isEmpty == true)
        #expect(messages.compactMap { $0.data["index"]?.integer } == [0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3])
        let deltas = messages.compactMap { $0.data["delta"]?.object }
        #expect(deltas.compactMap { $0["thinking"]?.string }.joined() == "Hmm.")
        #expect(deltas.compactMap { $0["text"]?.string }.joined() == "I look.")
        #expect(deltas.compactMap { $0["partial_json"]?.string }.joined() == #"{"city":"Bonn"}{}"#)
        #expect(deltas.last?["stop_reason"]?.string == "tool_use")
        #expect(messages[16].data["usage"]?.object?["cache_read_input_tokens"]?.integer == 4)
    }

    @Test("thoughts that nobody asked for are not told, and pings and errors are events")
    func plainStream() throws {
        var stream = MessagesStream(Wire.identity, showsThinking: false)
        let messages = try Wire.messages(Self.events.prefix(5).flatMap { stream.accept($0) })
        #expect(
            messages.map(\.event) == ["message_start"] + ["content_block_start"]
                + Array(repeating: "content_block_delta", count: 2))
        #expect(try Wire.messages(stream.beat(progress: "x")).map(\.event) == ["ping"])
        let failure = try Wire.messages(stream.failure(APIError(status: 500, kind: .server, message: "No.")))
        #expect(failure.first?.event == "error")
        #expect(failure.first?.data["error"]?.object?["type"]?.string == "api_error")
    }

    @Test("damaged requests are errors, never crashes")
    func damaged() {
        Wire.damage(Self.conversation, seed: 11) { (fields) throws(APIError) in
            _ = try MessagesRequest(fields, defaults: ResponseOptions())
        }
    }
}
