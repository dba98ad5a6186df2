import Foundation

extension Comparison {
    /// Ten tokens in the Qwen2.5 vocabulary.
    private static let shortPrompt = "Write a function that reverses a list in Swift."

    /// Wall time of a whole run that ends with its first token, page cache warm.
    mutating func measureStart() {
        let llama = llama
        var contenders = [false, true].map { repack in
            Contender(side: .peer, setting: "llama-completion \(repack ? "--repack" : "--no-repack")") {
                [Metric.seconds: try llama.firstToken(of: Self.shortPrompt, repack: repack).run().seconds]
            }
        }
        if let martlet {
            let command = martlet.completion(of: Self.shortPrompt, tokens: 1)
            contenders.insert(
                Contender(side: .martlet) { [Metric.seconds: try command.run().seconds] }, at: 0)
            // The file may not be in the page cache yet.
            _ = try? command.run()
        }
        let contest = Contest(rounds: plan.rounds, preference: .lower)
        add(
            "start to first token", unit: "s", hold("start", contest, contenders), Metric.seconds, preference: .lower,
            target: .value(atMost: 0.5))
        if let martlet {
            let version = Contender(side: .martlet) { [Metric.seconds: try martlet.version().run().seconds] }
            let standings = hold("version", Contest(rounds: plan.rounds * 4, preference: .lower), [version])
            add(
                "martlet --version", unit: "s", standings, Metric.seconds, preference: .lower,
                target: .value(atMost: 0.02))
        }
    }

    /// Peak resident memory of a bench run of each engine.
    mutating func measureMemory() {
        let run = BenchRun(prompt: plan.promptTokens, generation: plan.generatedTokens, repetitions: 1)
        @Sendable func resident(_ command: Command) throws -> [String: Double] {
            [Metric.resident: Double(try command.run().peakResidentBytes) / 1e6]
        }
        let llama = llama
        var contenders = settings.filter(\.flashAttention).map { setting in
            Contender(side: .peer, setting: "\(setting)") { try resident(llama.bench(run, setting)) }
        }
        if let martlet {
            contenders.insert(Contender(side: .martlet) { try resident(martlet.bench(run)) }, at: 0)
        }
        let standings = hold(
            "memory", Contest(rounds: 1, preference: .lower, dropMargin: 10), contenders)
        let file = Double(report.model.bytes) / 1e6
        add(
            "peak resident memory", unit: "MB", standings, Metric.resident, preference: .lower,
            target: .value(atMost: file + 200),
            note: "the file has \(Report.number(file)) MB; must: file + 200 MB, which counts the KV cache against us")
    }

    /// exp of the mean negative log-likelihood over the second half of each chunk of 512 tokens.
    mutating func measurePerplexity() {
        let file = plan.dataFolder + "/python-stdlib.txt"
        let (llama, chunks) = (llama, plan.perplexityChunks)
        let metric = "perplexity"
        var contenders = [
            Contender(side: .peer, setting: "llama-perplexity -c 512") {
                let outcome = try llama.perplexity(of: file, chunks: chunks).run()
                let log = outcome.text + String(decoding: outcome.standardError, as: UTF8.self)
                guard let value = LlamaCpp.perplexity(in: log) else {
                    throw CommandError.unreadable(
                        program: "llama-perplexity", wanted: "final estimate", got: String(log.suffix(200)))
                }
                return [metric: value]
            }
        ]
        if let martlet {
            contenders.insert(
                Contender(side: .martlet) {
                    [
                        metric: try Martlet.perplexity(
                            from: martlet.perplexity(of: file, chunks: chunks).run().standardOutput)
                    ]
                }, at: 0)
        }
        let standings = hold("perplexity", Contest(rounds: 1, preference: .lower), contenders)
        add("perplexity", unit: "", standings, metric, preference: .lower, target: .within(fraction: 0.005))
    }
}
