/// How an answer is to be made. The defaults always take the likeliest token.
package struct ResponseOptions: Hashable, Sendable {
    package var temperature: Double = 0
    /// 0: all tokens.
    package var topK = 0
    package var topP: Double = 1
    package var minP: Double = 0
    package var typicalP: Double = 1
    /// 1: none.
    package var repetitionPenalty: Double = 1
    package var frequencyPenalty: Double = 0
    package var presencePenalty: Double = 0
    /// Tokens that the three penalties look back at; -1 for all.
    package var penaltyWindow = 64
    package var dry = RepeatedPhrases()
    /// Added to the scores of these tokens.
    package var logitBias: [Int32: Double] = [:]
    /// Nil: a new one each time.
    package var seed: UInt64?
    /// Nil: until the model stops or the context is full.
    package var maxTokens: Int?
    /// Seconds from the asking to the end of the answer; what is there by then is the answer. Nil: as long as it takes.
    package var timeLimit: Double?
    /// Texts that end the answer; they are not part of it.
    package var stops: [String] = []
    /// What the model may call.
    package var tools: [ToolDefinition] = []
    package var toolChoice = ToolChoice.auto
    /// Whether an answer may hold several calls.
    package var callsInParallel = true
    package var format = ResponseFormat.text
    /// Whether the model is to think before it answers, where its template leaves the choice; nil: as the template has it.
    package var thinks: Bool?
    /// The last message is the beginning of the answer, of which only what follows is told.
    package var continuesAnswer = false
    /// Report every token with this many rivals.
    package var logProbabilities: Int?
    /// Whose turn it is where several answers are made at a time.
    package var priority = Priority.interactive
    /// Answers for one client share; the machine is divided among clients.
    package var client = ""
    /// Seconds that the model stays in memory after its last use from now on; infinite: until others need the room; nil
    /// changes nothing. Models that are always there take no notice.
    package var keepAlive: Double?
    /// LoRA adapters that correct the model, no others; nil: those that are in force for whoever names none.
    package var adapters: [AdapterChoice]?

    package init() {}

    /// The tools that the model is to see.
    package var shownTools: [ToolDefinition] {
        switch toolChoice {
        case .auto, .required: tools
        case .none: []
        case .named(let name): tools.filter { $0.name == name }
        }
    }

    /// Whose answers go first.
    package enum Priority: String, Codable, Hashable, Sendable {
        /// Somebody waits for it.
        case interactive
        /// It can wait.
        case batch
    }

    /// DRY: makes a token less likely the longer the repetition that it would continue.
    package struct RepeatedPhrases: Hashable, Sendable {
        /// 0: off.
        package var multiplier: Double = 0
        package var base: Double = 1.75
        package var allowedLength = 2
        /// Tokens searched; -1 for all.
        package var window = -1
        /// Texts that repetitions do not reach across.
        package var breakers = ["\n", ":", "\"", "*"]

        package init() {}
    }
}
