import JSON
import MCP
import Testing

@Suite("The protocol over HTTP")
struct HTTPExchangeTests {
    private static let stateless = """
        {"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"echo","_meta":{"progressToken":1,\
        "io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientCapabilities":{}}}}
        """
    private static let list = #"{"jsonrpc":"2.0","id":2,"method":"tools/list"}"#

    /// What becomes of a request, in short.
    private func step(_ body: String, _ method: String = "POST", _ headers: [String: String] = [:]) -> String {
        var all = ["Content-Type": "application/json", "Accept": "application/json, text/event-stream"]
        all.merge(headers) { $1 }
        let request = HTTPExchange.Request(
            method: method, headers: all.filter { !$0.value.isEmpty }.map { ($0.key, $0.value) }, body: Array(body.utf8)
        )
        switch HTTPExchange.step(request) {
        case .refuse(let status, let error, _): return "\(status) \(error.code.rawValue)"
        case .accept: return "accept"
        case .stateless(let streams): return "stateless \(streams)"
        case .open: return "open"
        case .inSession(let name, let streams): return "in \(name) \(streams)"
        case .close(let name): return "close \(name)"
        }
    }

    @Test("the handshake opens a session, the others name theirs")
    func sessions() {
        let hello = #"{"jsonrpc":"2.0","id":1,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#
        #expect(step(hello) == "open")
        #expect(step(Self.list) == "400 -32600")
        #expect(step(Self.list, "POST", ["MCP-SESSION-ID": "a"]) == "in a false")
        #expect(step(Self.list, "POST", ["Mcp-Session-Id": "a", "Mcp-Protocol-Version": "2025-06-18"]) == "in a false")
        #expect(step("", "DELETE", ["Mcp-Session-Id": "a"]) == "close a")
        #expect(step("", "DELETE") == "400 -32600")
        #expect(step("", "GET", ["Mcp-Session-Id": "a"]) == "405 -32600")
    }

    @Test("what cannot be answered is refused by its head or its first look")
    func refusals() {
        let session = ["Mcp-Session-Id": "a"]
        #expect(step(Self.list, "POST", session.merging(["Content-Type": ""]) { $1 }) == "415 -32600")
        #expect(step(Self.list, "POST", session.merging(["Accept": "text/html"]) { $1 }) == "406 -32600")
        #expect(step(Self.list, "POST", session.merging(["Accept": ""]) { $1 }) == "in a false")
        #expect(step("{", "POST", session) == "400 -32700")
        #expect(step(Self.list, "POST", session.merging(["Mcp-Protocol-Version": "1.0"]) { $1 }) == "400 -32022")
    }

    @Test("the headers of stateless requests have to say what the body says")
    func headers() {
        let right = ["MCP-Protocol-Version": "2026-07-28", "Mcp-Method": "tools/call", "Mcp-Name": "echo"]
        #expect(step(Self.stateless, "POST", right) == "stateless true")
        #expect(
            step(Self.stateless, "POST", right.merging(["Mcp-Name": "=?base64?ZWNobw==?="]) { $1 }) == "stateless true")
        for wrong in [
            ["Mcp-Name": "other"], ["Mcp-Name": ""], ["Mcp-Name": "=?base64?!?="], ["Mcp-Method": "tools/list"],
            ["Mcp-Method": ""], ["MCP-Protocol-Version": ""], ["MCP-Protocol-Version": "2025-11-25"],
        ] {
            #expect(step(Self.stateless, "POST", right.merging(wrong) { $1 }) == "400 -32020", "\(wrong)")
        }
        let note = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
        #expect(step(note, "POST", right) == "accept")
        #expect(step(#"{"jsonrpc":"2.0","id":1,"result":{}}"#, "POST", right) == "400 -32600")
        #expect(step("[]", "POST", right) == "400 -32600")
    }

    @Test("errors show in the status for stateless clients only")
    func status() {
        let unknown = RPCError(.methodNotFound, "").message(to: .integer(1))
        #expect(HTTPExchange.status(of: unknown, isStateless: true) == 404)
        #expect(HTTPExchange.status(of: unknown, isStateless: false) == 200)
        #expect(HTTPExchange.status(of: ["result": [:]], isStateless: true) == 200)
    }
}
