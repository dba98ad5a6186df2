/// The penalties that count how often a token was seen lately.
struct RepetitionPenalties {
    private let repetition: Float
    private let frequency: Float
    private let presence: Float
    private let window: Int

    init(_ options: SamplingOptions) {
        repetition = options.repetitionPenalty
        frequency = options.frequencyPenalty
        presence = options.presencePenalty
        window = options.penaltyWindow
    }

    var isActive: Bool { window != 0 && (repetition != 1 || frequency != 0 || presence != 0) }

    func apply(to logits: UnsafeMutableBufferPointer<Float>, history: [Int32]) {
        let recent = window < 0 ? history[...] : history.suffix(window)
        var counts: [Int32: Int] = [:]
        for token in recent where logits.indices.contains(Int(token)) { counts[token, default: 0] += 1 }
        for (token, count) in counts {
            var logit = logits[Int(token)]
            logit = logit > 0 ? logit / repetition : logit * repetition
            logits[Int(token)] = logit - Float(count) * frequency - presence
        }
    }
}
