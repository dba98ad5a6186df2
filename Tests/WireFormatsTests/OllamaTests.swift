import Chat
import JSON
import Testing
import WireFormats

@Suite("Ollama's formats")
struct OllamaTests {
    private func chat(_ json: String) throws(APIError) -> OllamaRequest {
        try OllamaRequest(chat: RequestFields(body: Array(json.utf8)), defaults: ResponseOptions())
    }

    private func generate(_ json: String) throws(APIError) -> OllamaRequest {
        try OllamaRequest(generate: RequestFields(body: Array(json.utf8)), defaults: ResponseOptions())
    }

    private static let conversation = #"""
        {"model": "m", "messages": [
            {"role": "system", "content": "Be brief."}, {"role": "user", "content": "Weather?", "images": []},
            {"role": "assistant", "content": "", "thinking": "Hm.", "tool_calls": [
                {"function": {"name": "weather", "arguments": {"city": "Bonn"}}},
                {"function": {"name": "time", "arguments": {}}}]},
            {"role": "tool", "content": "noon", "tool_name": "time"}, {"role": "tool", "content": "rain"}],
         "tools": [{"type": "function", "function": {"name": "weather", "description": "Tells it.",
                    "parameters": {"type": "object"}}}],
         "options": {"temperature": 0.5, "num_predict": 9, "num_ctx": 4096, "stop": ["x"], "repeat_penalty": 1.1, "seed": 1},
         "keep_alive": "5m", "stream": false, "think": false}
        """#

    @Test("a chat becomes messages, tools and options; calls get ids, and results find theirs")
    func chatRequest() throws {
        let request = try chat(Self.conversation)
        let calls = [
            ToolCall(id: "call00001", name: "weather", arguments: #"{"city":"Bonn"}"#),
            ToolCall(id: "call00002", name: "time", arguments: "{}"),
        ]
        #expect(
            request.subject
                == .conversation([
                    Message(.system, "Be brief."), Message(.user, "Weather?"), Message(calls: calls, thinking: "Hm."),
                    Message(result: "noon", of: "call00002"), Message(result: "rain", of: "call00001"),
                ]))
        #expect(request.options.maxTokens == 9)
        #expect(request.options.temperature == 0.5 && request.options.repetitionPenalty == 1.1)
        #expect(request.options.tools.map(\.name) == ["weather"])
        #expect(!request.streams && !request.showsThinking)
        #expect(try chat(#"{"messages": []}"#).subject == .nothing)
        #expect(try chat("{}").streams)
        #expect(try chat(#"{"format": "json"}"#).options.format == .jsonObject)
        #expect(try chat(#"{"format": {"type": "object"}}"#).options.format == .jsonSchema(#"{"type":"object"}"#))
    }

    @Test("a text is a question, a raw text, or one with a hole")
    func generateRequest() throws {
        #expect(
            try generate(#"{"prompt": "Hi", "system": "Be brief."}"#).subject
                == .conversation([Message(.system, "Be brief."), Message(.user, "Hi")]))
        #expect(try generate(#"{"prompt": "Hi", "raw": true}"#).subject == .text(TextPrompt("Hi")))
        #expect(try generate(#"{"prompt": "a", "suffix": "z"}"#).subject == .text(TextPrompt("a", suffix: "z")))
        #expect(try generate(#"{"prompt": "", "format": ""}"#).subject == .nothing)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            (#"{"messages": "a"}"#, "messages"), (#"{"messages": [{"role": "robot"}]}"#, "messages[0].role"),
            (#"{"messages": [{"role": "user", "content": 3}]}"#, "messages[0].content"),
            (#"{"messages": [{"role": "user", "images": ["aGk="]}]}"#, "messages[0].images"),
            (#"{"messages": [{"role": "assistant", "tool_calls": [{}]}]}"#, "messages[0].tool_calls[0].function"),
            (#"{"options": {"top_k": "a"}}"#, "options.top_k"), (#"{"options": 3}"#, "options"),
            (#"{"tools": [{"type": "function"}]}"#, "tools[0].function"), (#"{"format": "xml"}"#, "format"),
        ])
    func wrongField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try chat(json) }
        #expect(error.parameter == field)
        #expect(ErrorWording.ollama.value(of: error) == ["error": .string(error.message)])
    }

    private static let events: [ChatEvent] = [
        .reading(done: 0, total: 10), .thinking("Hm."), .text("I lo"), .text("ok."),
        .callBegan(index: 0, id: "t1", name: "weather"), .callArguments(index: 0, fragment: #"{"city":"#),
        .callArguments(index: 0, fragment: #""Bonn"}"#), .callEnded(index: 0), .finished(Wire.summary()),
    ]
    private static let call: JSONValue = ["id": "t1", "function": ["name": "weather", "arguments": ["city": "Bonn"]]]

    @Test("an answer has text, thoughts, calls and counts")
    func answer() throws {
        var answer = OllamaAnswer(Wire.identity, .chat, showsThinking: true)
        for event in Self.events { answer.accept(event) }
        #expect(
            answer.body(Wire.summary()) == [
                "model": "m", "created_at": "1970-01-01T00:00:07Z",
                "message": ["role": "assistant", "content": "I look.", "thinking": "Hm.", "tool_calls": [Self.call]],
                "done": true, "done_reason": "stop", "total_duration": 2_000_000_000, "load_duration": 0,
                "prompt_eval_count": 10, "prompt_eval_duration": 1_000_000_000, "eval_count": 3,
                "eval_duration": 1_000_000_000,
            ])
        let limited = OllamaAnswer(Wire.identity, .generate, showsThinking: true).body(Wire.summary(.maxTokens)).object
        #expect(limited?["done_reason"]?.string == "length")
        #expect(limited?["response"]?.string == "")
        #expect(limited?["message"] == nil)
    }

    @Test("a stream is a line a piece; calls come whole, thoughts only if wanted", arguments: [true, false])
    func stream(showsThinking: Bool) throws {
        var stream = OllamaStream(Wire.identity, .chat, showsThinking: showsThinking)
        let lines = try Wire.lines(Self.events.flatMap { stream.accept($0) })
        let messages = lines.compactMap { $0["message"]?.object }
        #expect(messages.compactMap { $0["content"]?.string }.joined() == "I look.")
        #expect(messages.compactMap { $0["thinking"]?.string } == (showsThinking ? ["Hm."] : []))
        #expect(messages.compactMap { $0["tool_calls"]?.array } == [[Self.call]])
        #expect(lines.compactMap { $0["done"]?.bool } == Array(repeating: false, count: lines.count - 1) + [true])
        #expect(lines.last?["eval_count"]?.integer == 3)
        #expect(try Wire.lines(stream.beat(progress: "x")).first?["done"]?.bool == false)
        #expect(
            try Wire.lines(stream.failure(.badRequest("No."))).first?["error"]?.string == "No.")
    }

    @Test("goes on with an answer that is begun, not with one that calls")
    func continued() throws {
        let begun = #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b"}]}"#
        #expect(try chat(begun).options.continuesAnswer)
        let call = #""content": "", "tool_calls": [{"function": {"name": "f", "arguments": {}}}]"#
        #expect(try !chat(#"{"messages": [{"role": "assistant", \#(call)}]}"#).options.continuesAnswer)
        #expect(try !chat(#"{"messages": [{"role": "user", "content": "a"}]}"#).options.continuesAnswer)
    }

    @Test("models of different files have different digests, of 64 digits")
    func digests() {
        func digest(_ path: String) -> String? {
            var facts = ModelFacts()
            facts.path = path
            return OllamaModel(name: "m", facts, contextLength: 8).tag.object?["digest"]?.string
        }
        #expect(digest("a") == digest("a") && digest("a") != digest("b"))
        #expect(digest("a")?.count == 64 && digest("a")?.allSatisfy(\.isHexDigit) == true)
    }

    @Test("damaged requests are errors, never crashes")
    func damaged() {
        Wire.damage(Self.conversation, seed: 21) { (fields) throws(APIError) in
            _ = try OllamaRequest(chat: fields, defaults: ResponseOptions())
        }
        let text =
            #"{"prompt": "a", "suffix": "b", "system": "c", "raw": true, "options": {"top_p": 0.5, "stop": ["x"]}}"#
        Wire.damage(text, seed: 22) { (fields) throws(APIError) in
            _ = try OllamaRequest(generate: fields, defaults: ResponseOptions())
        }
    }
}

extension Wire {
    /// The objects of lines of JSON.
    static func lines(_ bytes: [UInt8]) throws -> [JSONObject] {
        try bytes.split(separator: 0x0A).map { try JSONValue(parsing: Array($0)).object ?? JSONObject() }
    }
}
