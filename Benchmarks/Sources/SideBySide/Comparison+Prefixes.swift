import Foundation

extension Comparison {
    /// Time to the first token of conversations that share thousands of tokens with what the server has read: the next
    /// turn, two agents in turn with one slot, and after the server was killed.
    mutating func measurePrefixes() throws {
        guard let martlet else { return }
        let text = try String(contentsOfFile: plan.dataFolder + "/python-stdlib.txt", encoding: .utf8)
        let folder = FileManager.default.temporaryDirectory.appending(path: "prefixes-\(UUID().uuidString)")
        defer { try? FileManager.default.removeItem(at: folder) }
        let agents = [0, 1].map { Agent(number: $0, text: text, characters: plan.depth * 4) }
        let samples = try Self.prefixSamples(martlet, agents, cacheFolder: folder.path, context: plan.depth * 3 / 2)
        func row(_ name: String, _ key: String, atMost limit: Double?) {
            guard let values = samples[key] else { return }
            let standing = Standing(side: .martlet, setting: "", metrics: [Metric.seconds: values])
            report.contests["prefixes-\(key)"] = [standing]
            add(
                name, unit: "s", [standing], Metric.seconds, preference: .lower,
                target: limit.map { .value(atMost: $0) } ?? .none)
        }
        let cold = samples["cold"]?.median ?? 0
        row("first token, \(plan.depth) tokens read", "cold", atMost: nil)
        row("the next turn", "turn", atMost: 0.05 * cold)
        row("two agents in turn, one slot", "alternating", atMost: 0.05 * cold)
        row("after kill -9 and a restart", "restart", atMost: 0.3)
    }

    private static func prefixSamples(
        _ martlet: Martlet, _ agents: [Agent], cacheFolder: String, context: Int
    ) throws -> [String: Samples] {
        var samples: [String: Samples] = [:]
        func note(_ key: String, _ seconds: Double) { samples[key, default: Samples()].values.append(seconds) }
        let arguments = [
            "serve", martlet.model, "-t", "\(martlet.threads)", "--context", "\(context)", "--quiet", "--cache-folder",
            cacheFolder,
        ]
        do {
            let server = try ServerProcess(martlet.binary, arguments)
            for agent in agents { note("cold", try agent.ask(server).first) }
            for _ in 0..<3 {
                for agent in agents { note("alternating", try agent.ask(server).first) }
            }
            for agent in agents { note("turn", try agent.ask(server, follows: true).first) }
            // What is written to disk is written when there is nothing else to do.
            sleep(3)
        }
        let server = try ServerProcess(martlet.binary, arguments)
        for agent in agents { note("restart", try agent.ask(server, follows: true).first) }
        return samples
    }
}

/// A client with a long system message of its own.
private struct Agent {
    var system: String

    init(number: Int, text: String, characters: Int) {
        system = "You are agent \(number).\n" + String(text.dropFirst(number * 1000).prefix(characters))
    }

    /// - Parameter follows: asks the second question of a conversation.
    /// - Returns: seconds to the first piece of text.
    func ask(_ server: ServerProcess, follows: Bool = false) throws -> (first: Double, answer: HTTPExchange) {
        var messages = [
            ChatBody.Message(role: "system", content: system), .init(content: "What does this code do?"),
        ]
        if follows {
            messages += [.init(role: "assistant", content: "It is a part of a library."), .init(content: "Which?")]
        }
        let answer = try server.post("/v1/chat/completions", ChatBody(messages: messages, max_tokens: 8))
        guard let first = answer.firstTextSeconds else {
            throw CommandError.unreadable(
                program: "the server", wanted: "piece of text",
                got: String(decoding: answer.body.suffix(300), as: UTF8.self))
        }
        return (first, answer)
    }
}
