package import Chat

/// The answer of `POST /v1/completions`: whole, or one piece of a stream.
package typealias TextCompletion = AnswerPart<TextChoice>

/// A continued text, or one piece of it.
package struct TextChoice: AnswerChoice {
    package static let object = "text_completion"
    var index = 0
    var text: String
    var logprobs: TextLogProbabilities?
    var finishReason: FinishReason?

    private enum CodingKeys: CodingKey { case index, text, logprobs, finishReason }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(index, forKey: .index)
        try container.encode(text, forKey: .text)
        // Null where there are none: clients look for the keys.
        try container.encode(logprobs, forKey: .logprobs)
        try container.encode(finishReason, forKey: .finishReason)
    }
}

extension AnswerPart<TextChoice> {
    /// - Parameter prefixes: what the answers to each prompt begin with: the prompt, where it is to be echoed.
    package init(
        _ identity: AnswerIdentity, prefixes: [String], _ set: AnswerSet, withLogProbabilities: Bool
    ) {
        let perPrompt = set.answers.count / prefixes.count
        let choices = set.answers.enumerated().map { index, found in
            TextChoice(
                index: index, text: prefixes[index / perPrompt] + found.answer.text,
                logprobs: withLogProbabilities ? TextLogProbabilities(found.answer.choices, offset: 0) : nil,
                finishReason: FinishReason(found.summary.reason))
        }
        self.init(identity: identity, choices: choices, usage: Usage(set.summary))
    }
}

/// The chunks of a continued text: its pieces, the reason of the end, and the counts if asked for.
package struct TextCompletionStream: AnswerStream {
    private let identity: AnswerIdentity
    private let index: Int
    private let prefix: String
    private let includesUsage: Bool
    private let withLogProbabilities: Bool
    /// Tokens whose text has not come yet.
    private var pending: [TokenChoice] = []
    /// Characters of the tokens told so far.
    private var offset = 0

    /// - Parameter index: of the answer among those to the request.
    package init(
        _ identity: AnswerIdentity, index: Int = 0, prefix: String, includesUsage: Bool, withLogProbabilities: Bool
    ) {
        self.identity = identity
        self.index = index
        self.prefix = prefix
        self.includesUsage = includesUsage
        self.withLogProbabilities = withLogProbabilities
    }

    package mutating func begin() -> [TextCompletion] {
        [TextCompletion(identity: identity, choices: [TextChoice(index: index, text: prefix)])]
    }

    package mutating func accept(_ event: ChatEvent) -> [TextCompletion] {
        switch event {
        case .reading, .thinking, .callBegan, .callArguments, .callEnded: return []
        case .token(let choice):
            pending.append(choice)
            return []
        case .text(let piece):
            return [
                TextCompletion(
                    identity: identity, choices: [TextChoice(index: index, text: piece, logprobs: takePending())])
            ]
        case .finished(let summary):
            let end = TextChoice(
                index: index, text: "", logprobs: pending.isEmpty ? nil : takePending(),
                finishReason: FinishReason(summary.reason))
            return [TextCompletion(identity: identity, choices: [end])]
        }
    }

    package func end(_ total: ResponseSummary) -> [TextCompletion] {
        includesUsage ? [TextCompletion(identity: identity, usage: Usage(total))] : []
    }

    private mutating func takePending() -> TextLogProbabilities? {
        guard withLogProbabilities else { return nil }
        let told = TextLogProbabilities(pending, offset: offset)
        offset += pending.reduce(0) { $0 + TextLogProbabilities.text($1.taken).unicodeScalars.count }
        pending = []
        return told
    }
}

/// Tokens of a continued text with their probabilities, in parallel lists.
struct TextLogProbabilities: Encodable, Sendable {
    private enum CodingKeys: CodingKey { case tokens, tokenLogprobs, topLogprobs, textOffset }
    private var choices: [TokenChoice]
    private var offset: Int

    /// - Parameter offset: characters of the text before the first of the tokens.
    init(_ choices: [TokenChoice], offset: Int) {
        self.choices = choices
        self.offset = offset
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        let texts = choices.map { Self.text($0.taken) }
        try container.encode(texts, forKey: .tokens)
        try container.encode(choices.map { wireLogProbability($0.taken.logProbability) }, forKey: .tokenLogprobs)
        let rows = choices.map { choice in
            // Different tokens may have the same text.
            Dictionary(
                choice.likeliest.map { (Self.text($0), wireLogProbability($0.logProbability)) }, uniquingKeysWith: max)
        }
        try container.encode(rows, forKey: .topLogprobs)
        var offsets: [Int] = []
        var next = offset
        for text in texts {
            offsets.append(next)
            next += text.unicodeScalars.count
        }
        try container.encode(offsets, forKey: .textOffset)
    }

    static func text(_ candidate: TokenChoice.Candidate) -> String {
        String(decoding: candidate.bytes, as: UTF8.self)
    }
}
