import JSON
import MCP
import Testing

@Suite("Sessions of the protocol")
struct ProtocolSessionTests {
    private var session = ProtocolSession(.sample)

    private mutating func ask(_ text: String) throws -> JSONObject {
        let events = session.receive(Array(text.utf8))
        try #require(events.count == 1)
        guard case .send(.object(let answer)) = events[0] else { throw Unexpected(events) }
        return answer
    }

    private mutating func shakeHands(_ version: String = "2025-11-25") throws {
        _ = try ask(
            #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"\#(version)","capabilities":{}}}"#
        )
        #expect(session.receive(Array(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#.utf8)).isEmpty)
    }

    private static let meta = """
        {"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}
        """

    @Test("the handshake takes the client's revision, or offers the newest that has one")
    mutating func handshake() throws {
        for (wanted, offered) in [
            ("2024-11-05", "2024-11-05"), ("2025-06-18", "2025-06-18"), ("2026-07-28", "2025-11-25"),
            ("x", "2025-11-25"),
        ] {
            let answer = try ask(
                #"{"jsonrpc":"2.0","id":"a","method":"initialize","params":{"protocolVersion":"\#(wanted)"}}"#)
            let result = try #require(answer["result"]?.object)
            #expect(result["protocolVersion"]?.string == offered)
            #expect(result["capabilities"]?.object?["tools"] != nil)
            #expect(answer["id"] == "a")
        }
    }

    @Test("nothing but a ping is answered before it is known which protocol is spoken")
    mutating func gate() throws {
        #expect(try ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#).code == -32602)
        #expect(try ask(#"{"jsonrpc":"2.0","id":2,"method":"ping"}"#)["result"] == [:])
        try shakeHands()
        let tools = try ask(#"{"jsonrpc":"2.0","id":3,"method":"tools/list"}"#)["result"]?.object?["tools"]?.array
        #expect(tools?.first?.object?["name"] == "echo")
        #expect(tools?.first?.object?["inputSchema"]?.object?["type"] == "object")
    }

    @Test("stateless requests need no handshake, and their results say that they are complete and who made them")
    mutating func stateless() throws {
        for (method, isCacheable) in [("server/discover", true), ("tools/list", true), ("resources/list", true)] {
            let answer = try ask(
                #"{"jsonrpc":"2.0","id":1,"method":"\#(method)","params":{"_meta":\#(Self.meta)}}"#)
            let result = try #require(answer["result"]?.object)
            #expect(result["resultType"] == "complete")
            #expect((result["ttlMs"] != nil) == isCacheable && result["cacheScope"] == "private")
            #expect(result["_meta"]?.object?["io.modelcontextprotocol/serverInfo"]?.object?["name"] == "sample")
        }
        #expect(try ask(#"{"jsonrpc":"2.0","id":1,"method":"ping","params":{"_meta":\#(Self.meta)}}"#).code == -32601)
        #expect(try ask(#"{"jsonrpc":"2.0","id":1,"method":"server/discover"}"#).code == -32602)
        let other = Self.meta.replacing("2026-07-28", with: "2031-01-01")
        let refused = try ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/list","params":{"_meta":\#(other)}}"#)
        #expect(refused.code == -32022)
        let supported = refused["error"]?.object?["data"]?.object?["supported"]?.array
        #expect(supported?.contains("2026-07-28") == true && supported?.contains("2025-11-25") == true)
    }

    @Test("both eras are served on one connection, whichever a client tries first")
    mutating func bothEras() throws {
        _ = try ask(#"{"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":\#(Self.meta)}}"#)
        try shakeHands()
        #expect(try ask(#"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#)["result"]?.object?["resultType"] == nil)
        #expect(
            try ask(#"{"jsonrpc":"2.0","id":3,"method":"tools/list","params":{"_meta":\#(Self.meta)}}"#)["result"]?
                .object?["resultType"] == "complete")
    }

    @Test("lists that clients look for are empty, other methods are unknown")
    mutating func lists() throws {
        try shakeHands()
        for (method, name) in [
            ("resources/list", "resources"), ("resources/templates/list", "resourceTemplates"),
            ("prompts/list", "prompts"),
        ] {
            #expect(try ask(#"{"jsonrpc":"2.0","id":1,"method":"\#(method)"}"#)["result"]?.object?[name] == [])
        }
        #expect(try ask(#"{"jsonrpc":"2.0","id":1,"method":"resources/read"}"#).code == -32601)
    }

    @Test("a call is handed out, and its answer goes back under the client's id")
    mutating func call() throws {
        try shakeHands()
        let events = session.receive(
            Array(
                #"{"jsonrpc":"2.0","id":"x","method":"tools/call","params":{"name":"echo","arguments":{"text":"hi"}}}"#
                    .utf8))
        guard case .call(let call) = events.first else { throw Unexpected(events) }
        #expect(call.name == "echo" && !call.wantsProgress)
        #expect(try call.arguments.text("text") == "hi")
        let done = session.finish(call.id, with: ToolAnswer("hi", structured: ["text": "hi"]))
        guard case .send(.object(let answer)) = done.first else { throw Unexpected(done) }
        #expect(answer["id"] == "x")
        #expect(answer["result"]?.object?["content"] == [["type": "text", "text": "hi"]])
        #expect(answer["result"]?.object?["structuredContent"] == ["text": "hi"])
        #expect(answer["result"]?.object?["isError"] == false)
        #expect(session.finish(call.id, with: ToolAnswer("again")).isEmpty)
        #expect(session.runningCount == 0)
    }

    @Test("wrong calls are errors of the protocol")
    mutating func wrongCalls() throws {
        try shakeHands()
        let unknown = try ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"rm"}}"#)
        #expect(unknown.code == -32602)
        #expect(unknown["error"]?.object?["message"]?.string?.contains("echo") == true)
        #expect(try ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{}}"#).code == -32602)
        #expect(
            try ask(#"{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","arguments":[1]}}"#).code
                == -32602)
    }

    @Test("what is no request is refused, with the id if there is one")
    mutating func refusals() throws {
        try shakeHands()
        for (text, code, id) in [
            ("{", -32700, JSONValue.null), ("[]", -32600, .null), ("3", -32600, .null), ("{}", -32600, .null),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, -32600, .null),
            (#"{"jsonrpc":"2.0","id":1.5,"method":"ping"}"#, -32600, .null),
            (#"{"jsonrpc":"1.0","id":4,"method":"ping"}"#, -32600, 4),
            (#"{"jsonrpc":"2.0","id":5,"method":7}"#, -32600, 5),
            (#"{"jsonrpc":"2.0","id":6,"method":"ping","params":[]}"#, -32600, 6),
            (#"[{"jsonrpc":"2.0","id":6,"method":"ping"}]"#, -32600, .null),
            (String(repeating: "[", count: 100_000), -32700, .null),
        ] {
            let answer = try ask(text)
            #expect(answer.code == code, "\(text.prefix(60))")
            #expect(answer.members.first { $0.key == "id" }?.value == id, "\(text.prefix(60))")
        }
        #expect(session.receive(Array(#"{"jsonrpc":"2.0","id":1,"result":{}}"#.utf8)).isEmpty)
        #expect(session.receive(Array(#"{"jsonrpc":"2.0","method":"notifications/whatever"}"#.utf8)).isEmpty)
    }

    @Test("a cancelled call is given up and answered by nothing")
    mutating func cancellation() throws {
        try shakeHands()
        _ = session.receive(Array(#"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo"}}"#.utf8))
        let twice = try ask(#"{"jsonrpc":"2.0","id":7,"method":"ping"}"#)
        #expect(twice.code == -32600)
        #expect(
            session.receive(
                Array(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"7"}}"#.utf8)
            ).isEmpty)
        let events = session.receive(
            Array(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7}}"#.utf8))
        guard case .cancel(let id) = events.first, events.count == 1 else { throw Unexpected(events) }
        #expect(session.finish(id, with: ToolAnswer("late")).isEmpty)
    }

    @Test("progress is told to those who gave a token, and only forward")
    mutating func progress() throws {
        try shakeHands()
        let events = session.receive(
            Array(
                #"{"jsonrpc":"2.0","id":7,"method":"tools/call","params":{"name":"echo","_meta":{"progressToken":"t"}}}"#
                    .utf8
            ))
        guard case .call(let call) = events.first else { throw Unexpected(events) }
        #expect(call.wantsProgress)
        let told = [1, 1, 0, 2].map {
            session.report(CallProgress(done: $0, total: 2, message: "m"), of: call.id).count
        }
        #expect(told == [1, 0, 0, 1])
        _ = session.finish(call.id, with: ToolAnswer(""))
        #expect(session.report(CallProgress(done: 9, total: 9, message: ""), of: call.id).isEmpty)
    }

    @Test("one revision takes batches; their answers come back together when the last is there")
    mutating func batches() throws {
        try shakeHands("2025-03-26")
        let events = session.receive(
            Array(
                """
                [{"jsonrpc":"2.0","id":1,"method":"ping"},{"jsonrpc":"2.0","method":"notifications/x"},
                {"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo"}},
                {"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo"}},
                {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}},7]
                """.utf8))
        guard case .call(let call) = events.first, events.count == 3, case .cancel = events[2] else {
            throw Unexpected(events)
        }
        let done = session.finish(call.id, with: ToolAnswer("a"))
        guard case .send(.array(let answers)) = done.first, done.count == 1 else { throw Unexpected(done) }
        #expect(answers.map { $0.object?["id"] } == [1, nil, 2])
        #expect(session.receive(Array(#"[{"jsonrpc":"2.0","method":"x"}]"#.utf8)).isEmpty)
        #expect(try ask("[]").code == -32600)
    }

    @Test("calls beyond what may wait are turned away")
    mutating func flood() throws {
        try shakeHands()
        for id in 1...ProtocolSession.callLimit {
            _ = session.receive(
                Array(#"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"echo"}}"#.utf8))
        }
        #expect(try ask(#"{"jsonrpc":"2.0","id":9999,"method":"tools/call","params":{"name":"echo"}}"#).code == -32000)
    }
}

struct Unexpected: Error {
    let events: [ProtocolSession.Event]
    init(_ events: [ProtocolSession.Event]) { self.events = events }
}

extension JSONObject {
    /// Of an error.
    var code: Int? { self["error"]?.object?["code"]?.integer }
}

extension ServerDescription {
    static let sample = ServerDescription(
        name: "sample", title: "Sample", version: "1", instructions: "",
        tools: [ServerTool(name: "echo", title: "Echo", description: "", inputSchema: ["type": "object"])])
}
