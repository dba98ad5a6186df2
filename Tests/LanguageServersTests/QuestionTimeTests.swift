import JSON
import LanguageServers
import TestSupport
import Testing

@Suite("Questions to a language server take time")
struct QuestionTimeTests {
    private static let place: JSONValue = [
        "uri": "file:///a", "range": ["start": ["line": 0, "character": 0], "end": ["line": 0, "character": 1]],
    ]
    private static let found = DefinitionAnswer.places(
        [DefinitionPlace(path: "/a", position: TextPosition(line: 0, character: 0))], .utf16)

    private static func answer(_ message: JSONObject, _ result: JSONValue) -> JSONValue {
        .object(["jsonrpc": "2.0", "id": message["id"] ?? .null, "result": result])
    }

    private var limits: ServerLimits {
        var limits = ServerLimits(run: .seconds(60), memory: 1)
        limits.window = 2
        return limits
    }

    /// Asks about the first byte of files a0, a1, and so on.
    /// - Parameters:
    ///   - runs: how often; the answers are those of the last time.
    ///   - definition: what the server says to each question about a definition.
    private func ask(
        _ files: [Int], runs: Int = 1, warmUp: Duration = .zero, _ definition: @escaping ScriptedChannel.Script
    ) throws -> (answers: [DefinitionAnswer], channel: ScriptedChannel) {
        let entry = ServerEntry(
            name: "fake", languages: ["c": "c"], command: ["fake"], warmUp: warmUp, installation: "")
        let channel = ScriptedChannel { message, now in
            switch message["method"]?.string {
            case "initialize", "shutdown": [(.zero, Self.answer(message, [:]))]
            case "textDocument/definition": definition(message, now)
            default: []
            }
        }
        let oracle = DefinitionOracle(limits: limits, now: .zero) { (end) throws(ServerFailure) in
            try LanguageServer(channel, entry: entry, root: "/", process: 1, limits: limits, until: end)
        }
        let questions = files.map { DefinitionQuestion(file: .init(path: "/a\($0)", language: "c"), offset: 0) }
        var answers = try oracle.ask(questions, text: { _ in [97] })
        for _ in 1..<runs {
            oracle.begin(now: channel.now, after: [])
            answers = try oracle.ask(questions, text: { _ in [97] })
        }
        #expect(oracle.failures.isEmpty)
        return (answers, channel)
    }

    @Test("of their own, thirty seconds each")
    func ownTime() throws {
        var count = 0
        let (answers, channel) = try ask([1, 1]) { message, _ in
            count += 1
            return [(.seconds(count == 1 ? 29 : 31), Self.answer(message, Self.place))]
        }
        #expect(answers == [Self.found, .unanswered(.timedOut)])
        #expect(channel.now == .seconds(30) && channel.heard.contains("$/cancelRequest"))
    }

    @Test("of the run, after which the rest is not asked any more")
    func runTime() throws {
        let (answers, channel) = try ask([1, 1, 1, 1, 1, 1]) { _, _ in [] }
        #expect(answers.prefix(2) == [.unanswered(.timedOut), .unanswered(.timedOut)])
        #expect(answers.dropFirst(4) == [.unanswered(.outOfTime), .unanswered(.outOfTime)])
        #expect(channel.now == .seconds(60) && channel.heard.count { $0.hasSuffix("definition") } == 4)
    }

    @Test("of the next run, which has all of it again")
    func nextRun() throws {
        let (answers, channel) = try ask([1, 1, 1, 1, 1, 1], runs: 2) { message, now in
            now < .seconds(60) ? [] : [(.seconds(9), Self.answer(message, Self.place))]
        }
        #expect(answers == Array(repeating: Self.found, count: 6) && channel.now == .seconds(87))
    }

    @Test("in which no files come or go while the server is at work")
    func files() throws {
        let (answers, channel) = try ask([1, 1, 2, 3, 3, 3]) { message, _ in
            [(.seconds(1), Self.answer(message, Self.place))]
        }
        #expect(answers == Array(repeating: Self.found, count: 6))
        let heard = channel.heard.compactMap { $0.split(separator: "/").last.map(String.init) }
        #expect(
            heard.dropFirst(2) == [
                "didOpen", "definition", "definition", "didClose", "didOpen", "didOpen", "definition", "definition",
                "definition", "definition", "didClose", "didClose",
            ])
        #expect(channel.now == .seconds(3))
    }

    @Test("for the server to warm up, in which nothing is not believed")
    func warmUp() throws {
        let (answers, channel) = try ask([1, 2, 3], warmUp: .seconds(30)) { message, now in
            [(.zero, Self.answer(message, now < .seconds(20) ? .null : Self.place))]
        }
        #expect(answers == Array(repeating: Self.found, count: 3) && channel.now == .seconds(20))
        let (none, other) = try ask([1, 2, 3], warmUp: .seconds(30)) { message, _ in
            [(.zero, Self.answer(message, .null))]
        }
        #expect(none == Array(repeating: .unanswered(.nothingFound), count: 3) && other.now == .seconds(30))
        // One that has found something is warm.
        let (mixed, third) = try ask([1, 2, 3], warmUp: .seconds(30)) { message, now in
            let isFirst = message["params"]?.object?["textDocument"]?.object?["uri"]?.string == "file:///a1"
            return [(.zero, Self.answer(message, isFirst ? Self.place : .null))]
        }
        #expect(mixed == [Self.found, .unanswered(.nothingFound), .unanswered(.nothingFound)])
        #expect(third.now < .seconds(1))
    }

    @Test("for the server's own work, which it tells of")
    func work() throws {
        func progress(_ kind: JSONValue) -> JSONValue {
            ["jsonrpc": "2.0", "method": "$/progress", "params": ["token": 7, "value": ["kind": kind]]]
        }
        var isFirst = true
        let (answers, channel) = try ask([1]) { message, now in
            defer { isFirst = false }
            let result = Self.answer(message, now < .seconds(45) ? .null : Self.place)
            return isFirst
                ? [(.zero, progress("begin")), (.zero, result), (.seconds(45), progress("end"))] : [(.zero, result)]
        }
        #expect(answers == [Self.found] && channel.now == .seconds(45))
    }

    @Test("end with an answer to each, whatever the server says", arguments: 0..<200)
    func fuzz(seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let (answers, _) = try ask((0..<8).map { _ in random.below(4) }, warmUp: .seconds(random.below(40))) {
            message, _ in
            let id = message["id"] ?? .null
            return (0..<random.below(4)).map { _ in
                let words: JSONValue =
                    switch random.below(8) {
                    case 0: Self.answer(message, Self.place)
                    case 1: Self.answer(message, .array([Self.place, 3, .null]))
                    case 2: Self.answer(message, .null)
                    case 3: ["id": id, "error": ["code": -32801, "message": "changed"]]
                    case 4: ["id": .integer(random.below(20)), "result": Self.place]
                    case 5:
                        [
                            "method": "$/progress",
                            "params": [
                                "token": .integer(random.below(2)),
                                "value": ["kind": random.below(2) == 0 ? "begin" : "end"],
                            ],
                        ]
                    case 6: ["id": "x", "method": "workspace/configuration", "params": ["items": [3, .null]]]
                    default: .array([id])
                    }
                return (.milliseconds(random.below(70_000)), words)
            }
        }
        #expect(answers.count == 8)
    }
}
