/// How fast a machine serves a model, with as many requests at a time as it is to serve.
package struct ServingSpeed: Hashable, Sendable, Codable {
    /// Tokens of prompts that are read in a second.
    package var prefillTokensPerSecond: Double
    /// Tokens of answers that are made in a second, of all requests together.
    package var decodeTokensPerSecond: Double

    package init(prefillTokensPerSecond: Double, decodeTokensPerSecond: Double) {
        self.prefillTokensPerSecond = prefillTokensPerSecond
        self.decodeTokensPerSecond = decodeTokensPerSecond
    }

    /// Of the machine's time.
    package func seconds(of shape: CompletionShape) -> Double {
        shape.promptTokens / prefillTokensPerSecond + shape.answerTokens / decodeTokensPerSecond
    }
}

/// What one completion takes on the average, and how often it is right.
package struct CompletionShape: Hashable, Sendable, Codable {
    package var promptTokens: Double
    package var answerTokens: Double
    /// Nil where nobody checked.
    package var passRate: Double?

    package init(promptTokens: Double, answerTokens: Double, passRate: Double? = nil) {
        self.promptTokens = promptTokens
        self.answerTokens = answerTokens
        self.passRate = passRate
    }

    /// The means of results; all attempts at a task are one completion.
    /// - Returns: nil without results, or with one whose prompt was not counted.
    package init?(_ results: [TaskResult]) {
        guard !results.isEmpty, results.allSatisfy({ $0.promptTokens != nil }) else { return nil }
        let count = Double(results.count)
        promptTokens = Double(results.reduce(0) { $0 + ($1.promptTokens ?? 0) }) / count
        answerTokens = Double(results.reduce(0) { $0 + $1.tokens }) / count
        passRate = Double(results.count { $0.passed }) / count
    }

    package var tokens: Double { promptTokens + answerTokens }
}

/// How much there is to do in a month.
package enum MonthlyVolume: Hashable, Sendable, Codable {
    case completions(Double)
    /// Of prompts and answers together.
    case tokens(Double)

    /// In completions of a shape.
    package func completions(of shape: CompletionShape) -> Double {
        switch self {
        case .completions(let count): count
        case .tokens(let count): count / shape.tokens
        }
    }
}
