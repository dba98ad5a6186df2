import Chat
import JSON
import Server
import Testing

@Suite("Server connections")
struct ConnectionTests {
    private let chat = "/v1/chat/completions"
    private let question = #"{"messages": [{"role": "user", "content": "Hi"}]}"#
    private let streamed = #"{"messages": [{"role": "user", "content": "Hi"}], "stream": true}"#

    @Test("a client that leaves ends its answer, before the first word and after", arguments: [0, 1, 2])
    func disconnect(stage: Int) async throws {
        let events: [ChatEvent] = [.reading(done: 0, total: 5), .text("Hel")]
        let model = ScriptedModel(.endless(Array(events.prefix(stage))))
        try await RunningServer.with(model) { server in
            for (index, body) in [question, streamed].enumerated() {
                try await RawClient.with(server.port) { client in
                    try await client.send("POST", chat, body)
                    await model.watch.waitUntil { $0.begun == index + 1 }
                    if body == streamed, stage == 2 { _ = try await client.read(until: "Hel") }
                }
                await model.watch.waitUntil { $0.abandoned == index + 1 }
            }
            #expect(try await server.request("GET", "/health").status == 200)
        }
    }

    @Test("many clients that leave at any moment leave nothing behind")
    func manyDisconnects() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5), .text("a")]))
        try await RunningServer.with(model) { server in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for index in 0..<100 {
                    group.addTask {
                        try await RawClient.with(server.port) { client in
                            let request =
                                "POST \(chat) HTTP/1.1\r\ncontent-length: \(streamed.utf8.count)\r\n\r\n\(streamed)"
                            try await client.send(request.utf8.prefix(index * request.utf8.count / 80))
                            if index % 3 == 0 { try await Task.sleep(for: .milliseconds(index % 7)) }
                        }
                    }
                }
                try await group.waitForAll()
            }
            await model.watch.waitUntil { $0.abandoned == $0.begun }
            #expect(try await server.request("GET", "/health").status == 200)
        }
    }

    @Test("requests sent at once are answered in order")
    func pipelining() async throws {
        try await RunningServer.with(ScriptedModel(.echo)) { server in
            try await RawClient.with(server.port) { client in
                for word in ["one", "two", "three"] {
                    try await client.send("POST", "/v1/completions", #"{"prompt": "\#(word)"}"#)
                }
                for word in ["one", "two", "three"] { #expect(try await client.readAnswer().text.contains(word)) }
            }
        }
    }

    @Test("a body that is too large is a 413, whether announced or not, and whoever sends it gets to read that")
    func tooLarge() async throws {
        try await RunningServer.with(.hello, { $0.bodyLimit = 1000 }) { server in
            let announced = try await server.request("POST", chat, String(repeating: " ", count: 2_000_000))
            #expect(announced.status == 413)
            #expect(announced.error["message"]?.string?.contains("1000") == true)
            let chunked = try await RawClient.with(server.port) { client in
                try await client.send("POST \(chat) HTTP/1.1\r\ntransfer-encoding: chunked\r\n\r\n")
                let chunk = "400\r\n" + String(repeating: " ", count: 1024) + "\r\n"
                for _ in 0..<3 { try await client.send(chunk) }
                try await client.send("0\r\n\r\n")
                return try await client.readAnswer()
            }
            #expect(chunked.status == 413)
            #expect(try await server.request("POST", chat, question).status == 200)
        }
    }

    @Test("a client that asks first is told to go on, or why not")
    func expectation() async throws {
        try await RunningServer.with(.hello, { $0.bodyLimit = 1000 }) { server in
            try await RawClient.with(server.port) { client in
                let head = "POST \(chat) HTTP/1.1\r\nexpect: 100-continue\r\ncontent-length: "
                try await client.send(head + "\(question.utf8.count)\r\n\r\n")
                #expect(try await client.read(until: "\r\n\r\n").contains("100 Continue"))
                try await client.send(question)
                #expect(try await client.readAnswer().status == 200)
                try await client.send(head + "5000\r\n\r\n")
                #expect(try await client.readAnswer().status == 413)
            }
        }
    }

    @Test("what is no HTTP is a 400 or a closed connection; the server goes on")
    func garbage() async throws {
        try await RunningServer.with(.hello) { server in
            var generator = SystemRandomNumberGenerator()
            for _ in 0..<50 {
                let noise = (0..<200).map { _ in UInt8.random(in: 0...255, using: &generator) }
                try? await RawClient.with(server.port) { client in
                    try await client.send(noise)
                    try await client.send("\r\n\r\n")
                }
            }
            let answer = try await RawClient.with(server.port) { client in
                try await client.send("NONSENSE\r\n\r\n")
                return try await client.readToEnd()
            }
            #expect(answer.contains("400"))
            #expect(try await server.request("GET", "/health").status == 200)
        }
    }

    @Test("draining lets running answers come to their end and takes no others")
    func drain() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5), .text("Hel")]))
        try await RunningServer.with(model) { server in
            try await RawClient.with(server.port) { idle in
                try await idle.send("GET", "/health")
                _ = try await idle.readAnswer()
                try await RawClient.with(server.port) { busy in
                    try await busy.send("POST", chat, streamed)
                    _ = try await busy.read(until: "Hel")
                    server.server.drain()
                    // Idle connections end at once, the busy one goes on until all is stopped.
                    #expect(try await idle.readToEnd().isEmpty)
                    await #expect(throws: (any Error).self) { try await server.request("GET", "/health") }
                    #expect(model.watch.abandoned == 0)
                    server.server.stop()
                    _ = try? await busy.readToEnd()
                    await model.watch.waitUntil { $0.abandoned == 1 }
                }
            }
        }
    }

    @Test("an answer that takes too long ends when draining has lasted its time")
    func drainLimit() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5), .text("Hel")]))
        try await RunningServer.with(model, { $0.drainLimit = .milliseconds(10) }) { server in
            try await RawClient.with(server.port) { busy in
                try await busy.send("POST", chat, streamed)
                _ = try await busy.read(until: "Hel")
                server.server.drain()
                await model.watch.waitUntil { $0.abandoned == 1 }
            }
        }
    }

    @Test("a connection without work is closed after a while, one with work is not")
    func idleness() async throws {
        let model = ScriptedModel(.endless([.reading(done: 0, total: 5), .text("Hel")]))
        try await RunningServer.with(model, { $0.idleLimit = .milliseconds(200) }) { server in
            try await RawClient.with(server.port) { busy in
                try await busy.send("POST", chat, streamed)
                _ = try await busy.read(until: "Hel")
                for start in ["", "POST \(chat) HTTP/1.1\r\ncontent-length: 9\r\n\r\n{"] {
                    try await RawClient.with(server.port) { idle in
                        try await idle.send(start)
                        #expect(try await idle.readToEnd().isEmpty)
                    }
                }
                #expect(model.watch.abandoned == 0)
            }
        }
    }

    @Test("more connections than may be are closed at once")
    func connectionLimit() async throws {
        try await RunningServer.with(.hello, { $0.connectionLimit = 1 }) { server in
            try await RawClient.with(server.port) { first in
                try await first.send("GET", "/health")
                #expect(try await first.readAnswer().status == 200)
                try await RawClient.with(server.port) { second in
                    let received = try await second.readToEnd()
                    #expect(received.isEmpty)
                }
                try await first.send("GET", "/health")
                #expect(try await first.readAnswer().status == 200)
            }
        }
    }
}
