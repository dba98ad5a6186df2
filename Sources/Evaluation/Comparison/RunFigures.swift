package import Statistics

/// What a run did in some tasks, and what that took.
package struct RunFigures: Hashable, Sendable, Codable {
    /// Tells the run from others that it stands beside: the model's name, and more where that is not enough.
    package var label: String
    package var model: String
    package var date: String
    package var temperature: Double
    package var tasks: Int
    /// Samples, and those that passed.
    package var samples: Int
    package var passed: Int
    /// pass@1, and where it lies in 95 of 100 cases.
    package var rate: Double
    package var interval: Interval
    /// That all answers took.
    package var seconds: Double
    /// Of all answers.
    package var tokens: Int
    /// Of all prompts; nil where the file of results does not say.
    package var promptTokens: Int?
    /// Of all that was asked for one that passed; nil where none did.
    package var secondsPerSolved: Double?
    package var tokensPerSolved: Double?
    /// Nil without a price, and where prompts cost something and their tokens are not known.
    package var cost: Double?
    package var costPerSolved: Double?

    enum CodingKeys: String, CodingKey {
        case label, model, date, temperature, tasks, samples, passed, interval, seconds, tokens, cost
        case rate = "pass@1"
        case promptTokens = "prompt_tokens"
        case secondsPerSolved = "seconds_per_solved"
        case tokensPerSolved = "tokens_per_solved"
        case costPerSolved = "cost_per_solved"
    }

    /// - Parameter results: of the run, all or of some tasks.
    package init(_ run: RunDescription, _ results: [TaskResult], label: String? = nil, price: TokenPrice? = nil) {
        self.label = label ?? run.model
        (model, date, temperature) = (run.model, run.date, run.temperature)
        let score = SuiteScore(results)
        (tasks, samples, passed) = (score.tasks, score.samples, score.passed)
        (rate, interval) = (score.rate?.value ?? 0, score.rate?.interval ?? Interval(low: 0, high: 1))
        seconds = results.reduce(0) { $0 + $1.seconds }
        tokens = results.reduce(0) { $0 + $1.tokens }
        let prompts = results.compactMap(\.promptTokens)
        promptTokens = prompts.count == results.count ? prompts.reduce(0, +) : nil
        if let price, promptTokens != nil || price.input == 0 {
            cost = results.reduce(0) { $0 + price.cost(of: $1) }
        }
        guard passed > 0 else { return }
        let solved = Double(passed)
        (secondsPerSolved, tokensPerSolved) = (seconds / solved, Double(tokens) / solved)
        costPerSolved = cost.map { $0 / solved }
    }

    /// Of answers, in the time that reading the prompts took too.
    package var tokensPerSecond: Double? { seconds > 0 ? Double(tokens) / seconds : nil }
    /// Of one sample of a task.
    package var secondsPerTask: Double? { samples > 0 ? seconds / Double(samples) : nil }
    /// Of one sample of a task; nil without a price.
    package var costPerTask: Double? { samples > 0 ? cost.map { $0 / Double(samples) } : nil }
}
