/// How the next token is drawn from logits. The defaults change nothing: plain sampling at temperature 1.
///
/// Steps apply in this order, which is llama.cpp's: bias, penalties, DRY, top-k, typical, top-p, min-p, temperature, draw.
package struct SamplingOptions: Hashable, Sendable, Codable {
    /// Divides logits; 0 takes the most likely token.
    package var temperature: Float = 1
    /// Keeps this many of the most likely tokens; 0 keeps all.
    package var topK = 0
    /// Keeps the most likely tokens that together reach this probability; 1 keeps all.
    /// - SeeAlso: Holtzman et al. 2019, arXiv:1904.09751.
    package var topP: Float = 1
    /// Keeps tokens at least this likely, relative to the most likely one; 0 keeps all.
    /// - SeeAlso: Nguyen et al. 2024, arXiv:2407.01082.
    package var minP: Float = 0
    /// Keeps the tokens whose surprise is closest to the expected one, up to this probability; 1 keeps all.
    /// - SeeAlso: Meister et al. 2022, arXiv:2202.00666.
    package var typicalP: Float = 1
    /// Divides positive and multiplies negative logits of tokens seen lately; 1 changes nothing.
    /// - SeeAlso: Keskar et al. 2019, arXiv:1909.05858.
    package var repetitionPenalty: Float = 1
    /// Subtracted from a token's logit for each time that it was seen lately.
    package var frequencyPenalty: Float = 0
    /// Subtracted once from the logits of tokens seen lately.
    package var presencePenalty: Float = 0
    /// How many of the last tokens the three penalties look at; -1 for all.
    package var penaltyWindow = 64
    package var dry = DRYOptions()
    /// Added to the logits of these tokens.
    package var logitBias: [Int32: Float] = [:]
    /// The same seed and logits give the same tokens; nil draws a seed.
    package var seed: UInt64?

    package init() {}

    /// Always the most likely token.
    package static var greedy: Self {
        var options = Self()
        options.temperature = 0
        return options
    }

    /// - Throws: the first value that makes no sense, with what it may be.
    package func validate() throws(SamplingError) {
        func check(_ valid: Bool, _ name: String, _ value: some CustomStringConvertible, _ expected: String)
            throws(SamplingError)
        {
            guard valid else { throw .invalidOption(name: name, value: "\(value)", expected: expected) }
        }
        try check(temperature >= 0 && temperature.isFinite, "temperature", temperature, "a number from 0")
        try check(topK >= 0, "top-k", topK, "a whole number from 0 (0 keeps all)")
        try check(topP > 0 && topP <= 1, "top-p", topP, "above 0, at most 1")
        try check(minP >= 0 && minP <= 1, "min-p", minP, "from 0 to 1")
        try check(typicalP > 0 && typicalP <= 1, "typical-p", typicalP, "above 0, at most 1")
        try check(
            repetitionPenalty > 0 && repetitionPenalty.isFinite, "repetition-penalty", repetitionPenalty,
            "a number above 0 (1 is off)")
        try check(frequencyPenalty.isFinite, "frequency-penalty", frequencyPenalty, "a finite number")
        try check(presencePenalty.isFinite, "presence-penalty", presencePenalty, "a finite number")
        try check(penaltyWindow >= -1, "penalty-window", penaltyWindow, "-1 (all) or a count of tokens")
        try check(dry.multiplier >= 0 && dry.multiplier.isFinite, "dry-multiplier", dry.multiplier, "a number from 0")
        try check(dry.base >= 1 && dry.base.isFinite, "dry-base", dry.base, "a number from 1")
        try check(dry.allowedLength >= 0, "dry-allowed-length", dry.allowedLength, "a whole number from 0")
        try check(dry.window >= -1, "dry-window", dry.window, "-1 (all) or a count of tokens")
        for (id, bias) in logitBias {
            try check(!bias.isNaN, "logit-bias of token \(id)", bias, "a number")
        }
    }
}

/// "Don't repeat yourself": makes a token less likely the longer the repetition that it would continue.
/// - SeeAlso: p-e-w 2024, text-generation-webui pull request 5677.
package struct DRYOptions: Hashable, Sendable, Codable {
    /// Penalty of a repetition of the allowed length; 0 is off.
    package var multiplier: Float = 0
    /// Growth of the penalty with each further token.
    package var base: Float = 1.75
    /// Repetitions shorter than this are free.
    package var allowedLength = 2
    /// How many of the last tokens are searched; -1 for all.
    package var window = -1
    /// Token sequences that repetitions do not reach across (line ends, quotation marks ...).
    package var breakers: [[Int32]] = []

    package init() {}
}

/// Why no token could be drawn.
package enum SamplingError: Error, Hashable, Sendable, CustomStringConvertible {
    case invalidOption(name: String, value: String, expected: String)
    case noCandidates

    package var description: String {
        switch self {
        case .invalidOption(let name, let value, let expected): "\(name) is \(value); it takes \(expected)."
        case .noCandidates:
            """
            the model gave no token a finite score. The model file may be damaged (try `martlet model verify`), \
            or a logit bias excludes every token.
            """
        }
    }
}
