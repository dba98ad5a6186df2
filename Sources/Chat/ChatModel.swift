/// Something that answers a conversation: a model on this machine, or a script in a test.
package protocol ChatModel: Sendable {
    /// Answers the last message, or goes on with it where `options.continuesAnswer` says so. The stream ends after
    /// `.finished`, or with an error; ending its consumer cancels it.
    ///
    /// The first event, `.reading`, comes as soon as the request is found good, before it waits for its turn; what is
    /// wrong with the request itself is thrown instead.
    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error>
}

/// What happens while an answer is made.
package enum ChatEvent: Hashable, Sendable {
    /// So many tokens of the prompt are read; those of earlier turns count as read. A total of 0: the model itself is
    /// still on its way into memory.
    case reading(done: Int, total: Int)
    case text(String)
    /// What the model thinks before it answers; no part of the answer.
    case thinking(String)
    /// The model calls a tool. Calls count from 0 and do not overlap.
    case callBegan(index: Int, id: String, name: String)
    /// A piece of the arguments; all pieces of a call are the text of one JSON object.
    case callArguments(index: Int, fragment: String)
    case callEnded(index: Int)
    /// One token of the text and its rivals, before its text; only when `logProbabilities` is asked for.
    case token(TokenChoice)
    case finished(ResponseSummary)
}

/// A token that was taken, with natural log-probabilities before penalties and temperature.
package struct TokenChoice: Hashable, Sendable {
    /// A token that could come, and how likely it was.
    package struct Candidate: Hashable, Sendable {
        package var id: Int32
        /// Need not be whole characters.
        package var bytes: [UInt8]
        package var logProbability: Float

        package init(id: Int32, bytes: [UInt8], logProbability: Float) {
            self.id = id
            self.bytes = bytes
            self.logProbability = logProbability
        }
    }

    package var taken: Candidate
    /// The likeliest, best first; `taken` need not be among them.
    package var likeliest: [Candidate]

    package init(taken: Candidate, likeliest: [Candidate]) {
        self.taken = taken
        self.likeliest = likeliest
    }
}

/// An answer in numbers.
package struct ResponseSummary: Hashable, Sendable {
    /// Why an answer ended.
    package enum Reason: String, Codable, Hashable, Sendable {
        /// The model ended its turn.
        case stop
        /// A stop text came.
        case stopText
        case maxTokens
        case contextFull
        case timeLimit
        case cancelled

        /// More would have come.
        package var isCut: Bool {
            switch self {
            case .maxTokens, .contextFull, .timeLimit: true
            case .stop, .stopText, .cancelled: false
            }
        }
    }

    package var reason: Reason
    /// Tokens of the whole prompt, and how many of them were already in the cache.
    package var promptTokens: Int
    package var reusedTokens: Int
    package var generatedTokens: Int
    package var promptSeconds: Double
    package var generationSeconds: Double
    /// The stop text that came.
    package var stopText: String?

    package init(
        reason: Reason, promptTokens: Int, reusedTokens: Int, generatedTokens: Int, promptSeconds: Double,
        generationSeconds: Double, stopText: String? = nil
    ) {
        self.reason = reason
        self.promptTokens = promptTokens
        self.reusedTokens = reusedTokens
        self.generatedTokens = generatedTokens
        self.promptSeconds = promptSeconds
        self.generationSeconds = generationSeconds
        self.stopText = stopText
    }

    package var promptTokensPerSecond: Double {
        promptSeconds > 0 ? Double(promptTokens - reusedTokens) / promptSeconds : 0
    }

    /// The first token belongs to the prompt: it comes out of reading it.
    package var generationTokensPerSecond: Double {
        generationSeconds > 0 ? Double(max(0, generatedTokens - 1)) / generationSeconds : 0
    }
}
