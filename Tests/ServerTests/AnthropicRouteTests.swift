import Chat
import JSON
import Server
import Testing

@Suite("Anthropic's routes")
struct AnthropicRouteTests {
    private let messages = "/v1/messages"
    private let question = #"{"model": "test:1", "max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}"#
    private var streamed: String { question.replacing(#""max_tokens""#, with: #""stream": true, "max_tokens""#) }

    @Test("answers whole, and counts tokens")
    func whole() async throws {
        let model = ScriptedModel.hello
        try await RunningServer.with(model) { server in
            let answer = try await server.request("POST", messages, question)
            #expect(answer.status == 200)
            #expect(answer.json["content"] == [["type": "text", "text": "Hello"]])
            #expect(answer.json["model"]?.string == "test:1")
            #expect(model.watch.options?.maxTokens == 9)
            #expect(model.watch.options?.temperature == 0.7)
            let count = try await server.request("POST", "/v1/messages/count_tokens", question)
            #expect(count.json["input_tokens"]?.integer == "user: Hi".utf8.count)
        }
    }

    @Test("goes on with an answer that is begun, and counts its tokens")
    func begun() async throws {
        let model = ScriptedModel.hello
        let body = question.replacing(
            #""Hi"}]"#, with: #""Hi"}, {"role": "assistant", "content": "Hello there"}]"#)
        try await RunningServer.with(model) { server in
            let answer = try await server.request("POST", messages, body)
            #expect(answer.json["content"] == [["type": "text", "text": "Hello"]])
            #expect(model.watch.options?.continuesAnswer == true)
            #expect(model.watch.messages.last == Message(.assistant, "Hello there"))
            let count = try await server.request("POST", "/v1/messages/count_tokens", body)
            #expect(count.json["input_tokens"]?.integer == "user: HiHello there".utf8.count)
        }
    }

    @Test("streams named events, and no [DONE]")
    func stream() async throws {
        let text = try await RunningServer.with(.hello) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", messages, streamed)
                return try await client.read(until: "0\r\n\r\n")
            }
        }
        #expect(text.contains("text/event-stream"))
        #expect(text.contains("event: message_start\ndata: {\"type\":\"message_start\""))
        #expect(text.contains("event: message_stop\n"))
        #expect(!text.contains("[DONE]"))
    }

    @Test("pings show life while the prompt is read, and an error ends a stream")
    func pings() async throws {
        struct Broken: Error {}
        let silent = ScriptedModel(.endless([.reading(done: 512, total: 4096)]))
        try await RunningServer.with(silent, { $0.heartbeat = .milliseconds(20) }) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", messages, streamed)
                for _ in 0..<3 { _ = try await client.read(until: "event: ping\ndata: {\"type\":\"ping\"}\n\n") }
            }
        }
        let broken = ScriptedModel(.failure([.reading(done: 0, total: 5), .text("Hel")], Broken()))
        let text = try await RunningServer.with(broken) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", messages, streamed)
                return try await client.read(until: "0\r\n\r\n")
            }
        }
        #expect(text.contains("event: error\ndata: {\"type\":\"error\",\"error\":{\"type\":\"api_error\""))
        #expect(!text.contains("message_stop"))
    }

    @Test("errors have Anthropic's form, also those that come before the route does")
    func errors() async throws {
        let model = ScriptedModel(.failure([], RequestRefusal.contextExceeded(promptTokens: 4321, context: 1234)))
        try await RunningServer.with(
            model,
            {
                $0.keys.add("secret")
                $0.bodyLimit = 1000
            }
        ) { server in
            let key = ["x-api-key: secret"]
            let wrongModel = question.replacing("test:1", with: "claude")
            for (method, path, body, headers, status, type) in [
                ("POST", messages, question, [], 401, "authentication_error"),
                ("POST", messages + "/batches", "{}", key, 404, "not_found_error"),
                ("GET", messages, "", key, 405, "invalid_request_error"),
                ("POST", messages, String(repeating: " ", count: 5000), key, 413, "request_too_large"),
                ("POST", messages, "{", key, 400, "invalid_request_error"),
                ("POST", messages, wrongModel, key, 404, "not_found_error"),
                ("POST", messages, question, key, 400, "invalid_request_error"),
                ("POST", messages, streamed, key, 400, "invalid_request_error"),
            ] {
                let answer = try await server.request(method, path, body, headers: headers)
                #expect(answer.status == status)
                #expect(answer.json["type"]?.string == "error")
                #expect(answer.error["type"]?.string == type)
                #expect(answer.error["message"]?.string?.isEmpty == false)
            }
        }
    }
}
