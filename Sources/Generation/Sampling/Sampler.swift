internal import Statistics

/// A token that was drawn.
package struct SampledToken: Hashable, Sendable {
    package struct Alternative: Hashable, Sendable {
        package var id: Int32
        /// Natural logarithm of the probability that the model gave, before any option.
        package var logProbability: Float
    }

    package var id: Int32
    /// Natural logarithm of the probability that the model gave, before any option; nil unless asked for.
    package var logProbability: Float?
    /// The most likely tokens of the model, best first; as many as were asked for.
    package var alternatives: [Alternative] = []
}

/// Draws tokens. A pure state machine over logits: what it holds is its history, its random numbers, and buffers that it
/// keeps so as to allocate nothing per token.
///
/// The same seed and the same logits give the same tokens on every platform: all arithmetic that decides a draw is plain
/// IEEE arithmetic in a fixed order.
package struct Sampler: Sendable {
    package let options: SamplingOptions
    /// The seed in force, for repeating a run.
    package let seed: UInt64
    private var random: RandomStream
    private var history: TokenHistory
    private var dry: DRYPenalty
    private var candidates = Candidates()
    private var weights: [Float] = []
    private var blockSums: [Double] = []
    private var rawLogits: [Float] = []
    /// What is known of the token that is being drawn, whichever it will be.
    private var last = (token: SampledToken(id: 0), normalizer: Float(0), hasProbability: false)

    /// - Throws: `invalidOption`.
    package init(_ options: SamplingOptions) throws(SamplingError) {
        try options.validate()
        self.options = options
        seed = options.seed ?? UInt64.random(in: 0...UInt64.max)
        random = RandomStream(seed: seed)
        dry = DRYPenalty(options.dry)
        history = TokenHistory(
            window: options.penalizesRepetition ? options.penaltyWindow : 0,
            reach: dry.isActive ? options.dry.window : 0)
    }

    /// Takes note of a token of the prompt, or of one that was drawn.
    package mutating func accept(_ token: Int32) { history.append(token) }

    package mutating func accept(_ tokens: some Sequence<Int32>) { for token in tokens { history.append(token) } }

    /// Draws a token; does not accept it.
    ///
    /// - Parameters:
    ///   - logits: [vocabulary]; changed by bias and penalties. NaN counts as minus infinity.
    ///   - alternatives: how many of the model's most likely tokens to report; nil leaves log-probabilities out.
    /// - Throws: `noCandidates` when no logit is above minus infinity.
    package mutating func sample(
        _ logits: UnsafeMutableBufferPointer<Float>, alternatives: Int? = nil
    ) throws(SamplingError) -> SampledToken {
        var token = SampledToken(id: 0)
        var normalizer: Float = 0
        if let alternatives {
            (normalizer, token.alternatives) = logProbabilities(UnsafeBufferPointer(logits), best: alternatives)
            rawLogits.removeAll(keepingCapacity: true)
            rawLogits.append(contentsOf: logits)
        }
        penalize(logits)
        last = (token, normalizer, hasProbability: alternatives != nil)
        return try draw(logits)
    }

    /// Draws once more from the logits that `sample` has just been given, among some tokens only.
    /// - Parameter words: the set of these: bit `id % 64` of word `id / 64`. Tokens beyond its end are not in it.
    package mutating func sampleAgain(
        _ logits: UnsafeMutableBufferPointer<Float>, among words: [UInt64]
    ) throws(SamplingError) -> SampledToken {
        for start in stride(from: 0, to: logits.count, by: 64) {
            let word = start >> 6 < words.count ? words[start >> 6] : 0
            guard word != .max else { continue }
            for id in start..<min(start + 64, logits.count) where word >> UInt64(id - start) & 1 == 0 {
                logits[id] = -.infinity
            }
        }
        return try draw(logits)
    }

    private mutating func draw(
        _ logits: UnsafeMutableBufferPointer<Float>
    ) throws(SamplingError) -> SampledToken {
        guard let id = draw(UnsafeBufferPointer(logits)) else { throw .noCandidates }
        var token = last.token
        token.id = id
        if last.hasProbability { token.logProbability = rawLogits[Int(id)] - last.normalizer }
        return token
    }

    /// All tokens that could be drawn and their probabilities, most likely first: what `sample` chooses from.
    ///
    /// - Parameter logits: as for `sample`.
    package mutating func distribution(
        _ logits: UnsafeMutableBufferPointer<Float>
    ) throws(SamplingError) -> [(id: Int32, probability: Double)] {
        penalize(logits)
        let logits = UnsafeBufferPointer(logits)
        guard let best = logits.indexOfMaximum else { throw .noCandidates }
        if isDecided(logits, best) { return [(Int32(best), 1)] }
        if !select(logits, maximum: logits[best]) {
            _ = weigh(logits, logits[best], scale: 1)
            selectAll(logits, atLeast: -.infinity)
        }
        candidates.applyTemperature(options.temperature)
        candidates.sort()
        let total = candidates.totalWeight
        return candidates.entries.filter { $0.weight > 0 }.map { ($0.id, Double($0.weight) / total) }
    }

    // MARK: Bias and penalties

    private mutating func penalize(_ logits: UnsafeMutableBufferPointer<Float>) {
        for (id, bias) in options.logitBias where logits.indices.contains(Int(id)) { logits[Int(id)] += bias }
        for (id, count) in history.counts where logits.indices.contains(Int(id)) {
            let logit = logits[Int(id)]
            // Dividing a negative logit would make a repetition more likely.
            logits[Int(id)] =
                (logit > 0 ? logit / options.repetitionPenalty : logit * options.repetitionPenalty)
                - (Float(count) * options.frequencyPenalty + options.presencePenalty)
        }
        if dry.isActive { dry.apply(to: logits, history: history.tokens) }
    }

    // MARK: The draw

    /// Below it any difference between logits decides, and dividing by it may leave the range of numbers.
    private static let coldest: Float = 1e-20

    /// Whether only the best token can be drawn.
    private func isDecided(_ logits: UnsafeBufferPointer<Float>, _ best: Int) -> Bool {
        options.temperature < Self.coldest || options.topK == 1 || logits[best] == .infinity
    }

    private mutating func draw(_ logits: UnsafeBufferPointer<Float>) -> Int32? {
        guard let best = logits.indexOfMaximum else { return nil }
        if isDecided(logits, best) { return Int32(best) }
        guard select(logits, maximum: logits[best]) else { return drawFromAll(logits, logits[best]) }
        if options.temperature != 1 || options.typicalP < 1 { candidates.applyTemperature(options.temperature) }
        return candidates.draw(random.uniform())
    }

    /// Fills `candidates` with what the filters leave; false when there are none.
    private mutating func select(_ logits: UnsafeBufferPointer<Float>, maximum: Float) -> Bool {
        if options.topK > 0, options.topK < logits.count {
            candidates.selectTop(options.topK, of: logits, maximum: maximum)
        } else if options.typicalP < 1 {
            _ = weigh(logits, maximum, scale: 1)
            selectAll(logits, atLeast: -.infinity)
        } else if options.topP < 1 {
            selectNucleus(logits, maximum)
            if options.minP > 0 { candidates.keepAtLeast(options.minP) }
            return true
        } else if options.minP > 0 {
            _ = weigh(logits, maximum, scale: 1)
            // The bar is a little low; the exact test is on weights.
            selectAll(logits, atLeast: maximum + Float(logarithm(Double(options.minP))) - 0.01)
        } else {
            return false
        }
        if options.typicalP < 1 { candidates.keepTypical(Double(options.typicalP), best: maximum) }
        if options.topP < 1 { _ = candidates.keepNucleus(Double(options.topP), of: candidates.totalWeight) }
        if options.minP > 0 { candidates.keepAtLeast(options.minP) }
        return true
    }

    /// The most likely tokens that together reach top-p. Few tokens make up nearly all of the probability, so those
    /// near the best one are tried first.
    private mutating func selectNucleus(_ logits: UnsafeBufferPointer<Float>, _ maximum: Float) {
        let total = weigh(logits, maximum, scale: 1)
        for depth in [6, 12, Float.infinity] as [Float] {
            selectAll(logits, atLeast: maximum - depth)
            if candidates.keepNucleus(Double(options.topP), of: total) { return }
        }
    }

    private mutating func selectAll(_ logits: UnsafeBufferPointer<Float>, atLeast bar: Float) {
        weights.withUnsafeBufferPointer { candidates.select(atLeast: bar, of: logits, weights: $0) }
    }

    /// Without filters nothing is gathered: the block that the number falls in, then the token.
    private mutating func drawFromAll(_ logits: UnsafeBufferPointer<Float>, _ maximum: Float) -> Int32? {
        var left = random.uniform() * weigh(logits, maximum, scale: 1 / options.temperature)
        var block = 0
        while block < blockSums.count - 1, left >= blockSums[block] {
            left -= blockSums[block]
            block += 1
        }
        let size = UnsafeBufferPointer<Float>.blockSize
        var last: Int32?
        for id in block * size..<min(weights.count, (block + 1) * size) where weights[id] > 0 {
            left -= Double(weights[id])
            last = Int32(id)
            if left < 0 { return last }
        }
        // Rounding can leave a remainder behind the last token.
        return last ?? weights.lastIndex { $0 > 0 }.map { Int32($0) }
    }

    /// Fills `weights` with e^((logit - maximum) * scale); returns their sum.
    private mutating func weigh(_ logits: UnsafeBufferPointer<Float>, _ maximum: Float, scale: Float) -> Double {
        if weights.count != logits.count { weights = [Float](repeating: 0, count: logits.count) }
        return weights.withUnsafeMutableBufferPointer {
            logits.exponentials(relativeTo: maximum, scale: scale, into: $0, blockSums: &blockSums)
        }
    }

    // MARK: Log-probabilities

    /// The logarithm of the sum of e^logit, and the most likely tokens.
    private mutating func logProbabilities(
        _ logits: UnsafeBufferPointer<Float>, best count: Int
    ) -> (normalizer: Float, best: [SampledToken.Alternative]) {
        guard let best = logits.indexOfMaximum else { return (0, []) }
        let total = weigh(logits, logits[best], scale: 1)
        guard total > 0 else { return (logits[best], []) }
        let normalizer = logits[best] + Float(logarithm(total))
        guard count > 0 else { return (normalizer, []) }
        candidates.selectTop(min(count, logits.count), of: logits, maximum: logits[best])
        candidates.sort()
        return (
            normalizer, candidates.entries.map { .init(id: $0.id, logProbability: $0.logit - normalizer) }
        )
    }
}

extension SamplingOptions {
    fileprivate var penalizesRepetition: Bool {
        repetitionPenalty != 1 || frequencyPenalty != 0 || presencePenalty != 0
    }
}
