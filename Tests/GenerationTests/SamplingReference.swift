import Foundation
import Generation
import Statistics

/// The sampling chain as its definitions say it, in double precision and with full sorts.
enum SamplingReference {
    typealias Weighted = (id: Int32, logit: Double)

    static func distribution(_ logits: [Float], _ options: SamplingOptions) -> [Int32: Double] {
        var tokens: [Weighted] = logits.enumerated().compactMap { id, logit in
            logit.isNaN || logit == -.infinity ? nil : (Int32(id), Double(logit))
        }
        tokens.sort { $0.logit != $1.logit ? $0.logit > $1.logit : $0.id < $1.id }
        if options.temperature == 0 { return [tokens[0].id: 1] }
        if options.topK > 0 { tokens = Array(tokens.prefix(options.topK)) }
        if options.typicalP < 1 { tokens = typical(tokens, Double(options.typicalP)) }
        if options.topP < 1 { tokens = nucleus(tokens, Double(options.topP)) }
        if options.minP > 0 {
            let best = tokens.map(\.logit).max()!
            tokens.removeAll { exp($0.logit - best) < Double(options.minP) }
        }
        let scaled = softmax(tokens.map { $0.logit / Double(options.temperature) })
        return Dictionary(uniqueKeysWithValues: zip(tokens.map(\.id), scaled))
    }

    static func softmax(_ logits: [Double]) -> [Double] {
        let best = logits.max() ?? 0
        let weights = logits.map { exp($0 - best) }
        let total = weights.reduce(0, +)
        return weights.map { $0 / total }
    }

    private static func nucleus(_ tokens: [Weighted], _ share: Double) -> [Weighted] {
        var sum = 0.0
        for (index, probability) in softmax(tokens.map(\.logit)).enumerated() {
            sum += probability
            if sum >= share { return Array(tokens[...index]) }
        }
        return tokens
    }

    private static func typical(_ tokens: [Weighted], _ share: Double) -> [Weighted] {
        let probabilities = softmax(tokens.map(\.logit))
        let entropy = -probabilities.reduce(0) { $0 + ($1 > 0 ? $1 * log($1) : 0) }
        let order = tokens.indices.sorted {
            let left = abs(-log(probabilities[$0]) - entropy)
            let right = abs(-log(probabilities[$1]) - entropy)
            return left != right ? left < right : tokens[$0].id < tokens[$1].id
        }
        var sum = 0.0
        var kept: [Weighted] = []
        for index in order {
            kept.append(tokens[index])
            sum += probabilities[index]
            if sum > share { break }
        }
        return kept.sorted { $0.logit != $1.logit ? $0.logit > $1.logit : $0.id < $1.id }
    }

    /// Penalties of tokens, from the whole history by definition.
    static func penalized(_ logits: [Float], _ options: SamplingOptions, history: [Int32]) -> [Float] {
        var logits = logits
        for (id, bias) in options.logitBias where logits.indices.contains(Int(id)) { logits[Int(id)] += bias }
        let recent = options.penaltyWindow < 0 ? history : Array(history.suffix(options.penaltyWindow))
        for id in Set(recent) where logits.indices.contains(Int(id)) {
            let count = recent.count { $0 == id }
            let logit = logits[Int(id)]
            logits[Int(id)] = logit > 0 ? logit / options.repetitionPenalty : logit * options.repetitionPenalty
            logits[Int(id)] -= Float(count) * options.frequencyPenalty + options.presencePenalty
        }
        for id in logits.indices { logits[id] -= dryPenalty(Int32(id), options.dry, history: history) }
        return logits
    }

    /// How long the repetition would be that `token` continues, tried at every place in the text.
    private static func dryPenalty(_ token: Int32, _ options: DRYOptions, history: [Int32]) -> Float {
        let text = options.window < 0 ? history : Array(history.suffix(options.window))
        guard options.multiplier > 0, !options.breakers.contains([token]), text.count > options.allowedLength else {
            return 0
        }
        // The end of the text that is free of breakers.
        var start = 0
        for breaker in options.breakers where !breaker.isEmpty && breaker.count <= text.count {
            for end in breaker.count...text.count where Array(text[(end - breaker.count)..<end]) == breaker {
                start = max(start, end)
            }
        }
        var longest = 0
        for place in text.indices.dropFirst() where text[place] == token {
            var length = 0
            while length < place, length < text.count - start, text[place - 1 - length] == text[text.count - 1 - length]
            {
                length += 1
            }
            longest = max(longest, length)
        }
        guard longest >= max(1, options.allowedLength) else { return 0 }
        return options.multiplier * pow(options.base, Float(longest - options.allowedLength))
    }
}

extension RandomStream {
    /// Logits like a model's: a few tokens stand out of a broad bell.
    mutating func logits(_ count: Int, spread: Double = 2) -> [Float] {
        (0..<count).map { _ in
            let bell = (0..<6).reduce(0.0) { sum, _ in sum + uniform() } - 3
            return Float(bell * spread + (uniform() < 0.01 ? uniform() * 12 : 0))
        }
    }
}

extension Sampler {
    mutating func sample(_ logits: [Float], alternatives: Int? = nil) throws -> SampledToken {
        var logits = logits
        return try logits.withUnsafeMutableBufferPointer { try sample($0, alternatives: alternatives) }
    }

    mutating func distribution(_ logits: [Float]) throws -> [(id: Int32, probability: Double)] {
        var logits = logits
        return try logits.withUnsafeMutableBufferPointer { try distribution($0) }
    }
}

/// Options with some changed.
func options(_ change: (inout SamplingOptions) -> Void) -> SamplingOptions {
    var options = SamplingOptions()
    options.seed = 1
    change(&options)
    return options
}
