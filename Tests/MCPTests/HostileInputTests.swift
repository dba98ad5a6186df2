import JSON
import MCP
import TestSupport
import Testing

@Suite("Hostile input of the protocol")
struct HostileInputTests {
    private static let seeds = [
        #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-03-26"}}"#,
        #"{"jsonrpc":"2.0","id":2,"method":"tools/call","params":{"name":"echo","arguments":{"text":"\ud83d"}}}"#,
        #"[{"jsonrpc":"2.0","id":3,"method":"tools/call","params":{"name":"echo","_meta":{"progressToken":1}}}]"#,
        #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":2}}"#,
        """
        {"jsonrpc":"2.0","id":"a","method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":\
        "2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
        """,
    ]

    private func mutated(_ random: inout SplitMix64) -> [UInt8] {
        var bytes = Array(Self.seeds[random.below(Self.seeds.count)].utf8)
        for _ in 0..<random.below(5) {
            let place = random.below(bytes.count)
            switch random.below(4) {
            case 0: bytes[place] = UInt8(random.below(256))
            case 1: bytes.remove(at: place)
            case 2: bytes.insert(contentsOf: Array(#"[{"0,:nul]}"#.utf8.shuffled(using: &random).prefix(3)), at: place)
            default: bytes.append(contentsOf: bytes[place...].prefix(40))
            }
            if bytes.isEmpty { bytes = [UInt8(ascii: "{")] }
        }
        return bytes
    }

    @Test("every message has at most one answer, and every call that is handed out can be finished", arguments: 0..<8)
    func fuzz(seed: Int) {
        var random = SplitMix64(seed: UInt64(seed))
        var session = ProtocolSession(.sample)
        var running: [ToolCall.ID] = []
        for _ in 0..<3000 {
            let events = session.receive(mutated(&random))
            var sent = 0
            for event in events {
                switch event {
                case .send(let message):
                    sent += 1
                    #expect((try? JSONValue(parsing: message.bytes)) != nil)
                case .call(let call): running.append(call.id)
                case .cancel(let id): running.removeAll { $0 == id }
                }
            }
            // A cancellation may complete another message's batch.
            #expect(sent <= 2)
            if random.below(3) == 0, !running.isEmpty {
                _ = session.finish(running.remove(at: random.below(running.count)), with: ToolAnswer("x"))
            }
            #expect(session.runningCount == running.count)
        }
        for id in running { _ = session.finish(id, with: nil) }
        #expect(session.runningCount == 0)
    }

    @Test("lines are the same however their bytes come, and long ones are skipped")
    func lines() {
        let text = Array("one\n\r\n  \ntwo\r\n0123456789abcdefXYZ\nlast".utf8)
        let wanted: [LineFraming.Frame] = [
            .line(Array("one".utf8)), .line(Array("two".utf8)), .tooLong, .line(Array("last".utf8)),
        ]
        var random = SplitMix64(seed: 4)
        for _ in 0..<200 {
            var framing = LineFraming(limit: 16)
            var frames: [LineFraming.Frame] = []
            var rest = text[...]
            while !rest.isEmpty {
                let count = 1 + random.below(rest.count)
                frames += framing.accept(rest.prefix(count))
                rest = rest.dropFirst(count)
            }
            #expect(frames + framing.end() == wanted)
        }
    }

    @Test("arguments are taken as models write them, and what cannot be meant is named")
    func arguments() throws {
        let given = ToolArguments([
            "q": "words", "limit": "7", "wide": 1e300, "files": "TRUE", "list": ["one"], "empty": "  ", "bad": [:],
        ])
        #expect(try given.required("query", "q", example: "") == "words")
        #expect(try given.number("limit", in: 1...50) == 7)
        #expect(try given.number("wide", in: 1...50) == 50)
        #expect(try given.flag("files") && !given.flag("none"))
        #expect(try given.text("list") == "one")
        #expect(try given.text("empty") == nil)
        #expect(throws: ArgumentError.self) { try given.text("bad") }
        #expect(throws: ArgumentError.missing(name: "name", example: "x")) { try given.required("name", example: "x") }
        #expect(throws: ArgumentError.self) { try given.number("q", in: 1...2) }
    }
}
