import Chat
import Generation
import Grammars
import Tokenization

/// One answer in the making: draws tokens from logits, turns them to text, and says when it ends.
///
/// Who evaluates the tokens, alone or together with others, does not matter here.
struct AnswerWriter {
    enum Step: Hashable {
        /// To be evaluated, for the logits after it.
        case token(TokenID)
        case end(ResponseSummary.Reason)
    }

    private let tokenizer: Tokenizer
    private let options: ResponseOptions
    private let endings: Set<TokenID>
    private let promptTokens: Int
    private var sampler: Sampler
    private var output: TextOutlet
    private var constraint: Constraint?
    private var mask: TokenMask?
    private(set) var generated = 0

    init(_ model: LoadedModel, _ prompt: [TokenID], _ options: ResponseOptions, _ rules: AnswerRules) throws {
        tokenizer = model.tokenizer
        self.options = options
        endings = tokenizer.endOfGenerationIDs.union(rules.ends)
        promptTokens = prompt.count
        sampler = try Sampler(options.samplingOptions(tokenizer))
        sampler.accept(prompt)
        constraint = rules.constraint
        output = TextOutlet(tokenizer, stops: options.stops, showsControlTokens: rules.showsControlTokens)
    }

    /// Draws the next token from the logits after the last, and reports the text that is certain with it.
    mutating func next(
        _ logits: UnsafeMutableBufferPointer<Float>, report: (ChatEvent) throws -> Void
    ) throws -> Step {
        let limit = options.maxTokens ?? .max
        guard generated < limit else { return .end(.maxTokens) }
        let token = try draw(logits)
        if endings.contains(token.id) { return .end(.stop) }
        generated += 1
        sampler.accept(token.id)
        if options.logProbabilities != nil { try report(.token(choice(token))) }
        try output.append(token.id) { try report(.text($0)) }
        if output.hasStopped { return .end(.stopText) }
        // What can't go on need not be asked for its end.
        if constraint?.isComplete == true { return .end(.stop) }
        return generated == limit ? .end(.maxTokens) : .token(token.id)
    }

    /// How many more tokens there may be.
    var tokensLeft: Int { (options.maxTokens ?? .max) - generated }

    /// Draws a token that the constraint allows, as likely as if the others had never been.
    ///
    /// What the model would say anyway is nearly always allowed, and asking for one token is cheap; the mask of all is
    /// only made after a refusal.
    private mutating func draw(_ logits: UnsafeMutableBufferPointer<Float>) throws -> SampledToken {
        var token = try sampler.sample(logits, alternatives: options.logProbabilities)
        guard var constraint else { return token }
        // Out of its place while it changes, so that nothing is copied.
        self.constraint = nil
        defer { self.constraint = constraint }
        if !constraint.allows(token.id) {
            // Some models have fewer tokens than logits.
            var mask = mask ?? TokenMask(count: constraint.vocabularyCount)
            self.mask = nil
            defer { self.mask = mask }
            try constraint.mask(into: &mask)
            token = try sampler.sampleAgain(logits, among: mask.words)
        }
        try constraint.accept(token.id)
        return token
    }

    /// Reports text that was held back for a stop text that did not come.
    mutating func finish(_ report: (ChatEvent) throws -> Void) throws {
        try output.finish { try report(.text($0)) }
    }

    func summary(
        _ reason: ResponseSummary.Reason, reused: Int, reading: Duration, generating: Duration
    ) -> ResponseSummary {
        ResponseSummary(
            reason: reason, promptTokens: promptTokens, reusedTokens: reused, generatedTokens: generated,
            promptSeconds: reading / .seconds(1), generationSeconds: generating / .seconds(1),
            stopText: output.stopText)
    }

    private func choice(_ token: SampledToken) -> TokenChoice {
        func candidate(_ id: TokenID, _ logProbability: Float) -> TokenChoice.Candidate {
            TokenChoice.Candidate(id: id, bytes: tokenizer.bytes(of: id) ?? [], logProbability: logProbability)
        }
        return TokenChoice(
            taken: candidate(token.id, token.logProbability ?? 0),
            likeliest: token.alternatives.map { candidate($0.id, $0.logProbability) })
    }
}
