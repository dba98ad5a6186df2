import Chat
import Generation
import Tokenization

extension ResponseOptions {
    /// The same for a sampler, which knows tokens only.
    func samplingOptions(_ tokenizer: Tokenizer) -> SamplingOptions {
        var options = SamplingOptions()
        options.temperature = Float(temperature)
        options.topK = topK
        options.topP = Float(topP)
        options.minP = Float(minP)
        options.typicalP = Float(typicalP)
        options.repetitionPenalty = Float(repetitionPenalty)
        options.frequencyPenalty = Float(frequencyPenalty)
        options.presencePenalty = Float(presencePenalty)
        options.penaltyWindow = penaltyWindow
        options.dry.multiplier = Float(dry.multiplier)
        options.dry.base = Float(dry.base)
        options.dry.allowedLength = dry.allowedLength
        options.dry.window = dry.window
        if dry.multiplier > 0 {
            options.dry.breakers = dry.breakers.map {
                tokenizer.encode($0, options: EncodingOptions(addedTokens: .plain, addsSequenceTokens: false))
            }
        }
        options.logitBias = logitBias.mapValues { Float($0) }
        options.seed = seed
        return options
    }
}
