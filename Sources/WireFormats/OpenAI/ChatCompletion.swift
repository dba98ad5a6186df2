package import Chat

/// The answer of `POST /v1/chat/completions` in one piece.
package struct ChatCompletion: Encodable, Sendable {
    struct Choice: Encodable, Sendable {
        struct AnswerMessage: Encodable, Sendable {
            let role = "assistant"
            /// Nil where there are only calls.
            var content: String?
            var reasoningContent: String?
            var toolCalls: [WireToolCall]?

            init(_ answer: AnswerCollector) {
                content = answer.text.isEmpty && !answer.calls.isEmpty ? nil : answer.text
                reasoningContent = answer.thinking.isEmpty ? nil : answer.thinking
                toolCalls = answer.calls.isEmpty ? nil : answer.calls.map(WireToolCall.init)
            }

            private enum CodingKeys: CodingKey { case role, content, reasoningContent, toolCalls }

            func encode(to encoder: any Encoder) throws {
                var container = encoder.container(keyedBy: CodingKeys.self)
                try container.encode(role, forKey: .role)
                // Null where there is none: clients look for the key.
                try container.encode(content, forKey: .content)
                try container.encodeIfPresent(reasoningContent, forKey: .reasoningContent)
                try container.encodeIfPresent(toolCalls, forKey: .toolCalls)
            }
        }
        var index: Int
        var message: AnswerMessage
        var logprobs: ChatLogProbabilities?
        var finishReason: FinishReason
    }
    let id: String
    let object = "chat.completion"
    let created: Int
    let model: String
    let choices: [Choice]
    let usage: Usage

    package init(_ identity: AnswerIdentity, _ set: AnswerSet, withLogProbabilities: Bool) {
        id = identity.id
        created = identity.created
        model = identity.model
        choices = set.answers.enumerated().map { index, found in
            Choice(
                index: index, message: Choice.AnswerMessage(found.answer),
                logprobs: withLogProbabilities ? ChatLogProbabilities(found.answer.choices) : nil,
                finishReason: FinishReason(found.summary.reason, hasCalls: !found.answer.calls.isEmpty))
        }
        usage = Usage(set.summary)
    }

    private enum CodingKeys: CodingKey { case id, object, created, model, choices, usage }
}

/// One piece of a streamed chat answer.
package typealias ChatCompletionChunk = AnswerPart<ChatChunkChoice>

/// What one piece of a streamed chat answer adds.
package struct ChatChunkChoice: AnswerChoice {
    struct Delta: Encodable, Sendable {
        var role: String?
        var content: String?
        var reasoningContent: String?
        var toolCalls: [WireToolCall]?
    }
    package static let object = "chat.completion.chunk"
    var index = 0
    var delta: Delta
    var logprobs: ChatLogProbabilities?
    var finishReason: FinishReason?

    private enum CodingKeys: CodingKey { case index, delta, logprobs, finishReason }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(index, forKey: .index)
        try container.encode(delta, forKey: .delta)
        try container.encodeIfPresent(logprobs, forKey: .logprobs)
        // Null until the end: clients look for the key.
        try container.encode(finishReason, forKey: .finishReason)
    }
}

/// The chunks of a chat answer: the role, the text piece by piece, the reason of the end, and the counts if asked for.
package struct ChatCompletionStream: AnswerStream {
    private let identity: AnswerIdentity
    private let index: Int
    private let includesUsage: Bool
    private let withLogProbabilities: Bool
    /// Tokens whose text has not come yet.
    private var pending: [TokenChoice] = []
    private var hasCalls = false

    /// - Parameter index: of the answer among those to the request.
    package init(_ identity: AnswerIdentity, index: Int = 0, includesUsage: Bool, withLogProbabilities: Bool) {
        self.identity = identity
        self.index = index
        self.includesUsage = includesUsage
        self.withLogProbabilities = withLogProbabilities
    }

    package mutating func begin() -> [ChatCompletionChunk] {
        [chunk(.init(role: "assistant", content: ""))]
    }

    package mutating func accept(_ event: ChatEvent) -> [ChatCompletionChunk] {
        switch event {
        case .reading, .callEnded: return []
        case .thinking(let piece): return [chunk(.init(reasoningContent: piece))]
        case .callBegan(let index, let id, let name):
            hasCalls = true
            return [chunk(.init(toolCalls: [WireToolCall(index: index, id: id, name: name)]))]
        case .callArguments(let index, let fragment):
            return [chunk(.init(toolCalls: [WireToolCall(index: index, fragment: fragment)]))]
        case .token(let choice):
            pending.append(choice)
            return []
        case .text(let piece):
            return [chunk(.init(content: piece))]
        case .finished(let summary):
            var end = ChatChunkChoice(index: index, delta: ChatChunkChoice.Delta())
            // Tokens without a text of their own, such as those of a stop text.
            if !pending.isEmpty { end.logprobs = takePending() }
            end.finishReason = FinishReason(summary.reason, hasCalls: hasCalls)
            return [chunk(end)]
        }
    }

    package func end(_ total: ResponseSummary) -> [ChatCompletionChunk] {
        includesUsage ? [ChatCompletionChunk(identity: identity, usage: Usage(total))] : []
    }

    /// A chunk that tells the probabilities of the tokens since the last one.
    private mutating func chunk(_ delta: ChatChunkChoice.Delta) -> ChatCompletionChunk {
        chunk(ChatChunkChoice(index: index, delta: delta, logprobs: takePending()))
    }

    private mutating func takePending() -> ChatLogProbabilities? {
        guard withLogProbabilities else { return nil }
        defer { pending = [] }
        return ChatLogProbabilities(pending)
    }

    private func chunk(_ choice: ChatChunkChoice) -> ChatCompletionChunk {
        ChatCompletionChunk(identity: identity, choices: [choice])
    }
}

/// Tokens of a chat answer with their probabilities.
struct ChatLogProbabilities: Encodable, Sendable {
    struct Token: Encodable, Sendable {
        var token: String
        var logprob: Double
        var bytes: [UInt8]
        var topLogprobs: [Token]?

        init(_ candidate: TokenChoice.Candidate) {
            token = String(decoding: candidate.bytes, as: UTF8.self)
            logprob = wireLogProbability(candidate.logProbability)
            bytes = candidate.bytes
        }
    }
    var content: [Token]

    init(_ choices: [TokenChoice]) {
        content = choices.map { choice in
            var token = Token(choice.taken)
            token.topLogprobs = choice.likeliest.map(Token.init)
            return token
        }
    }
}
