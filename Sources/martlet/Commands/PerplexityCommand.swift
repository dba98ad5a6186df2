import ArgumentParser
import Foundation
import Generation
import Settings

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
    @OptionGroup var text: TextChunkOptions
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
    }

    func run() throws {
        let chunks = try TextChunks(text, model: model, engine: engine, adapters: adapters)
        let start = ContinuousClock.now
        var score = Score()
        try chunks.forEach { chunk in
            try chunks.session.evaluate(chunk, wanted: chunk.count / 2..<chunk.count - 1) { row, logits in
                score.add(logSumExp(UnsafeBufferPointer(logits)) - Double(logits[Int(chunk[row + 1])]))
            }
        } state: {
            ": \(format(score.perplexity, places: 4))"
        }
        let result = Report(
            model: chunks.plan.model, file: text.file, tokens: chunks.ids.count, chunkTokens: chunks.size,
            scoredTokens: score.count, perplexity: score.perplexity, standardError: score.standardError,
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
