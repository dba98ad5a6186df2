internal import HTTP
import Architectures
package import Chat
package import Generation
import Grammars
import ModelFiles
import Synchronization
import Tensors
import Tokenization

/// A model of this machine as a partner in conversations. What successive prompts share is read once.
package final class LocalChatModel: ChatModel {
    package let model: LoadedModel
    private let chatTemplate: Result<PromptTemplate, LocalChatError>
    /// Tokens of context.
    package let capacity: Int
    private let generator: Generator
    private let grammars: ModelGrammars
    /// The adapters that requests can ask for, and those that are in force for the others.
    package let adapterTable: AdapterTable
    /// Prompts may be long and schemas large: many at once would take the cores from the answers.
    private let preparations = TurnQueue(width: 4)

    /// One answer at a time in the order of asking, with the drafts of the model's own head; or several together, which
    /// share the weights that those would save. Both draft by lookup.
    private enum Generator: Sendable {
        case serial(SerialTextGenerator)
        case batched(BatchedTextGenerator)
    }

    /// - Parameters:
    ///   - sequences: conversations that it answers at a time; more wait. Memory grows with each.
    ///   - waiting: how many may wait; more are refused.
    ///   - prefixes: what to keep of prompts and answers apart from the conversations that run; nil for nothing. One
    ///     conversation at a time with drafts of the model's own head goes without.
    ///   - draft: a smaller model of the same vocabulary that guesses what comes next; nil for none. It takes the place
    ///     of the model's own head.
    ///   - needsTemplate: whether a model without a chat template is an error now; otherwise it is one when a
    ///     conversation comes.
    package convenience init(
        _ model: LoadedModel, _ options: SessionOptions, sequences: Int = 1, waiting: Int = 64,
        prefixes: PrefixCacheOptions? = nil, draft: LoadedModel? = nil, needsTemplate: Bool = true
    ) throws(LocalChatError) {
        let hasDrafts = options.drafts > 0 && model.language.decoder.nextTokenHead != nil
        if sequences == 1, draft == nil, prefixes == nil || hasDrafts {
            let generator = try TextGenerator(model, options)
            try self.init(
                model, options.adapters, capacity: generator.session.capacity,
                .serial(SerialTextGenerator(generator, waiting: waiting)), needsTemplate: needsTemplate)
        } else {
            var limits = BatchLimits(slots: sequences)
            limits.queue = waiting
            try self.init(
                model, options, limits, prefixes: prefixes, draft: draft, needsTemplate: needsTemplate)
        }
    }

    /// Answers as many conversations at a time as `limits` say.
    package convenience init(
        _ model: LoadedModel, _ options: SessionOptions, _ limits: BatchLimits, prefixes: PrefixCacheOptions? = nil,
        draft: LoadedModel? = nil, needsTemplate: Bool = true
    ) throws(LocalChatError) {
        try draft?.checkVocabulary(of: model)
        let generator = try BatchedTextGenerator(model, options, limits, prefixes: prefixes, draft: draft)
        try self.init(
            model, options.adapters, capacity: generator.capacity, .batched(generator), needsTemplate: needsTemplate)
    }

    private init(
        _ model: LoadedModel, _ adapters: AdapterSelection, capacity: Int, _ generator: Generator, needsTemplate: Bool
    ) throws(LocalChatError) {
        self.model = model
        self.capacity = capacity
        self.generator = generator
        grammars = ModelGrammars(model.tokenizer)
        adapterTable = AdapterTable(model.language, base: adapters)
        do {
            chatTemplate = .success(try model.promptTemplate())
        } catch {
            if needsTemplate { throw error }
            chatTemplate = .failure(error)
        }
    }

    /// What the cache of prefixes does; nil where there is none.
    package var prefixes: PrefixCacheMonitor? { batched?.prefixes }

    /// Nil where answers are made one at a time, with drafts of the model's own head.
    var batched: BatchedTextGenerator? { if case .batched(let batched) = generator { batched } else { nil } }

    /// Ends what runs, and returns when everything is on disk that is to go there and the caches are freed. What is asked
    /// later is cancelled.
    package func close() async {
        switch generator {
        case .serial(let serial): try? await serial.turns.withTurn {}
        case .batched(let batched): await onOwnThread { batched.close() }
        }
    }

    /// How conversations become prompts.
    package var template: PromptTemplate {
        get throws(LocalChatError) { try chatTemplate.get() }
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options) { [self] in
            let tools = options.shownTools
            let prompt = try prompt(
                of: messages, tools: tools, thinks: options.thinks, continuesAnswer: options.continuesAnswer)
            let template = try template
            var rules = AnswerRules()
            rules.showsControlTokens = !tools.isEmpty || template.format.needsControlTokens
            if let request = AnswerGrammar.request(options, template, opensInThinking: prompt.opensInThinking) {
                rules.constraint = try constraint(for: request, controlTokens: rules.showsControlTokens)
            }
            let parser = ToolCallParser(
                template.format, tools: tools, findsCalls: !tools.isEmpty, opensInThinking: prompt.opensInThinking)
            var reader = AnswerReader(parser)
            if options.continuesAnswer, let begun = messages.last?.content {
                _ = reader.read(.text(template.beginning(like: begun)))
            }
            return PreparedPrompt(tokens: tokens(of: prompt), rules: rules, reader: reader)
        }
    }

    func constraint(for request: GrammarRequest, controlTokens: Bool = false) throws(LocalChatError) -> Constraint {
        do { return try grammars.constraint(for: request, controlTokens: controlTokens) } catch {
            throw .grammar(error)
        }
    }

    /// Makes the prompt, waits for its turn, and generates.
    func answer(
        _ options: ResponseOptions, prepare: @escaping @Sendable () throws -> PreparedPrompt
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            let isCancelled = Flag()
            let deadline = options.timeLimit.map { ContinuousClock.now + .seconds($0) }
            let isLate: @Sendable () -> Bool = { deadline.map { ContinuousClock.now >= $0 } ?? false }
            let task = Task { [self] in
                do {
                    let adapters = try adapterTable.selection(options.adapters)
                    let prompt = try await preparations.withTurn { try await onOwnThread(prepare) }
                    guard prompt.tokens.count < capacity else {
                        throw LocalChatError.conversationTooLong(
                            tokens: prompt.tokens.count, context: capacity,
                            model: model.language.hyperparameters.longestContext)
                    }
                    let events = AnswerEvents(prompt.reader, continuation)
                    events.report(.reading(done: 0, total: prompt.tokens.count))
                    var summary = try await generate(
                        prompt, options, adapters, isCancelled: { isCancelled.isRaised || isLate() },
                        report: { events.report($0) })
                    if summary.reason == .cancelled, !isCancelled.isRaised, let limit = options.timeLimit {
                        guard summary.generatedTokens > 0 else { throw RequestRefusal.timeLimit(seconds: limit) }
                        summary.reason = .timeLimit
                    }
                    events.report(.finished(summary))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in
                isCancelled.raise()
                task.cancel()
            }
        }
    }

    private func generate(
        _ prompt: PreparedPrompt, _ options: ResponseOptions, _ adapters: AdapterSelection,
        isCancelled: @escaping @Sendable () -> Bool, report: @escaping @Sendable (ChatEvent) -> Void
    ) async throws -> ResponseSummary {
        switch generator {
        case .serial(let serial):
            return try await serial.turns.withTurn {
                try await onOwnThread {
                    try serial.generator.withLock { generator in
                        var summary: ResponseSummary?
                        generator.session.adapters = adapters
                        serial.activity.begin(prompt.tokens.count, client: options.client)
                        defer { serial.activity.end(summary) }
                        let made = try generator.generate(
                            prompt.tokens, options, rules: prompt.rules, isCancelled: isCancelled,
                            report: {
                                serial.activity.note($0)
                                report($0)
                            })
                        summary = made
                        return made
                    }
                }
            }
        case .batched(let batched):
            return try await withCheckedThrowingContinuation { continuation in
                batched.generate(
                    prompt.tokens, options, adapters, rules: prompt.rules, isCancelled: isCancelled, report: report
                ) {
                    continuation.resume(with: $0)
                }
            }
        }
    }
}

extension LocalChatModel: StatusReporting {
    package var status: ModelStatus {
        switch generator {
        case .serial(let serial):
            var status = serial.activity.board.status
            status.waiting = serial.turns.waitingCount
            return status
        case .batched(let batched): return batched.status
        }
    }
}

/// A prompt, and how what follows it is to be made and read.
struct PreparedPrompt: Sendable {
    var tokens: [TokenID]
    var rules = AnswerRules()
    /// Nil where the text is to be told as it is.
    var reader: AnswerReader?
}

/// Raised once, seen by another thread.
final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    func raise() { value.store(true, ordering: .relaxed) }
    var isRaised: Bool { value.load(ordering: .relaxed) }
}

/// One answer after the other, in the order of asking.
private final class SerialTextGenerator: Sendable {
    let generator: Mutex<TextGenerator>
    let turns: TurnQueue
    let activity = SerialActivity(board: StatusBoard(slots: 1))

    /// - Parameter waiting: requests that may wait for their turn.
    init(_ generator: sending TextGenerator, waiting: Int) {
        self.generator = Mutex(generator)
        turns = TurnQueue(limit: waiting)
    }
}
