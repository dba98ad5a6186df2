import ArgumentParser
import Architectures
import Foundation
import Generation
import LocalChat
import Settings
import Tokenization

struct PerplexityCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "perplexity",
        abstract: "Measure how well a model predicts a text; lower is better.",
        discussion: """
            The text is cut into chunks; each is read from an empty context and its second half is scored, so that every \
            scored token has at least half a chunk before it. --context gives the size of the chunks, 512 tokens if not \
            given. Other engines do the same: numbers compare at equal chunks.
            """)
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var model: ModelArgument
    @Argument(help: "Text file; - for standard input.", completion: .file())
    var file: String
    @Option(help: ArgumentHelp("Score so many chunks at most.", valueName: "count"))
    var chunks: Int?
    @OptionGroup var engine: EngineOptions
    @OptionGroup var report: ReportOptions

    private struct Report: Encodable {
        var model: String
        var file: String
        var tokens: Int
        var chunkTokens: Int
        var scoredTokens: Int
        var perplexity: Double
        var standardError: Double
        var seconds: Double

        enum CodingKeys: String, CodingKey {
            case model, file, tokens, perplexity, seconds
            case chunkTokens = "chunk_tokens"
            case scoredTokens = "scored_tokens"
            case standardError = "standard_error"
        }
    }

    func validate() throws {
        guard chunks ?? 1 > 0 else { throw ValidationError("--chunks must be at least 1.") }
    }

    func run() throws {
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try engine.add(to: &flags)
        var plan = try ResolvedSettings(flags: flags).plan
        let chunk = engine.context ?? 512
        plan.context = chunk
        let text = file == "-" ? try StandardInput.readAll() : try readFile(file)
        let loaded = try plan.loadModel()
        let ids = text.withUnsafeBufferPointer { loaded.tokenizer.encode($0) }
        guard ids.count >= chunk else { throw CommandError.textTooShort(tokens: ids.count, needed: chunk) }
        // A model whose sequences begin with a token of their own gets it in every chunk, in place of the first.
        let begin = loaded.tokenizer.encode("").first
        let session = try Session(loaded.language, plan.sessionOptions(for: loaded, adapters: adapters))
        let start = ContinuousClock.now
        var score = Score()
        let count = min(ids.count / chunk, chunks ?? .max)
        for index in 0..<count {
            var part = Array(ids[index * chunk..<(index + 1) * chunk])
            if let begin { part[0] = begin }
            session.truncate(to: 0)
            try session.evaluate(part, wanted: chunk / 2..<chunk - 1) { row, logits in
                score.add(logSumExp(UnsafeBufferPointer(logits)) - Double(logits[Int(part[row + 1])]))
            }
            if TextOutput.notes.isTerminal {
                try TextOutput.notes.write("\r\(index + 1) of \(count) chunks: \(format(score.perplexity, places: 4)) ")
            }
        }
        if TextOutput.notes.isTerminal { try TextOutput.notes.write("\r\u{1B}[K") }
        let result = Report(
            model: plan.model, file: file, tokens: ids.count, chunkTokens: chunk, scoredTokens: score.count,
            perplexity: score.perplexity, standardError: score.standardError,
            seconds: (ContinuousClock.now - start) / .seconds(1))
        if report.json {
            try TextOutput.results.print(json: result)
        } else {
            try TextOutput.results.print(
                """
                perplexity \(format(result.perplexity, places: 4)) ± \(format(result.standardError, places: 4)) \
                (\(grouped(result.scoredTokens)) of \(grouped(result.tokens)) tokens scored, \
                \(format(result.seconds, places: 1)) s)
                """)
        }
    }
}

/// Negative log-likelihoods and what follows from them.
private struct Score {
    private(set) var count = 0
    private var sum = 0.0
    private var squares = 0.0

    mutating func add(_ negativeLogLikelihood: Double) {
        count += 1
        sum += negativeLogLikelihood
        squares += negativeLogLikelihood * negativeLogLikelihood
    }

    private var mean: Double { sum / Double(max(1, count)) }
    var perplexity: Double { exp(mean) }

    /// Of the perplexity, to first order; tokens are taken as independent.
    var standardError: Double {
        guard count > 1 else { return 0 }
        let variance = max(0, squares / Double(count) - mean * mean)
        return (variance / Double(count - 1)).squareRoot() * perplexity
    }
}
