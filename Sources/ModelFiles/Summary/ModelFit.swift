/// Which quantisations of a model a machine's memory holds at a context length.
package struct ModelFit: Sendable {
    /// The mixes worth considering for code, finest first, with the bits that they spend on a weight of a usual model.
    ///
    /// Below 4 bits names and syntax suffer.
    package static let mixes: [(name: String, bitsPerWeight: Double)] = [
        ("BF16", 16), ("Q8_0", 8.5), ("Q6_K", 6.57), ("Q5_K_M", 5.69), ("Q4_K_M", 4.85), ("IQ4_XS", 4.3),
    ]

    /// Whether a choice can be used.
    package enum Verdict: String, Sendable {
        case fits
        /// The file is mapped: a part of it is read from disk again for every token.
        case fromDisk = "from disk"
        /// Not even the cache and the activations fit.
        case tooLarge = "too large"
    }

    /// One quantisation with what it takes.
    package struct Choice: Sendable {
        package let quantisation: String
        package let memory: MemoryEstimate
        package let verdict: Verdict
    }

    /// Models that were trained in four bits are offered as they are: no other mix holds more of them.
    private static let trained = (name: "MXFP4", bitsPerWeight: 4.25)

    package let choices: [Choice]
    package let available: Int

    /// - Parameters:
    ///   - available: bytes of memory to fit into.
    ///   - known: the quantisation at hand or on offer, and the bytes of its weights.
    ///   - weights: bytes of the weights in a quantisation, where they are known better than by rule.
    package init(
        _ model: ModelDimensions, context: Int, cacheType: MemoryEstimate.CacheType, available: Int,
        known: (quantisation: String, byteCount: Int), weights: (String) -> Int? = { _ in nil }
    ) {
        self.available = available
        let mixes = known.quantisation == Self.trained.name ? [Self.trained] : Self.mixes
        choices = mixes.map { mix in
            let rule = Int(Double(model.parameters) * mix.bitsPerWeight / 8)
            let weights = known.quantisation == mix.name ? known.byteCount : weights(mix.name) ?? rule
            let memory = MemoryEstimate(
                weightByteCount: weights, dimensions: model, context: context, cacheType: cacheType)
            let least = memory.cache.clampedSum(memory.overhead)
            return Choice(
                quantisation: mix.name, memory: memory,
                verdict: memory.total <= available ? .fits : least <= available ? .fromDisk : .tooLarge)
        }
    }

    /// The finest quantisation that fits; BF16 gains nothing over Q8_0 and is not recommended.
    package var recommended: Choice? {
        choices.first { $0.verdict == .fits && $0.quantisation != "BF16" }
    }

    /// What most people take of a model, or the smallest where that is not on offer.
    package var usual: Choice? { choices.first { $0.quantisation == "Q4_K_M" } ?? choices.last }
}
