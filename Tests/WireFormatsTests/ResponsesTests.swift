import Chat
import JSON
import Synchronization
import Testing
import WireFormats

@Suite("OpenAI's responses")
struct ResponsesTests {
    private func request(_ json: String) throws(APIError) -> ResponsesRequest {
        try ResponsesRequest(RequestFields(body: Array(json.utf8)), defaults: ResponseOptions())
    }

    private static let conversation = #"""
        {"model": "m", "instructions": "Be brief.", "previous_response_id": "resp_1", "max_output_tokens": 9,
         "temperature": 0.5, "top_p": 0.9, "stream": true, "store": false, "metadata": {"a": "b"},
         "input": [
            {"role": "developer", "content": "Be kind."},
            {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "Weather?"}]},
            {"type": "reasoning", "id": "rs_1", "summary": [], "content": [{"type": "reasoning_text", "text": "Hm."}]},
            {"type": "message", "id": "msg_1", "role": "assistant", "status": "completed",
             "content": [{"type": "output_text", "text": "A moment.", "annotations": []}]},
            {"type": "function_call", "id": "fc_1", "call_id": "c1", "name": "weather", "arguments": "{\"city\":\"Bonn\"}"},
            {"type": "function_call", "call_id": "c2", "name": "time", "arguments": "{}"},
            {"type": "function_call_output", "call_id": "c1", "output": "rain"},
            {"type": "function_call_output", "call_id": "c2", "output": [{"type": "input_text", "text": "noon"}]},
            {"role": "assistant", "content": "Rain at noon."}, {"role": "user", "content": "Thanks."}],
         "tools": [{"type": "function", "name": "weather", "description": "Tells it.", "parameters": {"type": "object"},
                    "strict": true}, {"type": "function", "name": "time", "parameters": null}],
         "tool_choice": {"type": "function", "name": "weather"}, "text": {"format": {"type": "text"}}}
        """#

    @Test("items become turns: what is thought, said and called in a row is one")
    func request() throws {
        let request = try request(Self.conversation)
        let calls = [
            ToolCall(id: "c1", name: "weather", arguments: #"{"city":"Bonn"}"#),
            ToolCall(id: "c2", name: "time", arguments: "{}"),
        ]
        let input = [
            Message(.system, "Be kind."), Message(.user, "Weather?"),
            Message(calls: calls, text: "A moment.", thinking: "Hm."), Message(result: "rain", of: "c1"),
            Message(result: "noon", of: "c2"), Message(.assistant, "Rain at noon."), Message(.user, "Thanks."),
        ]
        #expect(request.input == input)
        let earlier = [Message(.user, "Hi"), Message(.assistant, "Hello")]
        #expect(request.messages(after: earlier) == [Message(.system, "Be brief.")] + earlier + input)
        #expect(request.previousID == "resp_1" && request.streams && !request.isStored)
        #expect(request.options.maxTokens == 9 && request.options.temperature == 0.5)
        #expect(request.options.tools.map(\.name) == ["weather", "time"])
        #expect(request.options.toolChoice == .named("weather"))
        let format = #"{"type": "json_schema", "name": "a", "schema": {"type": "object"}, "strict": true}"#
        let structured = try self.request(#"{"input": "a", "text": {"format": \#(format)}}"#)
        #expect(structured.options.format == .jsonSchema(#"{"type":"object"}"#))
        let plain = try self.request(#"{"input": "Hi"}"#)
        #expect(plain.input == [Message(.user, "Hi")] && plain.isStored && plain.options.toolChoice == .auto)
    }

    @Test(
        "a wrong field is named",
        arguments: [
            ("{}", "input"), (#"{"input": ""}"#, "input"), (#"{"input": []}"#, "input"),
            (#"{"input": [{"role": "robot", "content": "a"}]}"#, "input[0].role"),
            (#"{"input": [{"role": "user"}]}"#, "input[0].content"),
            (#"{"input": [{"role": "user", "content": [{"type": "input_image"}]}]}"#, "input[0].content[0].type"),
            (#"{"input": [{"type": "item_reference", "id": "a"}]}"#, "input[0].type"),
            (#"{"input": [{"type": "function_call", "name": "a"}]}"#, "input[0].call_id"),
            (#"{"input": [{"type": "function_call_output", "call_id": "a"}]}"#, "input[0].output"),
            (#"{"input": "a", "background": true}"#, "background"),
            (#"{"input": "a", "prompt": {"id": "a"}}"#, "prompt"),
            (#"{"input": "a", "text": {"format": {"type": "xml"}}}"#, "text.format.type"),
            (#"{"input": "a", "tools": [{"type": "web_search"}]}"#, "tools[0].type"),
            (#"{"input": "a", "tool_choice": "required"}"#, "tool_choice"),
            (#"{"input": "a", "tool_choice": "much"}"#, "tool_choice"),
            (#"{"input": "a", "tool_choice": {"type": "function", "name": "b"}}"#, "tool_choice.name"),
            (#"{"input": "a", "max_output_tokens": 0}"#, "max_output_tokens"),
        ])
    func wrongField(json: String, field: String) throws {
        let error = try #require(throws: APIError.self) { try request(json) }
        #expect(error.parameter == field)
    }

    private static let events: [ChatEvent] = [
        .reading(done: 0, total: 10), .thinking("H"), .thinking("m."), .text("I lo"), .text("ok."),
        .callBegan(index: 0, id: "c1", name: "weather"), .callArguments(index: 0, fragment: #"{"city":"#),
        .callArguments(index: 0, fragment: #""Bonn"}"#), .callEnded(index: 0),
    ]
    private static let identity = AnswerIdentity(id: "resp_ab", created: 7, model: "m")

    @Test("an answer has its items in order, and repeats what was asked")
    func answer() throws {
        var object = ResponseObject(Self.identity, try request(Self.conversation))
        for event in Self.events { object.accept(event) }
        let body = try #require(object.body(Wire.summary()).object)
        #expect(body["status"]?.string == "completed" && body["object"]?.string == "response")
        #expect(body["metadata"] == ["a": "b"] && body["temperature"]?.number == 0.5)
        #expect(
            body["output"] == [
                [
                    "id": "rs_ab0", "type": "reasoning", "status": "completed", "summary": [],
                    "content": [["type": "reasoning_text", "text": "Hm."]],
                ],
                [
                    "id": "msg_ab1", "type": "message", "status": "completed", "role": "assistant",
                    "content": [["type": "output_text", "text": "I look.", "annotations": [], "logprobs": []]],
                ],
                [
                    "id": "fc_ab2", "type": "function_call", "status": "completed", "call_id": "c1", "name": "weather",
                    "arguments": #"{"city":"Bonn"}"#,
                ],
            ])
        #expect(body["usage"]?.object?["total_tokens"]?.integer == 13)
        #expect(body["usage"]?.object?["input_tokens_details"]?.object?["cached_tokens"]?.integer == 4)
        let cut = try #require(object.body(Wire.summary(.maxTokens)).object)
        #expect(cut["status"]?.string == "incomplete")
        #expect(cut["incomplete_details"] == ["reason": "max_output_tokens"])
        #expect(
            cut["output"]?.array?.compactMap { $0.object?["status"]?.string } == [
                "completed", "completed", "incomplete",
            ])
    }

    @Test("a stream tells each item with its pieces, then the whole, which is known before it is told")
    func stream() throws {
        let object = ResponseObject(Self.identity, try request(#"{"input": "Hi"}"#))
        let record = Known()
        var stream = ResponsesStream(object) { object, _ in record.message.withLock { $0 = object.message } }
        let messages = try Wire.messages((Self.events + [.finished(Wire.summary())]).flatMap { stream.accept($0) })
        let names = [
            "created", "in_progress", "output_item.added", "content_part.added", "reasoning_text.delta",
            "reasoning_text.delta", "reasoning_text.done", "content_part.done", "output_item.done",
            "output_item.added", "content_part.added", "output_text.delta", "output_text.delta", "output_text.done",
            "content_part.done", "output_item.done", "output_item.added", "function_call_arguments.delta",
            "function_call_arguments.delta", "function_call_arguments.done", "output_item.done", "completed",
        ]
        #expect(messages.map(\.event) == names.map { "response.\($0)" })
        #expect(messages.allSatisfy { $0.event == $0.data["type"]?.string })
        #expect(messages.compactMap { $0.data["sequence_number"]?.integer } == Array(0..<names.count))
        func deltas(_ event: String) -> String {
            messages.filter { $0.event == event }.compactMap { $0.data["delta"]?.string }.joined()
        }
        #expect(deltas("response.reasoning_text.delta") == "Hm.")
        #expect(deltas("response.output_text.delta") == "I look.")
        #expect(deltas("response.function_call_arguments.delta") == #"{"city":"Bonn"}"#)
        #expect(messages[13].data["text"]?.string == "I look." && messages[13].data["item_id"]?.string == "msg_ab1")
        let items = messages.filter { $0.event == "response.output_item.done" }.compactMap { $0.data["item"] }
        #expect(messages.last?.data["response"]?.object?["output"]?.array == items)
        #expect(record.message.withLock { $0 }?.toolCalls.count == 1)
    }

    private final class Known: Sendable {
        let message = Mutex<Message?>(nil)
    }

    @Test("an answer that is cut off is incomplete, one that fails says why")
    func ends() throws {
        let object = ResponseObject(Self.identity, try request(#"{"input": "Hi"}"#))
        var stream = ResponsesStream(object) { _, _ in }
        _ = stream.accept(.text("a"))
        let failure = try #require(try Wire.messages(stream.failure(.badRequest("No."))).first)
        #expect(failure.event == "response.failed")
        #expect(failure.data["response"]?.object?["error"]?.object?["message"]?.string == "No.")
        let end = try Wire.messages(stream.accept(.finished(Wire.summary(.maxTokens))))
        #expect(end.last?.event == "response.incomplete")
        #expect(
            end.first { $0.event == "response.output_item.done" }?.data["item"]?.object?["status"]?.string
                == "incomplete")
    }

    @Test("damaged requests are errors, never crashes")
    func damaged() {
        Wire.damage(Self.conversation, seed: 31) { (fields) throws(APIError) in
            _ = try ResponsesRequest(fields, defaults: ResponseOptions())
        }
    }
}
