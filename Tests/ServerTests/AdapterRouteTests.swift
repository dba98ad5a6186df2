import Foundation
import JSON
import Server
import TestSupport
import Testing

@Suite("Routes of adapters")
struct AdapterRouteTests {
    private static let question = #""messages": [{"role": "user", "content": "Hi"}]"#

    /// What the model was asked for, by way of its answer.
    private func chat(_ server: RunningServer, _ fields: String) async throws -> String? {
        let answer = try await server.request("POST", "/v1/chat/completions", "{\(fields), \(Self.question)}")
        let choice = answer.json["choices"]?.array?.first?.object?["message"]?.object
        return choice?["content"]?.string ?? answer.error["message"]?.string
    }

    @Test("an adapter's name is a model's name on every route, with the base model as its parent")
    func names() async throws {
        try await RunningServer.with(AdaptableModel("sql", "docs")) { server in
            #expect(try await chat(server, #""model": "sql""#) == "sql 0.5")
            #expect(try await chat(server, #""model": "test:1""#) == "usual")
            let list = try await server.request("GET", "/v1/models").json["data"]?.array ?? []
            #expect(list.compactMap { $0.object?["id"]?.string } == ["test:1", "sql", "docs"])
            #expect(list.map { $0.object?["parent"]?.string } == [nil, "test:1", "test:1"])
            let card = try await server.request("GET", "/v1/models/docs").json
            #expect(card["parent"]?.string == "test:1")
            let bodies = [
                ("/v1/completions", #"{"model": "docs", "prompt": "a"}"#),
                ("/v1/messages", #"{"model": "docs", "max_tokens": 5, \#(Self.question)}"#),
                ("/v1/responses", #"{"model": "docs", "input": "a"}"#),
                ("/completion", #"{"model": "docs", "prompt": "a"}"#),
                ("/api/generate", #"{"model": "docs", "prompt": "a", "stream": false}"#),
            ]
            for (path, body) in bodies {
                let answer = try await server.request("POST", path, body)
                #expect(answer.status == 200 && answer.text.contains("docs 0.5"), "\(path) \(answer.text)")
                #expect(answer.json["model"]?.string == "docs", "\(path)")
            }
            #expect(
                try await server.request("POST", "/v1/chat/completions", #"{"model": "x", \#(Self.question)}"#).status
                    == 404)
        }
    }

    @Test("llama-server's field chooses adapters by their ids, and no others")
    func field() async throws {
        try await RunningServer.with(AdaptableModel("sql", "docs")) { server in
            #expect(try await chat(server, #""lora": [{"id": 1, "scale": 2}, {"id": 0}]"#) == "sql 1.0, docs 2.0")
            #expect(try await chat(server, #""lora": []"#) == "")
            let text = try await server.request("POST", "/completion", #"{"prompt": "a", "lora": [{"id": 1}]}"#)
            #expect(text.json["content"]?.string == "docs 1.0")
            for (lora, status) in [
                (#"[{"id": 7}]"#, 404), (#"[{"scale": 1}]"#, 400), (#"{"id": 0}"#, 400), (#"[{"id": -1}]"#, 400),
                (#"[{"id": 0, "scale": 1e9}]"#, 400), (#"[{"id": 0, "scale": "a"}]"#, 400), ("[3]", 400),
            ] {
                let answer = try await server.request("POST", "/completion", #"{"prompt": "a", "lora": \#(lora)}"#)
                #expect(answer.status == status, "\(lora) \(answer.text)")
            }
        }
        // A model without adapters has none to choose.
        try await RunningServer.with(.hello) { server in
            for (path, body, status) in [
                ("/completion", #"{"prompt": "a", "lora": []}"#, 200),
                ("/completion", #"{"prompt": "a", "lora": [{"id": 0}]}"#, 404), ("/lora-adapters", "[]", 400),
            ] {
                let answer = try await server.request("POST", path, body)
                #expect(answer.status == status, "\(path) \(body)")
            }
        }
    }

    @Test("llama-server's route tells and sets the scales in force")
    func scales() async throws {
        try await RunningServer.with(AdaptableModel("sql", "docs")) { server in
            let none = try await server.request("GET", "/lora-adapters").text
            #expect(none.contains(#"{"id":0,"name":"sql","path":"/sql","scale":0"#), "\(none)")
            let set = try await server.request("POST", "/lora-adapters", #"[{"id": 1, "scale": 0.25}]"#)
            #expect(set.status == 200 && set.json["success"]?.bool == true)
            let after = try JSONValue(parsing: try await server.request("GET", "/lora-adapters").body).array ?? []
            #expect(after.map { $0.object?["scale"]?.number } == [0, 0.25])
            #expect(try await server.request("POST", "/lora-adapters", #"[{"id": 9}]"#).status == 404)
            for body in ["{}", "[1]", "", "[", #"[{"id": "0"}]"#] {
                #expect(try await server.request("POST", "/lora-adapters", body).status == 400, "\(body)")
            }
        }
    }

    @Test("vLLM's routes load from the server's folder only, and unload")
    func loading() async throws {
        let folder = try TemporaryFolder()
        let outside = try TemporaryFolder()
        let file = try folder.write("x", to: "adapters/one.gguf")
        try folder.write("x", to: "adapters/deep/two.gguf")
        try folder.write("x", to: "adapters-other/near.gguf")
        try outside.write("x", to: "secret.gguf")
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/adapters/link", withDestinationPath: outside.path)
        try FileManager.default.createSymbolicLink(
            atPath: folder.path + "/adapters/good", withDestinationPath: folder.path + "/adapters/deep")
        let model = AdaptableModel("sql")
        try await RunningServer.with(model, { $0.adapterFolder = folder.path + "/adapters" }) { server in
            func load(_ path: String, as name: String = "new") async throws -> Int {
                let body: JSONValue = ["lora_name": .string(name), "lora_path": .string(path)]
                return try await server.request("POST", "/v1/load_lora_adapter", body.text).status
            }
            for path in [
                "../adapters-other/near.gguf", folder.path + "/adapters-other/near.gguf", outside.path + "/secret.gguf",
                "link/secret.gguf", "deep/../../adapters-other/near.gguf", "/etc/passwd", "..", "link",
                "/nowhere/at/all", "good/../../x",
            ] {
                #expect(try await load(path) == 403, "\(path)")
            }
            for path in ["missing.gguf", "", "a\u{0}b", "deep/none"] { #expect(try await load(path) == 404, "\(path)") }
            #expect(model.adapters.count == 1)
            #expect(try await load("broken") == 404)
            try folder.write("x", to: "adapters/broken")
            #expect(try await load("broken") == 400)
            #expect(try await load("one.gguf") == 200)
            #expect(try await load(file, as: "absolute") == 200)
            #expect(try await load("good/two.gguf", as: "linked") == 200)
            #expect(try await load("one.gguf", as: "test:1") == 400)
            #expect(try await load("one.gguf", as: "") == 400)
            #expect(try await chat(server, #""model": "new""#) == "new 1.0")
            let done = try await server.request("POST", "/v1/unload_lora_adapter", #"{"lora_name": "new"}"#)
            #expect(done.status == 200 && done.text == "Success: LoRA adapter 'new' removed successfully.")
            #expect(try await server.request("POST", "/v1/unload_lora_adapter", #"{"lora_name": "new"}"#).status == 404)
            #expect(try await server.request("POST", "/v1/load_lora_adapter", #"{"lora_name": "a"}"#).status == 400)
        }
        try await RunningServer.with(AdaptableModel("sql")) { server in
            let body = #"{"lora_name": "a", "lora_path": "\#(file)"}"#
            let answer = try await server.request("POST", "/v1/load_lora_adapter", body)
            #expect(answer.status == 403)
            #expect(answer.error["message"]?.string?.contains("--adapter-folder") == true)
        }
    }
}
