import Chat
import JSON
import Server
import Testing

@Suite("llama-server's routes")
struct LlamaServerRouteTests {
    @Test("completes and fills in")
    func completion() async throws {
        let model = ScriptedModel(.echo)
        try await RunningServer.with(model) { server in
            for path in ["/completion", "/completions"] {
                let answer = try await server.request("POST", path, #"{"prompt": "ab"}"#)
                #expect(answer.json["content"]?.string == "ab")
                #expect(answer.json["model"]?.string == "test:1")
            }
            let body =
                #"{"input_prefix": "a", "input_suffix": "z", "input_extra": [{"filename": "f", "text": "t"}], "stream": true}"#
            let text = try await RawClient.with(server.port) { client in
                try await client.send("POST", "/infill", body)
                return try await client.read(until: "0\r\n\r\n")
            }
            #expect(text.contains(#"data: {"index":0,"content":"|","tokens":[],"stop":false"#))
            #expect(text.contains(#""stop":true"#) && !text.contains("[DONE]"))
            #expect(model.watch.prompt?.otherFiles == [TextPrompt.File(path: "f", text: "t")])
        }
    }

    @Test("answers several prompts in a list, or in one stream with their indices; token ids are told as text")
    func prompts() async throws {
        try await RunningServer.with(ScriptedModel(.echo), sequences: 2) { server in
            let body = #"{"prompt": ["ab", [99, 100], "e"]"#
            let whole = try await server.request("POST", "/completion", body + "}")
            let answers = try JSONValue(parsing: whole.body).array?.compactMap(\.object) ?? []
            #expect(answers.map { $0["index"]?.integer } == [0, 1, 2])
            #expect(answers.map { $0["prompt"]?.string } == ["ab", "cd", "e"])
            #expect(answers.first?["content"]?.string == "ab")
            let text = try await RawClient.with(server.port) { client in
                try await client.send("POST", "/completion", body + #", "stream": true}"#)
                return try await client.read(until: "0\r\n\r\n")
            }
            for index in 0..<3 { #expect(text.contains(#"{"index":\#(index),"content":"","tokens":[],"id_slot""#)) }
            #expect(try await server.request("POST", "/completion", #"{"prompt": [300]}"#).status == 400)
        }
    }

    @Test("tells tokens, texts and prompts")
    func inspection() async throws {
        try await RunningServer.with(.hello) { server in
            let tokens = try await server.request("POST", "/tokenize", #"{"content": "ab", "add_special": true}"#)
            #expect(tokens.text == #"{"tokens":[1000,97,98]}"#)
            let text = try await server.request("POST", "/detokenize", #"{"tokens": [97, 98]}"#)
            #expect(text.text == #"{"content":"ab"}"#)
            #expect(try await server.request("POST", "/detokenize", #"{"tokens": [-1]}"#).status == 400)
            let prompt = try await server.request(
                "POST", "/apply-template", #"{"messages": [{"role": "user", "content": "Hi"}]}"#)
            #expect(prompt.text == #"{"prompt":"user: Hi"}"#)
        }
    }

    @Test("tells what it is, and whether it is at work")
    func report() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5), .text("Hel")]))
        try await RunningServer.with(model, sequences: 2) { server in
            let props = try await server.request("GET", "/props")
            #expect(props.json["total_slots"]?.integer == 2)
            #expect(props.json["chat_template"]?.string == "{{ messages }}")
            #expect(props.json["default_generation_settings"]?.object?["n_ctx"]?.integer == 128)
            func busy() async throws -> [Bool] {
                let slots = try JSONValue(parsing: try await server.request("GET", "/slots").body).array ?? []
                return slots.compactMap { $0.object?["is_processing"]?.bool }
            }
            #expect(try await busy() == [false, false])
            try await RawClient.with(server.port) { client in
                try await client.send("POST", "/completion", #"{"prompt": "a", "stream": true}"#)
                _ = try await client.read(until: "Hel")
                #expect(try await busy() == [true, false])
            }
            #expect(try await server.request("GET", "/lora-adapters").text == "[]")
            let saving = try await server.request("POST", "/slots/0?action=save", #"{"filename": "a"}"#)
            #expect(saving.status == 501)
            #expect(saving.error["type"]?.string == "not_supported_error")
        }
    }

    @Test("errors have llama-server's form")
    func errors() async throws {
        let model = ScriptedModel(.failure([], RequestRefusal.contextExceeded(promptTokens: 4321, context: 1234)))
        try await RunningServer.with(model) { server in
            for (method, path, body, status, type) in [
                ("POST", "/completion", "{", 400, "invalid_request_error"),
                ("POST", "/completion", #"{"prompt": "a"}"#, 400, "exceed_context_size_error"),
                ("GET", "/infill", "", 405, "invalid_request_error"),
            ] {
                let answer = try await server.request(method, path, body)
                #expect(answer.status == status)
                #expect(answer.error["code"]?.integer == status)
                #expect(answer.error["type"]?.string == type)
            }
        }
    }
}
