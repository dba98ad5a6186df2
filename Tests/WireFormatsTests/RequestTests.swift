import Chat
import JSON
import Testing
import WireFormats

@Suite("OpenAI requests")
struct RequestTests {
    @Test("a chat request becomes messages and options; unknown fields do not matter, null is absence")
    func chat() throws {
        let request = try Wire.chat(
            #"""
            {"model": "m", "messages": [
                {"role": "developer", "content": "Be brief."},
                {"role": "user", "content": [{"type": "text", "text": "a"}, {"type": "text", "text": "b"}], "name": "x"},
                {"role": "assistant", "content": "c", "tool_calls": []}],
             "temperature": 0.5, "top_p": 0, "seed": -1, "stop": ["x", "yy"], "frequency_penalty": 1, "presence_penalty": -1,
             "max_tokens": 5, "max_completion_tokens": 6, "logprobs": true, "top_logprobs": 3, "n": 1, "top_k": 7,
             "logit_bias": {"12": -100}, "stream": true, "stream_options": {"include_usage": true}, "tools": [],
             "response_format": {"type": "text"}, "user": null, "metadata": {"deep": [1, {}]}}
            """#)
        #expect(
            request.messages == [Message(.system, "Be brief."), Message(.user, "a\nb"), Message(.assistant, "c")])
        let options = request.options
        #expect(options.temperature == 0.5)
        #expect(options.topP == 0.0001)
        #expect(options.topK == 7)
        #expect(options.seed == .max)
        #expect(options.stops == ["x", "yy"])
        #expect(options.frequencyPenalty == 1)
        #expect(options.presencePenalty == -1)
        #expect(options.maxTokens == 6)
        #expect(options.logProbabilities == 3)
        #expect(options.logitBias == [12: -100])
        #expect(request.form.streams && request.form.includesUsage)
    }

    @Test("what a request leaves open comes from the server's own settings")
    func defaults() throws {
        var defaults = ResponseOptions()
        defaults.temperature = 0.7
        defaults.maxTokens = 99
        let fields = try RequestFields(body: Array(#"{"messages": [{"role": "user", "content": ""}]}"#.utf8))
        #expect(try ChatCompletionRequest(fields, defaults: defaults).options == defaults)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            (#"{}"#, "messages"), (#"{"messages": []}"#, "messages"), (#"{"messages": "hi"}"#, "messages"),
            (#"{"messages": [3]}"#, "messages[0]"),
            (#"{"messages": [{"content": "a"}]}"#, "messages[0].role"),
            (#"{"messages": [{"role": "robot", "content": "a"}]}"#, "messages[0].role"),
            (#"{"messages": [{"role": "user"}]}"#, "messages[0].content"),
            (#"{"messages": [{"role": "user", "content": null}]}"#, "messages[0].content"),
            (#"{"messages": [{"role": "user", "content": 7}]}"#, "messages[0].content"),
            (#"{"messages": [{"role": "user", "content": [{"type": "image_url"}]}]}"#, "messages[0].content[0].type"),
            (#"{"messages": [{"role": "user", "content": [{"type": "text"}]}]}"#, "messages[0].content[0].text"),
            (Self.with(#""temperature": "hot""#), "temperature"), (Self.with(#""temperature": -1"#), "temperature"),
            (Self.with(#""temperature": NaN"#), "temperature"), (Self.with(#""top_p": 1.1"#), "top_p"),
            (Self.with(#""max_tokens": 0"#), "max_tokens"), (Self.with(#""max_tokens": 1.5"#), "max_tokens"),
            (Self.with(#""max_tokens": 99999999999999999999"#), "max_tokens"),
            (Self.with(#""max_completion_tokens": "5""#), "max_completion_tokens"), (Self.with(#""stop": 3"#), "stop"),
            (Self.with(#""stop": [""]"#), "stop"), (Self.with(#""stop": ["a", 1]"#), "stop"),
            (Self.with(#""seed": "x""#), "seed"), (Self.with(#""stream": "yes""#), "stream"),
            (Self.with(#""stream_options": true"#), "stream_options"), (Self.with(#""n": 17"#), "n"),
            (Self.with(#""n": 2, "best_of": 3, "stream": true"#), "best_of"),
            (Self.with(#""continue_final_message": true"#), "messages"),
            (Self.with(#""continue_final_message": 3"#), "continue_final_message"),
            (Self.begun(#""prefix": true, "tool_calls": [{"function": {"name": "f"}}]"#), "messages"),
            (Self.begun(#""prefix": true"#, #", "response_format": {"type": "json_object"}"#), "messages"),
            (
                Self.begun(#""prefix": true"#, #", "tools": [{"function": {"name": "f"}}], "tool_choice": "required""#),
                "messages"
            ),
            (Self.with(#""n": "1""#), "n"), (Self.with(#""logprobs": 3"#), "logprobs"),
            (Self.with(#""top_logprobs": 2"#), "top_logprobs"), (Self.with(#""logit_bias": {"x": 1}"#), "logit_bias.x"),
            (Self.with(#""logit_bias": {"1": "a"}"#), "logit_bias.1"),
            (Self.with(#""tools": [{}]"#), "tools[0].function"),
            (Self.with(#""tools": [{"type": "web_search"}]"#), "tools[0].type"),
            (Self.with(#""tools": [{"function": {"name": ""}}]"#), "tools[0].function.name"),
            (Self.with(#""tools": [{"function": {"name": "a", "parameters": 3}}]"#), "tools[0].function.parameters"),
            (Self.with(#""functions": [{"name": "a"}]"#), "functions"),
            (Self.with(#""tool_choice": "required""#), "tool_choice"), (Self.with(#""tool_choice": 3"#), "tool_choice"),
            (Self.with(#""tool_choice": {"type": "function", "function": {"name": "b"}}"#), "tool_choice"),
            (#"{"messages": [{"role": "tool", "content": "a"}]}"#, "messages[0].tool_call_id"),
            (
                #"{"messages": [{"role": "assistant", "tool_calls": [{"id": "a"}]}]}"#,
                "messages[0].tool_calls[0].function"
            ),
            (Self.with(#""response_format": {"type": "xml"}"#), "response_format.type"),
            (Self.with(#""response_format": {"type": "json_schema"}"#), "response_format.json_schema"),
            (
                Self.with(#""response_format": {"type": "json_schema", "json_schema": {"schema": 3}}"#),
                "response_format.json_schema.schema"
            ),
            (Self.with(#""grammar": "root ::= \"a\"", "guided_regex": "b""#), "guided_regex"),
            (Self.with(#""structured_outputs": {"choice": ["a", 1]}"#), "structured_outputs.choice"),
        ])
    func wrongField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try Wire.chat(json) }
        #expect(error.status == 400)
        #expect(error.parameter == field)
        #expect(error.message.contains(field))
    }

    @Test("tools, calls and results")
    func tools() throws {
        let request = try Wire.chat(
            #"""
            {"messages": [{"role": "user", "content": "a"},
                {"role": "assistant", "content": null, "reasoning_content": "hm",
                 "tool_calls": [{"id": "c1", "type": "function", "function": {"name": "f", "arguments": "{}"}}]},
                {"role": "tool", "tool_call_id": "c1", "content": [{"type": "text", "text": "r"}]}],
             "tools": [{"type": "function", "function": {"name": "f", "description": "d", "strict": true,
                "parameters": {"type": "object", "properties": {"b": {}, "a": {}}}}}, {"function": {"name": "g"}}],
             "tool_choice": {"type": "function", "function": {"name": "g"}}, "parallel_tool_calls": false}
            """#)
        let call = ToolCall(id: "c1", name: "f", arguments: "{}")
        #expect(request.messages[1] == Message(calls: [call], thinking: "hm"))
        #expect(request.messages[2] == Message(result: "r", of: "c1"))
        let options = request.options
        #expect(options.tools.map(\.name) == ["f", "g"] && options.tools.map(\.description) == ["d", nil])
        #expect(options.tools[0].parameters.text == #"{"type":"object","properties":{"b":{},"a":{}}}"#)
        #expect(options.toolChoice == .named("g") && options.shownTools.map(\.name) == ["g"])
        #expect(!options.callsInParallel)
    }

    @Test(
        "whether the model is to think",
        arguments: [
            (#""chat_template_kwargs": {"enable_thinking": false}"#, false), (#""reasoning_effort": "none""#, false),
            (#""reasoning_effort": "high""#, true),
        ])
    func thinking(field: String, thinks: Bool) throws {
        #expect(try Wire.chat(Self.with(field)).options.thinks == thinks)
        #expect(try Wire.chat(Self.with(#""a": 1"#)).options.thinks == nil)
    }

    @Test(
        "what the answer has to be",
        arguments: [
            (#""response_format": {"type": "text"}"#, ResponseFormat.text),
            (#""response_format": {"type": "json_object"}"#, .jsonObject),
            (
                #""response_format": {"type": "json_schema", "json_schema": {"name": "n", "schema": {"type": "null"}}}"#,
                .jsonSchema(#"{"type":"null"}"#)
            ),
            (#""grammar": "root ::= [a]""#, .grammar("root ::= [a]")),
            (#""json_schema": {"type": "null"}"#, .jsonSchema(#"{"type":"null"}"#)),
            (#""guided_json": "{}""#, .jsonSchema("{}")), (#""guided_regex": "a+""#, .regularExpression("a+")),
            (#""structured_outputs": {"choice": ["a", "b"]}"#, .choice(["a", "b"])),
        ])
    func formats(field: String, format: ResponseFormat) throws {
        #expect(try Wire.chat(Self.with(field)).options.format == format)
    }

    @Test("goes on with a last message that says so, and with no other")
    func continued() throws {
        #expect(try Wire.chat(Self.begun(#""prefix": true"#)).options.continuesAnswer)
        #expect(
            try Wire.chat(Self.begun(#""name": "a""#, #", "continue_final_message": true"#)).options.continuesAnswer)
        #expect(try !Wire.chat(Self.begun(#""name": "a""#)).options.continuesAnswer)
    }

    @Test("several answers in a stream")
    func severalInStream() throws {
        let form = try Wire.chat(Self.with(#""n": 3, "stream": true"#)).form
        #expect(form.streams && form.count == 3 && form.candidates == 3)
        #expect(try Wire.chat(Self.with(#""n": 2, "best_of": 2, "stream": true"#)).form.candidates == 2)
    }

    /// A conversation whose last message is the assistant's.
    private static func begun(_ field: String, _ more: String = "") -> String {
        #"{"messages": [{"role": "user", "content": "a"}, {"role": "assistant", "content": "b", \#(field)}]\#(more)}"#
    }

    private static func with(_ field: String) -> String {
        #"{"messages": [{"role": "user", "content": "a"}], \#(field)}"#
    }

    @Test(
        "what is no JSON object is refused before any field is looked at",
        arguments: ["", "{", "[]", "3", "null", "{} {}", #"{"a": tru}"#, #"{"messages": "\u12"}"#])
    func notJSON(text: String) throws {
        let error = try #require(throws: APIError.self) { try Wire.chat(text) }
        #expect(error.status == 400)
        #expect(error.code == "invalid_json")
    }

    @Test("a completion request: prompt, suffix, echo; 16 tokens unless it says otherwise")
    func completion() throws {
        let request = try Wire.completion(#"{"prompt": ["a"], "suffix": "z", "echo": true}"#)
        #expect(request.prompts == [TextPrompt("a", suffix: "z")])
        #expect(request.echoes)
        #expect(request.options.maxTokens == 16)
        #expect(try Wire.completion(#"{"prompt": "a", "suffix": "", "logprobs": 2}"#).prompts[0].suffix == nil)
        #expect(try Wire.completion(#"{"prompt": "", "max_tokens": 0}"#).options.maxTokens == 0)
    }

    @Test(
        "prompts are texts, token ids, or lists of such; a number makes a list one prompt",
        arguments: [
            (#""a""#, [[TextPrompt.Piece.text("a")]]), (#"["a", "b"]"#, [[.text("a")], [.text("b")]]),
            ("[1, 2]", [[.tokens([1, 2])]]), ("[[1, 2], [3]]", [[.tokens([1, 2])], [.tokens([3])]]),
            (#"[1, "a", 2, 3]"#, [[.tokens([1]), .text("a"), .tokens([2, 3])]]),
            (#"["a", [1, "b"]]"#, [[.text("a")], [.tokens([1]), .text("b")]]), ("[1.0]", [[.tokens([1])]]),
        ])
    func prompts(json: String, prompts: [[TextPrompt.Piece]]) throws {
        let request = try Wire.completion(#"{"prompt": \#(json)}"#)
        #expect(request.prompts == prompts.map { TextPrompt($0) })
        #expect(request.prompts.map(\.text) == prompts.map { $0.count == 1 ? TextPrompt($0).text : nil })
    }

    @Test(
        "a wrong field of a completion request is named",
        arguments: [
            (#"{}"#, "prompt"), (#"{"prompt": []}"#, "prompt"), (#"{"prompt": [[]]}"#, "prompt"),
            (#"{"prompt": [1, 0.5]}"#, "prompt"), (#"{"prompt": [1, 4294967296]}"#, "prompt"),
            (#"{"prompt": [[1], {}]}"#, "prompt"), (#"{"prompt": [1, null]}"#, "prompt"),
            (#"{"prompt": \#([JSONValue](repeating: "a", count: 2049).wire)}"#, "prompt"),
            (#"{"prompt": "a", "suffix": 1}"#, "suffix"),
            (#"{"prompt": "a", "echo": 1}"#, "echo"), (#"{"prompt": "a", "n": 2, "best_of": 1}"#, "best_of"),
            (#"{"prompt": "a", "logprobs": true}"#, "logprobs"),
            (#"{"prompt": "a", "echo": true, "logprobs": 1}"#, "echo"),
        ])
    func wrongCompletionField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try Wire.completion(json) }
        #expect(error.parameter == field)
    }

    @Test("damaged completion requests are errors, never crashes")
    func damagedCompletion() {
        let good = #"{"prompt": [[1, "a", 2], "b"], "suffix": "c", "n": 2, "best_of": 2, "stream": true, "echo": true}"#
        Wire.damage(good, seed: 51) { (fields) throws(APIError) in
            _ = try CompletionRequest(fields, defaults: ResponseOptions())
        }
        Wire.damage(Self.begun(#""prefix": true"#), seed: 52) { (fields) throws(APIError) in
            _ = try ChatCompletionRequest(fields, defaults: ResponseOptions())
        }
    }

    @Test("damaged requests are errors, never crashes")
    func damaged() throws {
        let good = Array(
            #"{"messages": [{"role": "user", "content": [{"type": "text", "text": "aé\n"}]}], "stop": ["b"], "n": 1}"#
                .utf8)
        var generator = SystemRandomNumberGenerator()
        for _ in 0..<5000 {
            var bytes = good
            for _ in 0..<Int.random(in: 1...4, using: &generator) {
                let place = Int.random(in: 0..<bytes.count, using: &generator)
                switch Int.random(in: 0..<3, using: &generator) {
                case 0: bytes[place] = .random(in: 0...255, using: &generator)
                case 1: bytes.remove(at: place)
                default: bytes.insert(bytes.randomElement(using: &generator)!, at: place)
                }
            }
            do throws(APIError) {
                _ = try ChatCompletionRequest(RequestFields(body: bytes), defaults: ResponseOptions())
            } catch {
                #expect(error.status == 400)
                #expect(!error.message.isEmpty)
            }
        }
    }
}

extension [JSONValue] {
    fileprivate var wire: String { JSONValue.array(self).text }
}
