import Chat
import JSON
import Server
import Testing

@Suite("Whose turn it is")
struct TurnTests {
    private let chat = "/v1/chat/completions"
    private let question = #"{"messages": [{"role": "user", "content": "Hi"}]}"#

    @Test(
        "a request that finds no room is told to come again, in the words of its interface",
        arguments: [
            ("/v1/chat/completions", "rate_limit_error", 429), ("/v1/messages", "rate_limit_error", 429),
        ])
    func busy(path: String, type: String, status: Int) async throws {
        let model = ScriptedModel(.failure([], RequestRefusal.busy(waiting: 9)))
        try await RunningServer.with(model) { server in
            try await RawClient.with(server.port) { client in
                try await client.send(
                    "POST", path, #"{"max_tokens": 9, "messages": [{"role": "user", "content": "Hi"}]}"#)
                let head = try await client.read(until: "\r\n\r\n")
                #expect(head.contains(" \(status) ") && head.lowercased().contains("retry-after: 1"))
                #expect(try await client.read(until: "}").contains(type))
            }
        }
    }

    @Test("a request whose time is over before it begins is told so")
    func late() async throws {
        let model = ScriptedModel(.failure([], RequestRefusal.timeLimit(seconds: 2)))
        try await RunningServer.with(model) { server in
            let answer = try await server.request("POST", chat, question)
            #expect(answer.status == 408 && answer.error["code"]?.string == "time_limit_exceeded")
        }
    }

    @Test("several answers to one request, each with a seed of its own")
    func several() async throws {
        let model = ScriptedModel.hello
        try await RunningServer.with(model) { server in
            let body = question.dropLast() + #", "n": 3, "seed": 5}"#
            let answer = try await server.request("POST", chat, String(body))
            let choices = answer.json["choices"]?.array ?? []
            #expect(choices.count == 3 && model.watch.begun == 3)
            #expect(choices.compactMap { $0.object?["index"]?.integer } == [0, 1, 2])
            #expect((5...7).contains(model.watch.options?.seed ?? 0))
        }
    }

    @Test("every key is a client of its own, and the model learns no key")
    func clients() async throws {
        let model = ScriptedModel.hello
        try await RunningServer.with(
            model,
            {
                $0.keys.add("secret")
                $0.keys.add("other")
            }
        ) { server in
            var names: [String] = []
            for header in ["authorization: Bearer secret", "x-api-key: secret", "x-api-key: other"] {
                _ = try await server.request("POST", chat, question, headers: [header])
                names.append(model.watch.options?.client ?? "")
            }
            #expect(names[0] == names[1] && names[0] != names[2] && !names[0].isEmpty)
            #expect(!names[0].contains("secret"))
        }
        try await RunningServer.with(model) { server in
            _ = try await server.request("POST", chat, question)
            #expect(model.watch.options?.client == "")
        }
    }

    @Test("a request may let others go first, and bound its time")
    func turns() async throws {
        let model = ScriptedModel.hello
        try await RunningServer.with(model) { server in
            let patient = question.dropLast() + #", "service_tier": "flex", "timeout": 5}"#
            _ = try await server.request("POST", chat, String(patient))
            #expect(model.watch.options?.priority == .batch && model.watch.options?.timeLimit == 5)
            _ = try await server.request("POST", chat, question)
            #expect(model.watch.options?.priority == .interactive && model.watch.options?.timeLimit == nil)
        }
    }
}
