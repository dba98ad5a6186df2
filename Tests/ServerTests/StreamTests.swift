import Chat
import Foundation
import JSON
import Server
import Testing

@Suite("Server streams")
struct StreamTests {
    private let chat = "/v1/chat/completions"
    private func question(_ more: String = "") -> String {
        #"{"messages": [{"role": "user", "content": "Hi"}], "stream": true\#(more)}"#
    }

    /// The data of the messages of a chunked event stream.
    private func messages(_ body: String) -> [String] {
        body.matches(of: /data: (.*)/).map { String($0.1).trimmingCharacters(in: .whitespacesAndNewlines) }
    }

    @Test("sends the pieces as they come, then the end")
    func stream() async throws {
        let text = try await RunningServer.with(.hello) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question(#", "stream_options": {"include_usage": true}"#))
                let head = try await client.read(until: "\r\n\r\n")
                #expect(head.contains("200 OK") && head.contains("text/event-stream"))
                return try await client.read(until: "[DONE]\n\n")
            }
        }
        let all = messages(text)
        try #require(all.count == 6)
        let contents = all.compactMap {
            try? JSONValue(parsing: Array($0.utf8)).object?["choices"]?.array?.first?.object?["delta"]?
                .object?["content"]?.string
        }
        #expect(contents == ["", "Hel", "lo"])
        #expect(all[3].contains(#""finish_reason":"stop""#))
        #expect(all[4].contains(#""total_tokens":7"#))
        #expect(all[5] == "[DONE]")
    }

    @Test("several answers come in one stream, each piece with the index of its answer", arguments: [1, 2, 8])
    func several(sequences: Int) async throws {
        let body =
            #"{"prompt": ["ab", "c"], "n": 2, "echo": true, "stream": true, "stream_options": {"include_usage": true}}"#
        let model = ScriptedModel(.echo)
        let text = try await RunningServer.with(model, sequences: sequences) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", "/v1/completions", body)
                return try await client.read(until: "[DONE]\n\n")
            }
        }
        let all = messages(text)
        #expect(all.last == "[DONE]" && all.filter { $0 == "[DONE]" }.count == 1)
        var texts = ["", "", "", ""]
        var ends = [0, 0, 0, 0]
        for data in all.dropLast(2) {
            let choice = try #require(
                try JSONValue(parsing: Array(data.utf8)).object?["choices"]?.array?.first?.object)
            let index = try #require(choice["index"]?.integer)
            texts[index] += choice["text"]?.string ?? ""
            if choice["finish_reason"]?.string != nil { ends[index] += 1 }
        }
        #expect(texts == ["abab", "abab", "cc", "cc"] && ends == [1, 1, 1, 1])
        // Two prompts of five tokens; two answers of two and two of one.
        #expect(all[all.count - 2].contains(#""prompt_tokens":10"#))
        #expect(all[all.count - 2].contains(#""completion_tokens":6"#))
        #expect(model.watch.begun == 4)
    }

    @Test("an answer of several that fails ends the stream; none goes on unheard")
    func severalFail() async throws {
        struct Broken: Error {}
        let model = ScriptedModel(.failure([.reading(done: 0, total: 5), .text("Hel")], Broken()))
        let text = try await RunningServer.with(model, sequences: 1) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question(#", "n": 3"#))
                return try await client.read(until: "0\r\n\r\n")
            }
        }
        #expect(text.contains(#"data: {"error":"#) && !text.contains("[DONE]"))
        #expect(model.watch.begun == 1)
    }

    @Test("a client that leaves ends all answers of its request")
    func severalAbandoned() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5), .text("Hel")]))
        try await RunningServer.with(model, sequences: 2) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question(#", "n": 4"#))
                _ = try await client.read(until: "Hel")
                await model.watch.waitUntil { $0.begun == 2 }
            }
            await model.watch.waitUntil { $0.abandoned == 2 }
            #expect(model.watch.begun == 2)
        }
    }

    @Test("the head leaves at once, and comments show life while the prompt is read")
    func heartbeat() async throws {
        let model = ScriptedModel(.endless([.reading(done: 512, total: 4096)]))
        try await RunningServer.with(model, { $0.heartbeat = .milliseconds(20) }) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question())
                _ = try await client.read(until: "200 OK")
                for _ in 0..<3 { _ = try await client.read(until: ": read 512 of 4096 tokens\n\n") }
            }
        }
    }

    @Test("what fails in the middle is told in the stream, which then has no regular end")
    func failure() async throws {
        struct Broken: Error {}
        let model = ScriptedModel(.failure([.reading(done: 0, total: 5), .text("Hel")], Broken()))
        let text = try await RunningServer.with(model) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question())
                return try await client.read(until: "0\r\n\r\n")
            }
        }
        #expect(text.contains("Hel"))
        #expect(text.contains(#"data: {"error":"#))
        #expect(!text.contains("[DONE]"))
    }

    @Test("a client of HTTP 1.0 gets a stream that ends with the connection")
    func oldClient() async throws {
        let text = try await RunningServer.with(.hello) { server in
            try await RawClient.with(server.port) { client in
                let body = question()
                try await client.send("POST \(chat) HTTP/1.0\r\ncontent-length: \(body.utf8.count)\r\n\r\n\(body)")
                return try await client.readToEnd()
            }
        }
        #expect(!text.lowercased().contains("transfer-encoding"))
        #expect(text.hasSuffix("data: [DONE]\n\n"))
    }

    @Test("all of a long answer arrives at a slow reader, also right before the connection ends")
    func longAnswer() async throws {
        let piece = String(repeating: "x", count: 10_000)
        let events = [ChatEvent](repeating: .text(piece), count: 300)
        let model = ScriptedModel(
            .events([.reading(done: 0, total: 5)] + events + [.finished(ScriptedModel.summary())]))
        for streams in [true, false] {
            let text = try await RunningServer.with(model) { server in
                try await RawClient.with(server.port) { client in
                    let body = streams ? question() : #"{"messages": [{"role": "user", "content": "Hi"}]}"#
                    try await client.send("POST", chat, body, headers: ["connection: close"])
                    try await Task.sleep(for: .milliseconds(50))
                    return try await client.readToEnd()
                }
            }
            #expect(text.count { $0 == "x" } >= 3_000_000)
            #expect(text.contains(streams ? "[DONE]" : #""total_tokens":7"#))
        }
    }

    @Test("a client that takes nothing is given up, and its answer too")
    func stalledReader() async throws {
        let events = [ChatEvent](repeating: .text(String(repeating: "x", count: 100_000)), count: 500)
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5)] + events))
        try await RunningServer.with(
            model,
            {
                $0.heartbeat = .milliseconds(10)
                $0.stallLimit = .milliseconds(100)
            }
        ) { server in
            try await RawClient.with(server.port) { client in
                try await client.send("POST", chat, question())
                await model.watch.waitUntil { $0.abandoned == 1 }
            }
        }
    }
}
