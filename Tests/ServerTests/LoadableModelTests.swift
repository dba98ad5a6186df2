import Chat
import JSON
import Server
import Testing

@Suite("Routes of models that come and go")
struct LoadableModelTests {
    private let question = #"{"model": "test:1", "messages": [{"role": "user", "content": "Hi"}]}"#

    private func names(_ server: RunningServer) async throws -> [String] {
        let list = try await server.request("GET", "/api/ps").json["models"]?.array ?? []
        return list.compactMap { $0.object?["name"]?.string }
    }

    private func state(_ server: RunningServer) async throws -> String? {
        try await server.request("GET", "/v1/models/test:1").json["status"]?.object?["value"]?.string
    }

    @Test("Ollama's empty requests load and unload, and its list has what is loaded")
    func ollama() async throws {
        let model = SwitchableModel()
        try await RunningServer.with(model) { server in
            #expect(try await names(server) == [])
            #expect(try await server.request("GET", "/api/tags").json["models"]?.array?.count == 1)
            let loaded = try await server.request("POST", "/api/generate", #"{"model": "test:1", "keep_alive": "5m"}"#)
            #expect(loaded.json["done_reason"]?.string == "load")
            #expect(model.keepAlive == 300)
            let process = try #require(try await server.request("GET", "/api/ps").json["models"]?.array?.first?.object)
            #expect(process["expires_at"]?.string?.hasPrefix("20") == true)
            let left = try await server.request("POST", "/api/chat", #"{"model": "test:1", "keep_alive": 0}"#)
            #expect(left.json["done_reason"]?.string == "unload")
            #expect(try await names(server) == [])
            let wrong = try await server.request("POST", "/api/chat", #"{"model": "test:1", "keep_alive": "soon"}"#)
            #expect(wrong.status == 400)
            #expect(wrong.json["error"]?.string?.contains("keep_alive") == true)
        }
    }

    @Test("a request's keep_alive reaches the model with its options")
    func keepAlive() async throws {
        let model = SwitchableModel()
        try await RunningServer.with(model) { server in
            for (text, expected) in [("-1", Double.infinity), ("0", 0), (#""1h30m""#, 5400)] {
                let body = #"{"model": "test:1", "prompt": "Hi", "stream": false, "keep_alive": \#(text)}"#
                #expect(try await server.request("POST", "/api/generate", body).status == 200)
                #expect(model.answering.watch.options?.keepAlive == expected)
            }
            _ = try await server.request("POST", "/v1/chat/completions", question)
            #expect(model.answering.watch.options?.keepAlive == nil)
        }
    }

    @Test("llama-server's router loads and unloads by name")
    func router() async throws {
        try await RunningServer.with(SwitchableModel(), aliases: ["gpt-4o"]) { server in
            let before = try await state(server)
            #expect(before == "unloaded")
            for name in ["test:1", "gpt-4o"] {
                let body = #"{"model": "\#(name)"}"#
                #expect(try await server.request("POST", "/models/load", body).json["success"] == true)
                #expect(try await state(server) == "loaded")
                #expect(try await server.request("POST", "/models/unload", body).json["success"] == true)
                #expect(try await state(server) == "unloaded")
            }
            #expect(try await server.request("POST", "/models/load", #"{"model": "other"}"#).status == 404)
            #expect(try await server.request("POST", "/models/load", "{}").status == 400)
        }
        try await RunningServer.with(.hello) { server in
            let body = #"{"model": "test:1"}"#
            let load = try await server.request("POST", "/models/load", body)
            let unload = try await server.request("POST", "/models/unload", body)
            #expect(load.status == 200 && unload.status == 400)
            #expect(try await state(server) == "loaded")
        }
    }

    @Test("a further name is as good as the first, and is not listed")
    func aliases() async throws {
        try await RunningServer.with(SwitchableModel(), aliases: ["gpt-4o", "small"]) { server in
            let body = question.replacing("test:1", with: "small")
            let answer = try await server.request("POST", "/v1/chat/completions", body)
            #expect(answer.status == 200 && answer.json["model"]?.string == "test:1")
            #expect(try await server.request("GET", "/v1/models").json["data"]?.array?.count == 1)
            #expect(try await server.request("GET", "/v1/models/gpt-4o").json["id"]?.string == "test:1")
            let show = try await server.request("POST", "/api/show", #"{"model": "small:latest"}"#)
            #expect(show.status == 200)
        }
    }

    @Test("a failed load is an error of its own, in every family's words")
    func failure() async throws {
        struct Broken: Error, CustomStringConvertible {
            var description: String { "model.gguf is cut off" }
        }
        let failing = ScriptedModel(.failure([], ModelLoadError(name: "test:1", reason: Broken())))
        try await RunningServer.with(failing) { server in
            let chat = try await server.request("POST", "/v1/chat/completions", question)
            #expect(chat.status == 500 && chat.error["code"]?.string == "model_load_failed")
            #expect(chat.error["message"]?.string == "The model 'test:1' cannot be loaded: model.gguf is cut off")
            let ollama = try await server.request("POST", "/api/chat", question)
            #expect(ollama.status == 500 && ollama.json["error"]?.string?.contains("model.gguf") == true)
        }
    }

    @Test("metrics and the status tell what is in memory, and how often it came and went")
    func metrics() async throws {
        let model = SwitchableModel()
        try await RunningServer.with(model) { server in
            func metric(_ name: String) async throws -> Double? {
                try await ExpositionReader(server.request("GET", "/metrics").text).value(name, ["model": "test:1"])
            }
            #expect(try await metric("martlet_model_loaded") == 0)
            #expect(try await metric("martlet_model_bytes") == 0)
            _ = try await server.request("POST", "/models/load", #"{"model": "test:1"}"#)
            #expect(try await metric("martlet_model_loaded") == 1)
            #expect(try await metric("martlet_model_bytes") == 1000)
            #expect(try await metric("martlet_model_loads_total") == 1)
            let status = try await server.request("GET", "/v1/status").json["models"]?.array?.first?.object
            #expect(status?["state"]?.string == "loaded")
            #expect(status?["residence"]?.object?["bytes"]?.integer == 1000)
        }
    }

    @Test("a stream says that the model is on its way")
    func progress() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 0)]))
        try await RunningServer.with(model, { $0.heartbeat = .milliseconds(10) }) { server in
            try await RawClient.with(server.port) { client in
                try await client.send(
                    "POST", "/v1/chat/completions", question.replacing("}]}", with: #"}], "stream": true}"#))
                _ = try await client.read(until: "the model is being loaded")
            }
        }
    }
}
