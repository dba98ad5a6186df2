import Chat

/// `run --json`: an answer, how it ended, and what it took.
struct AnswerReport: Encodable {
    struct Token: Encodable {
        var id: Int32
        var text: String
        var logprob: Float
        var top: [Token]?
    }

    var model: String
    var text = ""
    var thinking: String?
    var reason: String?
    var promptTokens: Int?
    var generatedTokens: Int?
    var promptSeconds: Double?
    var generationSeconds: Double?
    var logprobs: [Token]?

    init(model: String) {
        self.model = model
    }

    mutating func add(_ event: ChatEvent) {
        switch event {
        case .reading, .callBegan, .callArguments, .callEnded: break
        case .text(let piece): text += piece
        case .thinking(let piece): thinking = (thinking ?? "") + piece
        case .token(let choice):
            var token = Token(choice.taken)
            token.top = choice.likeliest.map(Token.init)
            logprobs = (logprobs ?? []) + [token]
        case .finished(let summary):
            reason = summary.reason.rawValue
            promptTokens = summary.promptTokens
            generatedTokens = summary.generatedTokens
            (promptSeconds, generationSeconds) = (summary.promptSeconds, summary.generationSeconds)
        }
    }
}

extension AnswerReport.Token {
    init(_ candidate: TokenChoice.Candidate) {
        self.init(
            id: candidate.id, text: String(decoding: candidate.bytes, as: UTF8.self),
            logprob: candidate.logProbability)
    }
}
