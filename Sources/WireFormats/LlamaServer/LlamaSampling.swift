import Chat
import JSON

extension ResponseOptions {
    /// Takes over what llama-server and Ollama call choosing tokens; the rest stays. A negative seed or limit leaves both
    /// open, as it does there.
    mutating func applyLlamaNames(_ fields: RequestFields) throws(APIError) {
        if let value = try fields.number("temperature", in: -1...100) { temperature = max(0, value) }
        if let value = try fields.integer("top_k", in: -1...Int(Int32.max)) { topK = max(0, value) }
        if let value = try fields.number("top_p", in: 0...1) { topP = max(value, Self.leastTopP) }
        if let value = try fields.number("min_p", in: 0...1) { minP = value }
        if let value = try fields.number("typical_p", in: 0.0001...1) { typicalP = value }
        if let value = try fields.number("repeat_penalty", in: 0.01...10) { repetitionPenalty = value }
        if let value = try fields.integer("repeat_last_n", in: -1...Int(Int32.max)) { penaltyWindow = value }
        if let value = try fields.number("frequency_penalty", in: -2...2) { frequencyPenalty = value }
        if let value = try fields.number("presence_penalty", in: -2...2) { presencePenalty = value }
        if let value = try fields.integer("seed", in: Int.min...Int.max) { seed = value < 0 ? nil : UInt64(value) }
        if let texts = try fields.stops("stop") { stops = texts }
    }

    /// What only llama-server knows: DRY, and biases as pairs.
    mutating func applyLlamaServerNames(_ fields: RequestFields) throws(APIError) {
        if let value = try fields.number("dry_multiplier", in: 0...100) { dry.multiplier = value }
        if let value = try fields.number("dry_base", in: 1...100) { dry.base = value }
        if let value = try fields.integer("dry_allowed_length", in: 0...Int(Int32.max)) { dry.allowedLength = value }
        if let value = try fields.integer("dry_penalty_last_n", in: -1...Int(Int32.max)) { dry.window = value }
        if let texts = try fields.strings("dry_sequence_breakers") {
            dry.breakers = try fields.limited(texts, "dry_sequence_breakers", count: 64, byteCount: 64)
        }
        guard let biases = fields["logit_bias"] else { return }
        guard let pairs = biases.array else { throw fields.wrong("logit_bias", expected: "a list of pairs") }
        for pair in pairs {
            guard let pair = pair.array, pair.count == 2, let id = pair[0].integer, let id = Int32(exactly: id) else {
                throw fields.wrong("logit_bias", expected: "a list of pairs of a token's id and a number")
            }
            switch pair[1] {
            // Never.
            case .bool(false): logitBias[id] = -1e9
            default:
                guard let bias = pair[1].number, bias.isFinite else {
                    throw fields.wrong("logit_bias", expected: "a list of pairs of a token's id and a number or false")
                }
                logitBias[id] = bias
            }
        }
    }
}
