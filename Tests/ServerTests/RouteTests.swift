import Chat
import JSON
import Server
import Testing

@Suite("Server routes")
struct RouteTests {
    private let chat = "/v1/chat/completions"
    private let question = #"{"messages": [{"role": "user", "content": "Hi"}]}"#

    @Test("answers a chat, with the server's settings for what the request leaves open")
    func chat() async throws {
        let model = ScriptedModel.hello
        let (answer, records) = try await RunningServer.with(model) { server in
            (
                try await server.request("POST", chat, question, headers: ["x-request-id: mine"]),
                try await server.log.records(1)
            )
        }
        #expect(answer.status == 200)
        #expect(answer.head.contains("x-request-id: mine"))
        let choice = try #require(answer.json["choices"]?.array?.first?.object)
        #expect(choice["message"]?.object?["content"]?.string == "Hello")
        #expect(choice["finish_reason"]?.string == "stop")
        #expect(answer.json["model"]?.string == "test:1")
        #expect(answer.json["usage"]?.object?["total_tokens"]?.integer == 7)
        #expect(model.watch.options?.temperature == 0.7)
        #expect(records.map(\.status) == [200])
        #expect(records.first?.route == chat)
        #expect(records.first?.generatedTokens == 2)
    }

    @Test("continues a text, with a suffix and an echo")
    func completion() async throws {
        let answer = try await RunningServer.with(ScriptedModel(.echo)) { server in
            try await server.request("POST", "/v1/completions", #"{"prompt": "ab", "suffix": "z", "echo": true}"#)
        }
        let choice = try #require(answer.json["choices"]?.array?.first?.object)
        #expect(choice["text"]?.string == "abab|z")
        #expect(answer.json["object"]?.string == "text_completion")
    }

    @Test("lists its models, by name also with escapes")
    func models() async throws {
        try await RunningServer.with(.hello) { server in
            let list = try await server.request("GET", "/v1/models")
            #expect(list.json["data"]?.array?.first?.object?["id"]?.string == "test:1")
            for path in ["/v1/models/test:1", "/v1/models/test%3A1?x=1"] {
                let card = try await server.request("GET", path)
                #expect(card.json["id"]?.string == "test:1")
                #expect(card.json["max_model_len"]?.integer == 128)
            }
            let missing = try await server.request("GET", "/v1/models/other")
            #expect(missing.status == 404)
            #expect(missing.error["message"]?.string?.contains("test:1") == true)
        }
    }

    @Test("says what is there instead of what is not")
    func missing() async throws {
        try await RunningServer.with(.hello) { server in
            let missing = try await server.request("GET", "/v2")
            #expect(missing.status == 404)
            #expect(missing.error["message"]?.string?.contains("POST /v1/chat/completions") == true)
            let method = try await server.request("GET", chat)
            #expect(method.status == 405)
            #expect(method.error["message"]?.string?.contains("POST") == true)
            let model = try await server.request("POST", chat, #"{"model": "gpt", "messages": []}"#)
            #expect(model.status == 404)
            #expect(model.error["code"]?.string == "model_not_found")
        }
    }

    @Test("bad bodies are 400s that name the field; the connection goes on")
    func badBodies() async throws {
        try await RunningServer.with(.hello) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, #"{"messages": [{"role": "user", "content": 3}]}"#)
                let wrong = try await client.readAnswer()
                #expect(wrong.status == 400)
                #expect(wrong.error["param"]?.string == "messages[0].content")
                try await client.send("POST", chat, "{")
                #expect(try await client.readAnswer().error["code"]?.string == "invalid_json")
                try await client.send("POST \(chat) HTTP/1.1\r\ncontent-length: 4\r\n\r\n")
                try await client.send([0x22, 0xFF, 0xFE, 0x22])
                #expect(try await client.readAnswer().status == 400)
                try await client.send("POST", chat, question)
                #expect(try await client.readAnswer().status == 200)
            }
        }
    }

    @Test(
        "a prompt that does not fit is a 400 with both counts, also where a stream was asked for",
        arguments: [false, true])
    func contextOverflow(streams: Bool) async throws {
        let model = ScriptedModel(.failure([], RequestRefusal.contextExceeded(promptTokens: 4321, context: 1234)))
        let answer = try await RunningServer.with(model) { server in
            try await server.request(
                "POST", chat, #"{"messages": [{"role": "user", "content": "a"}], "stream": \#(streams)}"#)
        }
        #expect(answer.status == 400)
        #expect(answer.error["code"]?.string == "context_length_exceeded")
        let message = answer.error["message"]?.string ?? ""
        #expect(message.contains("4321") && message.contains("1234"))
        // What agents look for in order to shorten their prompts.
        #expect(message.contains("prompt is too long") && message.contains("this model's maximum context length is"))
    }

    @Test("a failing model is a 500 with its reason, and the log knows it")
    func failure() async throws {
        struct Broken: Error {}
        let (answer, records) = try await RunningServer.with(ScriptedModel(.failure([], Broken()))) { server in
            (try await server.request("POST", chat, question), try await server.log.records(1))
        }
        #expect(answer.status == 500)
        #expect(answer.error["type"]?.string == "server_error")
        #expect(records.first?.failure?.contains("Broken") == true)
    }

    @Test("keys open all routes; only /health needs none")
    func keys() async throws {
        try await RunningServer.with(
            .hello,
            {
                $0.keys.add("secret")
                _ = $0.keys.add(line: "sha256:2c26b46b68ffc68ff99b453c1d30413413422d706483bfa0f98a5e886266e7ae")
            }
        ) { server in
            #expect(try await server.request("GET", "/health").status == 200)
            for path in ["/v1/models", "/nowhere"] {
                let answer = try await server.request("GET", path)
                #expect(answer.status == 401)
                #expect(answer.error["code"]?.string == "invalid_api_key")
            }
            let wrong = try await server.request("GET", "/v1/models", headers: ["authorization: Bearer secre"])
            #expect(wrong.status == 401)
            for header in ["authorization: Bearer secret", "Authorization: bearer foo", "x-api-key: secret"] {
                #expect(try await server.request("GET", "/v1/models", headers: [header]).status == 200)
            }
        }
    }

    @Test("without keys answers no pages from elsewhere; with keys these need one")
    func origins() async throws {
        let origins = [
            ("http://127.0.0.1:8080", 200), ("http://localhost", 200), ("https://evil.example", 403), ("null", 403),
            ("http://127.0.0.1.evil.example", 403),
        ]
        try await RunningServer.with(.hello) { server in
            for (origin, status) in origins {
                let answer = try await server.request("GET", "/v1/models", headers: ["origin: \(origin)"])
                #expect(answer.status == status, "\(origin)")
            }
        }
        try await RunningServer.with(.hello, { $0.keys.add("secret") }) { server in
            let headers = ["origin: https://app.example", "x-api-key: none", "authorization: Bearer secret"]
            let answer = try await server.request("GET", "/v1/models", headers: headers)
            #expect(answer.status == 200)
            let head = try await RawClient.with(server.port) { client in
                try await client.send("HEAD /health HTTP/1.1\r\nhost: a\r\nconnection: close\r\n\r\n")
                return try await client.readToEnd()
            }
            #expect(head.hasPrefix("HTTP/1.1 200") && head.hasSuffix("\r\n\r\n"))
        }
    }

    @Test("without keys answers to names of this machine only")
    func hosts() async throws {
        try await RunningServer.with(.hello) { server in
            for (host, status) in [
                ("localhost:1", "200"), ("LOCALHOST", "200"), ("127.0.0.1:80", "200"), ("[::1]:80", "200"),
                ("evil.example:80", "403"), ("127.0.0.1.evil.example", "403"), ("", "403"),
            ] {
                let head = try await RawClient.with(server.port) { client in
                    try await client.send("GET /v1/models HTTP/1.1\r\nhost: \(host)\r\nconnection: close\r\n\r\n")
                    return try await client.readToEnd()
                }
                #expect(head.hasPrefix("HTTP/1.1 \(status)"), "\(host)")
            }
        }
    }

    @Test(
        "does not open to others without keys",
        arguments: ["0.0.0.0", "::", "192.168.1.5", "example.org", "127.0.0.1.example.org"])
    func openToOthers(host: String) {
        var configuration = ServerConfiguration()
        configuration.host = host
        #expect(throws: ServerError.openToOthers(host: host)) {
            try Server(
                configuration, models: [ServedModel(name: "a", model: ScriptedModel.hello, defaults: ResponseOptions())]
            )
        }
    }
}
