/// Something that answers a conversation: a model on this machine, or a script in a test.
package protocol ChatModel: Sendable {
    /// Answers the last message. The stream ends after `.finished`, or with an error; ending its consumer cancels it.
    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error>
}

/// How an answer is to be made.
package struct ResponseOptions: Hashable, Sendable {
    package var temperature: Double = 0
    /// 0: all tokens.
    package var topK = 0
    package var topP: Double = 1
    package var minP: Double = 0
    /// 1: none.
    package var repetitionPenalty: Double = 1
    /// Nil: a new one each time.
    package var seed: UInt64?
    /// Nil: until the model stops or the context is full.
    package var maxTokens: Int?
    /// Texts that end the answer; they are not part of it.
    package var stops: [String] = []

    package init() {}
}

/// What happens while an answer is made.
package enum ChatEvent: Hashable, Sendable {
    /// So many tokens of the prompt are read; those of earlier turns count as read.
    case reading(done: Int, total: Int)
    case text(String)
    case finished(ResponseSummary)
}

/// An answer in numbers.
package struct ResponseSummary: Hashable, Sendable {
    package enum Reason: String, Codable, Hashable, Sendable {
        /// The model ended its turn.
        case stop
        /// A stop text came.
        case stopText
        case maxTokens
        case contextFull
        case cancelled
    }

    package var reason: Reason
    /// Tokens of the whole prompt, and how many of them were already in the cache.
    package var promptTokens: Int
    package var reusedTokens: Int
    package var generatedTokens: Int
    package var promptSeconds: Double
    package var generationSeconds: Double

    package init(
        reason: Reason, promptTokens: Int, reusedTokens: Int, generatedTokens: Int, promptSeconds: Double,
        generationSeconds: Double
    ) {
        self.reason = reason
        self.promptTokens = promptTokens
        self.reusedTokens = reusedTokens
        self.generatedTokens = generatedTokens
        self.promptSeconds = promptSeconds
        self.generationSeconds = generationSeconds
    }

    package var promptTokensPerSecond: Double {
        promptSeconds > 0 ? Double(promptTokens - reusedTokens) / promptSeconds : 0
    }

    /// The first token belongs to the prompt: it comes out of reading it.
    package var generationTokensPerSecond: Double {
        generationSeconds > 0 ? Double(max(0, generatedTokens - 1)) / generationSeconds : 0
    }
}
