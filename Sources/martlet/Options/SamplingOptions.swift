import ArgumentParser
import Chat
import Settings

/// Flags that say how tokens are chosen.
struct SamplingFlags: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Sampling temperature; 0 always takes the likeliest token. Default: 0.7.", valueName: "number"))
    var temperature: Double?

    @Option(
        help: ArgumentHelp(
            "Sample among this many of the likeliest tokens; 0 for all. Default: 20.", valueName: "count"))
    var topK: Int?

    @Option(
        help: ArgumentHelp(
            "Sample among the likeliest tokens that together have this probability. Default: 0.8.", valueName: "share"))
    var topP: Double?

    @Option(
        help: ArgumentHelp("Drop tokens less likely than this share of the likeliest. Default: 0.", valueName: "share"))
    var minP: Double?

    @Option(
        help: ArgumentHelp(
            "Sample among the tokens of typical surprise, up to this probability. Default: 1.", valueName: "share"))
    var typicalP: Double?

    @Option(
        help: ArgumentHelp("Divides the score of tokens that occurred lately. Default: 1 (off).", valueName: "number"))
    var repetitionPenalty: Double?

    @Option(
        help: ArgumentHelp(
            "Taken from a token's score for each time that it occurred lately. Default: 0.", valueName: "number"))
    var frequencyPenalty: Double?

    @Option(
        help: ArgumentHelp("Taken once from the score of tokens that occurred lately. Default: 0.", valueName: "number")
    )
    var presencePenalty: Double?

    @Option(
        help: ArgumentHelp("Tokens that these penalties look back at; -1 for all. Default: 64.", valueName: "tokens"))
    var penaltyWindow: Int?

    @Option(
        help: ArgumentHelp(
            "Strength of DRY, which makes longer repetitions less likely. Default: 0, off.", valueName: "number"))
    var dryMultiplier: Double?

    @Option(help: ArgumentHelp("Growth of DRY's penalty with each repeated token. Default: 1.75.", valueName: "number"))
    var dryBase: Double?

    @Option(help: ArgumentHelp("Repeated tokens that DRY lets pass. Default: 2.", valueName: "tokens"))
    var dryAllowedLength: Int?

    @Option(help: ArgumentHelp("Tokens that DRY searches; -1 for all. Default: -1.", valueName: "tokens"))
    var dryWindow: Int?

    @Option(help: ArgumentHelp("Seed of the random numbers: the same seed gives the same text.", valueName: "number"))
    var seed: Int?

    @Option(help: ArgumentHelp("Most tokens of one answer. Default: until the model stops.", valueName: "tokens"))
    var maxTokens: Int?

    func add(to flags: inout SettingsLayer) throws {
        try flags.setFlag(.temperature, temperature.map(SettingValue.number))
        try flags.setFlag(.topK, topK.map(SettingValue.integer))
        try flags.setFlag(.topP, topP.map(SettingValue.number))
        try flags.setFlag(.minP, minP.map(SettingValue.number))
        try flags.setFlag(.typicalP, typicalP.map(SettingValue.number))
        try flags.setFlag(.repetitionPenalty, repetitionPenalty.map(SettingValue.number))
        try flags.setFlag(.frequencyPenalty, frequencyPenalty.map(SettingValue.number))
        try flags.setFlag(.presencePenalty, presencePenalty.map(SettingValue.number))
        try flags.setFlag(.penaltyWindow, penaltyWindow.map(SettingValue.integer))
        try flags.setFlag(.dryMultiplier, dryMultiplier.map(SettingValue.number))
        try flags.setFlag(.dryBase, dryBase.map(SettingValue.number))
        try flags.setFlag(.dryAllowedLength, dryAllowedLength.map(SettingValue.integer))
        try flags.setFlag(.dryWindow, dryWindow.map(SettingValue.integer))
        try flags.setFlag(.seed, seed.map(SettingValue.integer))
        try flags.setFlag(.maxTokens, maxTokens.map(SettingValue.integer))
    }
}

/// What one answer takes besides the settings.
struct AnswerOptions: ParsableArguments {
    @Option(help: ArgumentHelp("End the answer before this text; may be given several times.", valueName: "text"))
    var stop: [String] = []

    @Option(
        help: ArgumentHelp("Add to a token's score, as in 198=-5; may be given several times.", valueName: "id=number"))
    var logitBias: [TokenBias] = []
}

/// `ID=NUMBER`
struct TokenBias: ExpressibleByArgument {
    var id: Int32
    var bias: Double

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1)
        guard parts.count == 2, let id = Int32(parts[0]), let bias = Double(parts[1]), !bias.isNaN else { return nil }
        self.id = id
        self.bias = bias
    }
}

extension SettingsPlan {
    /// How to make an answer.
    func responseOptions(_ answer: AnswerOptions? = nil) -> ResponseOptions {
        var options = ResponseOptions()
        options.temperature = sampling.temperature
        options.topK = sampling.topK
        options.topP = sampling.topP
        options.minP = sampling.minP
        options.typicalP = sampling.typicalP
        options.repetitionPenalty = sampling.repetitionPenalty
        options.frequencyPenalty = sampling.frequencyPenalty
        options.presencePenalty = sampling.presencePenalty
        options.penaltyWindow = sampling.penaltyWindow
        options.dry.multiplier = sampling.dryMultiplier
        options.dry.base = sampling.dryBase
        options.dry.allowedLength = sampling.dryAllowedLength
        options.dry.window = sampling.dryWindow
        options.seed = sampling.seed
        options.maxTokens = maxTokens
        options.stops = answer?.stop ?? []
        for bias in answer?.logitBias ?? [] { options.logitBias[bias.id, default: 0] += bias.bias }
        return options
    }
}
