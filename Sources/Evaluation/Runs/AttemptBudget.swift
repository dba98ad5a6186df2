/// What one sample of a task may use. Whoever has used it up is asked no more; what was answered counts.
package struct AttemptBudget: Hashable, Sendable {
    /// Of prompts and answers together; nil: any number.
    package var tokens: Int?
    /// Of the model's time; nil: any.
    package var seconds: Double?
    /// In the currency of `price`; nil: any.
    package var money: Double?
    package var price = TokenPrice()

    package init() {}

    /// What is used up, in a word; nil while all of it is left.
    package func spent(by result: TaskResult) -> String? {
        if let tokens, result.tokens + (result.promptTokens ?? 0) >= tokens { return "tokens" }
        if let seconds, result.seconds >= seconds { return "seconds" }
        if let money, price.cost(of: result) >= money { return "money" }
        return nil
    }
}

/// What tokens cost.
package struct TokenPrice: Hashable, Sendable, Codable {
    /// For a million tokens of prompts.
    package var input: Double
    /// For a million tokens of answers.
    package var output: Double

    package init(input: Double = 0, output: Double = 0) {
        self.input = input
        self.output = output
    }

    /// What was asked and answered for a result costs; prompts that were not counted are free.
    package func cost(of result: TaskResult) -> Double {
        (Double(result.promptTokens ?? 0) * input + Double(result.tokens) * output) / 1_000_000
    }
}
