package import Chat
import JSON

extension ResponseOptions {
    /// Zero means the likeliest token, which this share says as well.
    static let leastTopP = 0.0001

    /// Takes over what a request says about choosing tokens; the rest stays.
    ///
    /// Beyond OpenAI's own fields those that other local servers know: `top_k`, `min_p`, `typical_p`,
    /// `repetition_penalty`.
    package mutating func apply(_ fields: RequestFields) throws(APIError) {
        if let value = try fields.number("temperature", in: 0...2) { temperature = value }
        if let value = try fields.number("top_p", in: 0...1) { topP = max(value, Self.leastTopP) }
        if let value = try fields.integer("top_k", in: -1...Int(Int32.max)) { topK = max(0, value) }
        if let value = try fields.number("min_p", in: 0...1) { minP = value }
        if let value = try fields.number("typical_p", in: 0.0001...1) { typicalP = value }
        if let value = try fields.number("repetition_penalty", in: 0.01...10) { repetitionPenalty = value }
        if let value = try fields.number("frequency_penalty", in: -2...2) { frequencyPenalty = value }
        if let value = try fields.number("presence_penalty", in: -2...2) { presencePenalty = value }
        if let value = try fields.integer("seed", in: Int.min...Int.max) { seed = UInt64(bitPattern: Int64(value)) }
        if let biases = try fields.nested("logit_bias") {
            for (key, bias) in try biases.numbers(in: -100...100) {
                guard let id = Int32(key) else {
                    throw .badRequest(
                        "'\(biases.name(key))' is no token id.", parameter: biases.name(key), code: "invalid_value")
                }
                logitBias[id] = bias
            }
        }
        if let texts = try fields.stops("stop") { stops = texts }
        try applyTurn(fields)
    }

    /// Takes over when an answer is wanted: `service_tier` `flex` or `batch` lets others go first; `timeout` is the seconds
    /// that it may take.
    mutating func applyTurn(_ fields: RequestFields) throws(APIError) {
        if let tier = try fields.string("service_tier") {
            priority = ["flex", "batch"].contains(tier) ? .batch : priority
        }
        if let seconds = try fields.number("timeout", in: 0.001...1e6) {
            timeLimit = min(timeLimit ?? seconds, seconds)
        }
    }
}

/// What a request says about the form of its answer.
package struct AnswerForm: Hashable, Sendable {
    /// Server-sent events instead of one body.
    package var streams: Bool
    /// A stream's last chunk carries the counts.
    package var includesUsage: Bool
    /// Answers to each prompt that are wanted, and those that are made to choose them from.
    package var count: Int
    package var candidates: Int

    /// Answers to one prompt: each takes a turn of its own.
    private static let mostAnswers = 16

    /// One answer to each prompt, where a request can't ask for more.
    package static let each = AnswerForm()

    private init() { (streams, includesUsage, count, candidates) = (false, false, 1, 1) }

    init(_ fields: RequestFields) throws(APIError) {
        streams = try fields.bool("stream") ?? false
        includesUsage = try fields.nested("stream_options")?.bool("include_usage") ?? false
        count = try fields.integer("n", in: 1...Self.mostAnswers) ?? 1
        candidates = try fields.integer("best_of", in: 1...Self.mostAnswers) ?? count
        guard candidates >= count else {
            throw .badRequest(
                "'best_of' is less than 'n': there would be too few to choose from.", parameter: "best_of",
                code: "invalid_value")
        }
        guard !streams || candidates == count else {
            throw .unsupported(
                "A stream tells answers before they can be compared: 'best_of' must be 'n', or 'stream' false.",
                parameter: "best_of")
        }
    }
}
