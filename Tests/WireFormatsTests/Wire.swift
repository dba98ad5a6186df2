import Chat
import JSON
import WireFormats

/// Shorthands for what these tests do all the time.
enum Wire {
    static func chat(_ json: String) throws(APIError) -> ChatCompletionRequest {
        try ChatCompletionRequest(RequestFields(body: Array(json.utf8)), defaults: ResponseOptions())
    }

    static func completion(_ json: String) throws(APIError) -> CompletionRequest {
        try CompletionRequest(RequestFields(body: Array(json.utf8)), defaults: ResponseOptions())
    }

    /// What a value becomes on the wire, read again.
    static func json(_ value: some Encodable) throws -> JSONObject {
        try JSONValue(parsing: WireJSON.encode(value)).object ?? JSONObject()
    }

    static let identity = AnswerIdentity(id: "a-1", created: 7, model: "m")

    static func summary(_ reason: ResponseSummary.Reason = .stop) -> ResponseSummary {
        ResponseSummary(
            reason: reason, promptTokens: 10, reusedTokens: 4, generatedTokens: 3, promptSeconds: 1,
            generationSeconds: 1)
    }

    /// One answer.
    static func set(_ answer: AnswerCollector, _ summary: ResponseSummary) -> AnswerSet {
        AnswerSet([(answer, summary)], candidates: 1, best: 1)
    }

    static func choice(_ text: String, _ logProbability: Float = -0.5) -> TokenChoice {
        let taken = TokenChoice.Candidate(id: 1, bytes: Array(text.utf8), logProbability: logProbability)
        return TokenChoice(taken: taken, likeliest: [taken])
    }
}
