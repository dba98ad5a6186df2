import JSON
import MCP
import Synchronization
import Testing

@Suite("Hosts of sessions")
struct SessionHostTests {
    /// Messages that came back for one that was sent.
    private func answers(_ host: SessionHost, _ message: String, in session: String = "s") async -> [JSONObject] {
        let (stream, continuation) = AsyncStream<JSONValue>.makeStream()
        await host.receive(
            Array(message.utf8), in: session,
            SessionHost.Delivery(send: { continuation.yield($0) }, end: { continuation.finish() }))
        var found: [JSONObject] = []
        for await message in stream {
            if let object = message.object { found.append(object) }
        }
        return found
    }

    private func call(_ id: Int, _ more: String = "") -> String {
        #"{"jsonrpc":"2.0","id":\#(id),"method":"tools/call","params":{"name":"echo","arguments":{"n":\#(id)}\#(more)}}"#
    }

    private static let hello =
        #"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25"}}"#

    @Test("calls are answered one after the other, in their order")
    func order() async {
        let log = Log()
        let queue = CallQueue { call, _ in
            let number = (try? call.arguments.number("n", in: 0...99)) ?? 0
            log.add("+\(number)")
            await Task.yield()
            log.add("-\(number)")
            return ToolAnswer("\(number)")
        }
        let host = SessionHost(.sample, queue: queue)
        await host.open("s")
        _ = await answers(host, Self.hello)
        await withTaskGroup(of: Void.self) { group in
            for id in 1...20 {
                await host.receive(
                    Array(call(id).utf8), in: "s", SessionHost.Delivery(send: { _ in log.add("=\(id)") }))
            }
        }
        await queue.close()
        #expect(log.lines == (1...20).flatMap { ["+\($0)", "-\($0)", "=\($0)"] })
    }

    @Test("a cancelled call ends without an answer, the one behind it goes on, and its work hears of it")
    func cancel() async {
        let (started, start) = AsyncStream<Void>.makeStream()
        let queue = CallQueue { call, _ in
            guard (try? call.arguments.number("n", in: 0...99)) == 1 else { return ToolAnswer("free") }
            start.finish()
            while !Task.isCancelled { await Task.yield() }
            return ToolAnswer("stopped")
        }
        let host = SessionHost(.sample, queue: queue)
        await host.open("s")
        _ = await answers(host, Self.hello)
        async let first = answers(host, call(1))
        for await _ in started {}
        async let second = answers(host, call(2))
        let cancel = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":1}}"#
        #expect(await answers(host, cancel).isEmpty)
        #expect(await first.isEmpty)
        #expect(await second.count == 1)
    }

    @Test("all calls can be cancelled at once: the one under way hears of it, the others are not begun")
    func cancelAll() async {
        let log = Log()
        let (started, start) = AsyncStream<Void>.makeStream()
        let queue = CallQueue { call, _ in
            log.add("begun")
            start.finish()
            while !Task.isCancelled { await Task.yield() }
            return ToolAnswer("stopped")
        }
        let call = ToolCall(id: 1, name: "echo", arguments: ToolArguments([:]))
        for _ in 1...3 {
            _ = queue.submit(call, report: { _ in }, finish: { log.add($0 == nil ? "no answer" : "answer") })
        }
        for await _ in started {}
        queue.cancelAll()
        await queue.close()
        #expect(log.lines == ["begun", "no answer", "no answer", "no answer"])
    }

    @Test("progress comes before the answer, to those who asked for it")
    func progress() async {
        let queue = CallQueue { _, report in
            report(CallProgress(done: 1, total: 2, message: "half"))
            // The report is on its way when the answer is; only the first that arrives counts.
            for _ in 0..<100 { await Task.yield() }
            return ToolAnswer("done")
        }
        let host = SessionHost(.sample, queue: queue)
        await host.open("s")
        _ = await answers(host, Self.hello)
        #expect(await answers(host, call(1)).count == 1)
        let told = await answers(host, call(2, #","_meta":{"progressToken":5}"#))
        #expect(told.last?["id"] == 2)
        #expect(told.dropLast().allSatisfy { $0["params"]?.object?["progressToken"] == 5 })
    }

    @Test("closing a session ends what waits for it")
    func close() async {
        let queue = CallQueue { _, _ in
            while !Task.isCancelled { await Task.yield() }
            return ToolAnswer("")
        }
        let host = SessionHost(.sample, queue: queue)
        await host.open("s")
        _ = await answers(host, Self.hello)
        async let waiting = answers(host, call(1))
        async let other: Void = { while await host.runningCount == 0 { await Task.yield() } }()
        await other
        await host.close("s")
        #expect(await waiting.isEmpty)
        #expect(await !host.has("s"))
    }

    private final class Log: Sendable {
        private let entries = Mutex<[String]>([])
        func add(_ line: String) { entries.withLock { $0.append(line) } }
        var lines: [String] { entries.withLock { $0 } }
    }
}
