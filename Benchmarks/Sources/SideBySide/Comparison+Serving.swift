import Foundation

extension Comparison {
    /// Tokens per second of all answers together, for one stream and for several, each with a question of its own.
    mutating func measureServing() {
        for streams in [1, 4, 8] {
            let load = ServingLoad(streams: streams, tokens: plan.answerTokens)
            let (llama, martlet) = (llama, martlet)
            var contenders = settings.map { setting in
                Contender(side: .peer, setting: "\(setting)") {
                    try load.run(on: ServerProcess(llama.folder + "/llama-server", llama.serving(setting, streams)))
                }
            }
            if let martlet {
                let ours = Contender(side: .martlet) {
                    try load.run(on: ServerProcess(martlet.binary, martlet.serving(streams)))
                }
                contenders.insert(ours, at: 0)
            }
            let standings = hold("serve\(streams)", Contest(rounds: plan.rounds), contenders)
            add(
                "\(streams) stream\(streams == 1 ? "" : "s") of a server", unit: "tokens/s", standings, Metric.decode,
                target: .ratio(atLeast: streams == 1 ? 1 : 1.2))
        }
    }
}

/// Some conversations that begin together.
private struct ServingLoad: Sendable {
    var streams: Int
    /// Tokens of each answer.
    var tokens: Int

    private static let subjects = [
        "a bird", "a lighthouse", "the winter", "two rivers", "a clockmaker", "an island", "a library", "the desert",
    ]

    func run(on server: ServerProcess) throws -> [String: Double] {
        // The weights are read once before anything counts.
        _ = try count(server.post("/v1/chat/completions", body("the sea", tokens: 8)))
        let start = ContinuousClock.now
        let counts = Counts()
        let done = DispatchSemaphore(value: 0)
        // A thread for each: Dispatch would run no more at a time than there are cores.
        for index in 0..<streams {
            let subject = Self.subjects[index % Self.subjects.count]
            Thread.detachNewThread {
                counts.add(Result { try count(server.post("/v1/chat/completions", body(subject, tokens: tokens))) })
                done.signal()
            }
        }
        for _ in 0..<streams { done.wait() }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        return [Metric.decode: Double(try counts.total()) / seconds]
    }

    private func body(_ subject: String, tokens: Int) -> ChatBody {
        ChatBody(messages: [.init(content: "Write a long story about \(subject).")], max_tokens: tokens)
    }

    /// Tokens that a streamed answer says it has.
    private func count(_ answer: HTTPExchange) throws -> Int {
        struct Chunk: Decodable {
            struct Usage: Decodable { var completion_tokens: Int }
            var usage: Usage?
        }
        let text = String(decoding: answer.body, as: UTF8.self)
        for line in text.split(separator: "\n").reversed() where line.hasPrefix("data: {") {
            let chunk = try JSONDecoder().decode(Chunk.self, from: Data(line.dropFirst("data: ".count).utf8))
            if let usage = chunk.usage { return usage.completion_tokens }
        }
        throw CommandError.unreadable(program: "the server", wanted: "count of tokens", got: String(text.suffix(300)))
    }
}

/// Tokens of answers that come on several threads.
private final class Counts: @unchecked Sendable {
    // Unchecked: touched under the lock only.
    private let lock = NSLock()
    private var results: [Result<Int, any Error>] = []

    func add(_ result: Result<Int, any Error>) { lock.withLock { results.append(result) } }

    func total() throws -> Int { try lock.withLock { try results.reduce(0) { try $0 + $1.get() } } }
}

extension LlamaCpp {
    /// Arguments of a server that answers so many conversations at a time.
    fileprivate func serving(_ setting: Setting, _ streams: Int) -> [String] {
        [
            "-m", model, "-t", "\(threads)", "-np", "\(streams)", "-c", "\(streams * 1024)", "--no-ui",
            setting.repack ? "--repack" : "--no-repack", "-fa", setting.flashAttention ? "on" : "off",
        ]
    }
}

extension Martlet {
    fileprivate func serving(_ streams: Int) -> [String] {
        ["serve", model, "-t", "\(threads)", "--parallel", "\(streams)", "--context", "1024", "--quiet"]
    }
}
