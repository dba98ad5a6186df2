import Chat
import JSON
import Server
import Testing

@Suite("Responses that are remembered")
struct ResponsesRouteTests {
    private let path = "/v1/responses"

    @Test("a conversation goes on from any answer that is stored, whole or streamed")
    func state() async throws {
        let model = ScriptedModel.hello
        try await RunningServer.with(model) { server in
            let first = try await server.request("POST", path, #"{"input": "Hi", "instructions": "Be brief."}"#)
            #expect(first.json["output"]?.array?.first?.object?["type"]?.string == "message")
            let id = try #require(first.json["id"]?.string)
            let text = try await RawClient.with(server.port) { client in
                let body = #"{"input": "And?", "previous_response_id": "\#(id)", "stream": true}"#
                try await client.send("POST", path, body)
                return try await client.read(until: "0\r\n\r\n")
            }
            #expect(
                model.watch.messages == [Message(.user, "Hi"), Message(.assistant, "Hello"), Message(.user, "And?")])
            #expect(text.contains("event: response.completed") && !text.contains("[DONE]"))
            let next = try #require(text.firstMatch(of: /"id":"(resp_[0-9a-f]+)"/)).1
            _ = try await server.request("POST", path, #"{"input": "So?", "previous_response_id": "\#(next)"}"#)
            #expect(model.watch.messages.count == 5)
            #expect(try await server.request("GET", "\(path)/\(id)").text == first.text)
            #expect(try await server.request("DELETE", "\(path)/\(id)").json["deleted"]?.bool == true)
            #expect(try await server.request("GET", "\(path)/\(id)").status == 404)
            #expect(try await server.request("DELETE", "\(path)/\(id)").status == 404)
        }
    }

    @Test("what is not stored cannot be gone on with")
    func unstored() async throws {
        try await RunningServer.with(.hello) { server in
            let answer = try await server.request("POST", path, #"{"input": "Hi", "store": false}"#)
            let id = try #require(answer.json["id"]?.string)
            let next = try await server.request("POST", path, #"{"input": "a", "previous_response_id": "\#(id)"}"#)
            #expect(next.status == 400)
            #expect(next.error["code"]?.string == "previous_response_not_found")
            #expect(next.error["param"]?.string == "previous_response_id")
        }
    }

    @Test("a response is its client's only")
    func clients() async throws {
        try await RunningServer.with(
            .hello,
            {
                $0.keys.add("one")
                $0.keys.add("two")
            }
        ) { server in
            let made = try await server.request(
                "POST", "/v1/responses", #"{"input": "Hi"}"#, headers: ["x-api-key: one"])
            let id = try #require(made.json["id"]?.string)
            for (key, status) in [("two", 404), ("one", 200)] {
                let found = try await server.request("GET", "/v1/responses/\(id)", headers: ["x-api-key: \(key)"])
                #expect(found.status == status)
                let next = try await server.request(
                    "POST", "/v1/responses", #"{"input": "Hi", "previous_response_id": "\#(id)"}"#,
                    headers: ["x-api-key: \(key)"])
                #expect(next.status == (key == "one" ? 200 : 400))
            }
        }
    }
}
