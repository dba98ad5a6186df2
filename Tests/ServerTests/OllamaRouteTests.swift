import Chat
import JSON
import Server
import Testing
import WireFormats

@Suite("Ollama's routes")
struct OllamaRouteTests {
    private let question = #"{"model": "test:1", "messages": [{"role": "user", "content": "Hi"}]}"#

    @Test("streams unless told otherwise, as lines of JSON")
    func chat() async throws {
        try await RunningServer.with(.hello) { server in
            let text = try await RawClient.with(server.port) { client in
                try await client.send("POST", "/api/chat", question)
                return try await client.read(until: "0\r\n\r\n")
            }
            #expect(text.contains("application/x-ndjson"))
            #expect(text.contains(#""message":{"role":"assistant","content":"Hel"},"done":false}"# + "\n"))
            #expect(text.contains(#""done":true,"done_reason":"stop""#))
            let whole = try await server.request(
                "POST", "/api/generate", #"{"model": "test:1:latest", "prompt": "Hi", "stream": false}"#)
            #expect(whole.json["response"]?.string == "Hello")
            let loaded = try await server.request("POST", "/api/chat", #"{"model": "test:1"}"#)
            #expect(loaded.json["done_reason"]?.string == "load")
        }
    }

    @Test("tells what is here")
    func models() async throws {
        try await RunningServer.with(.hello) { server in
            for path in ["/api/tags", "/api/ps"] {
                let list = try await server.request("GET", path)
                let model = try #require(list.json["models"]?.array?.first?.object)
                #expect(model["name"]?.string == "test:1")
                #expect(model["details"]?.object?["parameter_size"]?.string == "135M")
            }
            let shown = try await server.request("POST", "/api/show", #"{"model": "test:1"}"#)
            #expect(shown.json["capabilities"] == ["completion", "tools", "insert"])
            #expect(shown.json["model_info"]?.object?["test.context_length"]?.integer == 256)
            #expect(try await server.request("GET", "/api/version").json["version"]?.string == "0")
        }
    }

    @Test("pulls models line by line, and says where that fails or cannot be")
    func pull() async throws {
        struct Broken: Error {}
        let body = #"{"model": "other"}"#
        func lines(_ server: RunningServer) async throws -> String {
            try await RawClient.with(server.port) { client in
                try await client.send("POST", "/api/pull", body)
                return try await client.read(until: "0\r\n\r\n")
            }
        }
        for fails in [false, true] {
            let pull: PullModel = { name in
                AsyncThrowingStream { continuation in
                    continuation.yield(OllamaPullStep("downloading \(name)", total: 9, completed: 3))
                    continuation.finish(throwing: fails ? Broken() : nil)
                }
            }
            try await RunningServer.with(.hello, pull: pull) { server in
                let text = try await lines(server)
                #expect(text.contains(#"{"status":"downloading other","total":9,"completed":3}"# + "\n"))
                #expect(text.contains(fails ? #"{"error":"# : #"{"status":"success"}"#))
                let whole = try await server.request("POST", "/api/pull", #"{"model": "other", "stream": false}"#)
                #expect(whole.status == (fails ? 500 : 200))
            }
        }
        try await RunningServer.with(.hello) { server in
            let refused = try await server.request("POST", "/api/pull", body)
            #expect(refused.status == 501)
            #expect(refused.json["error"]?.string?.contains("martlet model pull other") == true)
            let here = try await server.request("POST", "/api/pull", #"{"model": "test:1", "stream": false}"#)
            #expect(here.json["status"]?.string == "success")
        }
    }

    @Test("errors are one text, also in the middle of a stream")
    func errors() async throws {
        struct Broken: Error {}
        let model = ScriptedModel(.failure([.reading(done: 0, total: 5), .text("Hel")], Broken()))
        try await RunningServer.with(model) { server in
            for (method, path, body, status) in [
                ("POST", "/api/chat", "{", 400), ("POST", "/api/chat", #"{"messages": []}"#, 400),
                ("POST", "/api/chat", #"{"model": "other"}"#, 404), ("GET", "/api/chat", "", 405),
                ("GET", "/api/nothing", "", 404), ("POST", "/api/pull", "{}", 400),
            ] {
                let answer = try await server.request(method, path, body)
                #expect(answer.status == status)
                #expect(answer.json["error"]?.string?.isEmpty == false)
            }
            let text = try await RawClient.with(server.port) { client in
                try await client.send("POST", "/api/chat", question)
                return try await client.read(until: "0\r\n\r\n")
            }
            #expect(text.contains(#"{"error":"The model failed"#) && !text.contains(#""done":true"#))
        }
    }
}
