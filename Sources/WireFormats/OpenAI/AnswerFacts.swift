package import Chat

/// What every part of an answer repeats.
package struct AnswerIdentity: Hashable, Sendable {
    package var id: String
    /// Seconds since 1970.
    package var created: Int
    package var model: String

    package init(id: String, created: Int, model: String) {
        self.id = id
        self.created = created
        self.model = model
    }
}

/// Tokens that a request took.
package struct Usage: Hashable, Sendable, Codable {
    /// What is known of the prompt's tokens.
    package struct PromptDetails: Hashable, Sendable, Codable {
        /// Of the prompt, those that were read earlier.
        package var cachedTokens: Int
    }
    package var promptTokens: Int
    package var completionTokens: Int
    package var totalTokens: Int
    package var promptTokensDetails: PromptDetails

    init(_ summary: ResponseSummary) {
        promptTokens = summary.promptTokens
        completionTokens = summary.generatedTokens
        totalTokens = summary.promptTokens + summary.generatedTokens
        promptTokensDetails = PromptDetails(cachedTokens: summary.reusedTokens)
    }
}

/// Answers to one request, each with its numbers; those to one prompt stand together.
package struct AnswerSet: Sendable {
    package private(set) var answers: [(answer: AnswerCollector, summary: ResponseSummary)]

    /// - Parameters:
    ///   - answers: at least one to each prompt.
    ///   - candidates: how many there are to each prompt.
    ///   - count: how many of these to keep: those whose tokens were likeliest on average, where there are more.
    package init(
        _ answers: [(answer: AnswerCollector, summary: ResponseSummary)], candidates: Int, best count: Int
    ) {
        summary = .total(answers.map { $0.summary }, candidates: candidates)
        self.answers = stride(from: 0, to: answers.count, by: candidates).flatMap { start in
            let group = answers[start..<start + candidates]
            guard count < candidates else { return Array(group) }
            return Array(group.sorted { $0.answer.meanLogProbability > $1.answer.meanLogProbability }.prefix(count))
        }
    }

    /// The numbers of all, also of those that were not kept.
    package let summary: ResponseSummary
}

extension ResponseSummary {
    /// The numbers of several answers, `candidates` to each prompt: a prompt counts once.
    package static func total(_ summaries: [ResponseSummary], candidates: Int) -> ResponseSummary {
        precondition(!summaries.isEmpty && summaries.count % candidates == 0)
        let firsts = stride(from: 0, to: summaries.count, by: candidates).map { summaries[$0] }
        var total = summaries[0]
        total.promptTokens = firsts.reduce(0) { $0 + $1.promptTokens }
        total.reusedTokens = firsts.reduce(0) { $0 + $1.reusedTokens }
        total.generatedTokens = summaries.reduce(0) { $0 + $1.generatedTokens }
        return total
    }
}

/// Why an answer ended, in OpenAI's words.
package enum FinishReason: String, Hashable, Sendable, Codable {
    case stop
    case length
    case toolCalls = "tool_calls"

    /// - Parameter hasCalls: whether the answer calls tools.
    init(_ reason: ResponseSummary.Reason, hasCalls: Bool = false) {
        switch reason {
        case .stop, .stopText, .cancelled: self = hasCalls ? .toolCalls : .stop
        case .maxTokens, .contextFull, .timeLimit: self = .length
        }
    }
}

/// Gathers what happens while an answer is made.
package struct AnswerCollector: Sendable {
    private var answer = AnswerAssembler()
    package private(set) var choices: [TokenChoice] = []
    /// Nil until the answer is complete.
    package private(set) var summary: ResponseSummary?

    package init() {}

    package var text: String { answer.text }

    /// Of its tokens; minus infinity where it has none.
    var meanLogProbability: Float {
        choices.isEmpty ? -.infinity : choices.reduce(0) { $0 + $1.taken.logProbability } / Float(choices.count)
    }
    package var thinking: String { answer.thinking }
    package var calls: [ToolCall] { answer.calls }

    package mutating func accept(_ event: ChatEvent) {
        answer.add(event)
        switch event {
        case .reading, .text, .thinking, .callBegan, .callArguments, .callEnded: break
        case .token(let choice): choices.append(choice)
        case .finished(let summary): self.summary = summary
        }
    }
}

/// Turns the events of an answer into the chunks of a stream.
package protocol AnswerStream: Sendable {
    associatedtype Chunk: Encodable
    /// What comes before any event.
    mutating func begin() -> [Chunk]
    mutating func accept(_ event: ChatEvent) -> [Chunk]
    /// What comes behind all answers of the request.
    func end(_ total: ResponseSummary) -> [Chunk]
}

/// JSON has no infinities; this is what OpenAI writes for a token that was as good as impossible.
func wireLogProbability(_ value: Float) -> Double { max(-9999, Double(value)) }
