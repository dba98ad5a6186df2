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

/// Answers to one request, each with its numbers.
package struct AnswerSet: Sendable {
    package private(set) var answers: [(answer: AnswerCollector, summary: ResponseSummary)]

    /// - Parameters:
    ///   - answers: at least one.
    ///   - count: how many to keep: those whose tokens were likeliest on average, where there are more.
    package init(_ answers: [(answer: AnswerCollector, summary: ResponseSummary)], best count: Int) {
        precondition(!answers.isEmpty)
        var total = answers[0].summary
        total.generatedTokens = answers.reduce(0) { $0 + $1.summary.generatedTokens }
        summary = total
        let isChosen = count < answers.count
        self.answers =
            isChosen
            ? Array(answers.sorted { $0.answer.meanLogProbability > $1.answer.meanLogProbability }.prefix(count))
            : answers
    }

    /// The numbers of all, also of those that were not kept: the prompt counts once.
    package let summary: ResponseSummary
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
}

/// JSON has no infinities; this is what OpenAI writes for a token that was as good as impossible.
func wireLogProbability(_ value: Float) -> Double { max(-9999, Double(value)) }
