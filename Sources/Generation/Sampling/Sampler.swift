#if canImport(Glibc)
internal import Glibc
#elseif canImport(Darwin)
internal import Darwin
#endif

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

/// Draws tokens. A pure state machine over logits: its history and its random numbers are all it holds.
package struct Sampler: Sendable {
    package let options: SamplingOptions
    /// The seed in force, for repeating a run.
    package let seed: UInt64
    private var random: RandomStream
    private var history: [Int32] = []
    private var candidates = Candidates()
    private var weights: [Float] = []

    /// - Throws: `invalidOption`.
    package init(_ options: SamplingOptions) throws(SamplingError) {
        try options.validate()
        self.options = options
        seed = options.seed ?? UInt64.random(in: 0...UInt64.max)
        random = RandomStream(seed: seed)
    }

    /// Takes note of a token of the prompt, or of one that was drawn.
    package mutating func accept(_ token: Int32) { history.append(token) }

    package mutating func accept(_ tokens: some Sequence<Int32>) { history.append(contentsOf: tokens) }

    /// Draws a token; does not accept it.
    ///
    /// - Parameters:
    ///   - logits: [vocabulary]; changed by bias and penalties. NaN counts as minus infinity.
    ///   - alternatives: how many of the model's most likely tokens to report; nil leaves log-probabilities out.
    package mutating func sample(
        _ logits: UnsafeMutableBufferPointer<Float>, alternatives: Int? = nil
    ) throws(SamplingError) -> SampledToken {
        let raw = alternatives.map { logProbabilities(UnsafeBufferPointer(logits), best: $0) }
        let before = alternatives == nil ? [] : Array(logits)
        penalize(logits)
        guard let id = draw(UnsafeBufferPointer(logits)) else { throw .noCandidates }
        var token = SampledToken(id: id)
        if let raw {
            token.logProbability = before[Int(id)] - raw.logSum
            token.alternatives = raw.best
        }
        return token
    }

    private func penalize(_ logits: UnsafeMutableBufferPointer<Float>) {
        for (id, bias) in options.logitBias where logits.indices.contains(Int(id)) { logits[Int(id)] += bias }
        let penalties = RepetitionPenalties(options)
        if penalties.isActive { penalties.apply(to: logits, history: history) }
        if options.dry.multiplier > 0 { options.dry.apply(to: logits, history: history) }
    }

    private mutating func draw(_ logits: UnsafeBufferPointer<Float>) -> Int32? {
        guard let best = logits.indexOfMaximum else { return nil }
        if options.temperature == 0 || options.topK == 1 { return Int32(best) }
        let maximum = logits[best]
        let narrows = options.typicalP < 1 || options.topP < 1 || options.minP > 0
        if options.topK > 0, options.topK < logits.count {
            candidates.selectTop(options.topK, of: logits)
        } else if options.typicalP < 1 {
            candidates.selectAbove(-.infinity, of: logits)
        } else if options.topP < 1 {
            candidates.selectNucleus(options.topP, of: logits, maximum: maximum, total: total(logits, maximum))
        } else if narrows {
            candidates.selectAbove(maximum + logarithm(options.minP), of: logits)
        } else {
            return drawFromAll(logits, maximum)
        }
        if options.typicalP < 1 { candidates.keepTypical(options.typicalP) }
        if options.topP < 1 { candidates.keepNucleus(options.topP) }
        if options.minP > 0 { candidates.keepAtLeast(options.minP) }
        return candidates.draw(random.uniform(), temperature: options.temperature)
    }

    /// Without filters the order of tokens does not matter: no sorting.
    private mutating func drawFromAll(_ logits: UnsafeBufferPointer<Float>, _ maximum: Float) -> Int32? {
        let total = total(logits, maximum, scale: 1 / options.temperature)
        var left = random.uniform() * total
        var last: Int32?
        for (id, weight) in weights.enumerated() where weight > 0 {
            left -= Double(weight)
            last = Int32(id)
            if left < 0 { break }
        }
        return last
    }

    private mutating func total(_ logits: UnsafeBufferPointer<Float>, _ maximum: Float, scale: Float = 1) -> Double {
        if weights.count != logits.count { weights = [Float](repeating: 0, count: logits.count) }
        return weights.withUnsafeMutableBufferPointer {
            logits.exponentials(relativeTo: maximum, scale: scale, into: $0)
        }
    }

    private mutating func logProbabilities(
        _ logits: UnsafeBufferPointer<Float>, best count: Int
    ) -> (logSum: Float, best: [SampledToken.Alternative]) {
        guard let best = logits.indexOfMaximum else { return (0, []) }
        let logSum = logits[best] + Float(log(total(logits, logits[best])))
        guard count > 0 else { return (logSum, []) }
        candidates.selectTop(min(count, logits.count), of: logits)
        return (
            logSum, candidates.entries.map { .init(id: $0.id, logProbability: $0.logit - logSum) }
        )
    }
}

func logarithm(_ x: Float) -> Float { logf(x) }

extension UnsafeBufferPointer<Float> {
    /// The first index of the largest number above minus infinity; NaN is passed over.
    var indexOfMaximum: Int? {
        var best: Int?
        var largest = -Float.infinity
        for (index, value) in enumerated() where value > largest {
            largest = value
            best = index
        }
        return best
    }
}
