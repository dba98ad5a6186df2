import Architectures
package import Chat
import Foundation
package import Generation
import Synchronization
import Tokenization

/// A model of this machine as a partner in conversations. What successive prompts share is read once.
package final class LocalChatModel: ChatModel {
    package let model: LoadedModel
    private let chatTemplate: Result<PromptTemplate, LocalChatError>
    /// Tokens of context.
    package let capacity: Int
    private let generator: Generator

    /// One answer at a time in the order of asking, with the drafts of the model's own head; or several together, whose
    /// passes have no drafts yet: they share the weights that a draft would save.
    private enum Generator: Sendable {
        case serial(SerialTextGenerator)
        case batched(BatchedTextGenerator)
    }

    /// - Parameters:
    ///   - sequences: conversations that it answers at a time; more wait. Memory grows with each.
    ///   - prefixes: what to keep of prompts and answers apart from the conversations that run; nil for nothing. One
    ///     conversation at a time with drafts of the model's own head goes without.
    ///   - needsTemplate: whether a model without a chat template is an error now; otherwise it is one when a
    ///     conversation comes.
    package convenience init(
        _ model: LoadedModel, _ options: SessionOptions, sequences: Int = 1, prefixes: PrefixCacheOptions? = nil,
        needsTemplate: Bool = true
    ) throws(LocalChatError) {
        let hasDrafts = options.drafts > 0 && model.language.decoder.nextTokenHead != nil
        if sequences == 1, prefixes == nil || hasDrafts {
            let generator = try TextGenerator(model, options)
            try self.init(
                model, capacity: generator.session.capacity, .serial(SerialTextGenerator(generator)),
                needsTemplate: needsTemplate)
        } else {
            try self.init(
                model, options, BatchLimits(slots: sequences), prefixes: prefixes, needsTemplate: needsTemplate)
        }
    }

    /// Answers as many conversations at a time as `limits` say.
    package convenience init(
        _ model: LoadedModel, _ options: SessionOptions, _ limits: BatchLimits, prefixes: PrefixCacheOptions? = nil,
        needsTemplate: Bool = true
    ) throws(LocalChatError) {
        let generator = try BatchedTextGenerator(model, options, limits, prefixes: prefixes)
        try self.init(model, capacity: generator.capacity, .batched(generator), needsTemplate: needsTemplate)
    }

    private init(
        _ model: LoadedModel, capacity: Int, _ generator: Generator, needsTemplate: Bool
    ) throws(LocalChatError) {
        self.model = model
        self.capacity = capacity
        self.generator = generator
        do {
            chatTemplate = .success(try model.promptTemplate())
        } catch {
            if needsTemplate { throw error }
            chatTemplate = .failure(error)
        }
    }

    /// What the cache of prefixes does; nil where there is none.
    package var prefixes: PrefixCacheMonitor? {
        if case .batched(let batched) = generator { batched.prefixes } else { nil }
    }

    /// How conversations become prompts.
    package var template: PromptTemplate {
        get throws(LocalChatError) { try chatTemplate.get() }
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options) { [self] in try tokens(of: VolatileLines.removing(from: messages)) }
    }

    /// Makes the prompt, waits for its turn, and generates.
    /// - Parameter ends: token ids that end the text besides the model's own.
    func answer(
        _ options: ResponseOptions, ends: Set<TokenID> = [], makePrompt: @escaping @Sendable () throws -> [TokenID]
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            let isCancelled = Flag()
            let task = Task { [self] in
                do {
                    let prompt = try await onOwnThread(makePrompt)
                    guard prompt.count < capacity else {
                        throw LocalChatError.conversationTooLong(
                            tokens: prompt.count, context: capacity,
                            model: model.language.hyperparameters.longestContext)
                    }
                    continuation.yield(.reading(done: 0, total: prompt.count))
                    let summary = try await generate(
                        prompt, options, ends: ends, isCancelled: { isCancelled.isRaised },
                        report: { _ = continuation.yield($0) })
                    continuation.yield(.finished(summary))
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
        _ prompt: [TokenID], _ options: ResponseOptions, ends: Set<TokenID>,
        isCancelled: @escaping @Sendable () -> Bool, report: @escaping @Sendable (ChatEvent) -> Void
    ) async throws -> ResponseSummary {
        switch generator {
        case .serial(let serial):
            try await serial.turns.withTurn {
                try await onOwnThread {
                    try serial.generator.withLock { generator in
                        try generator.generate(
                            prompt, options, ends: ends, isCancelled: isCancelled, report: { report($0) })
                    }
                }
            }
        case .batched(let batched):
            try await withCheckedThrowingContinuation { continuation in
                batched.generate(prompt, options, ends: ends, isCancelled: isCancelled, report: report) {
                    continuation.resume(with: $0)
                }
            }
        }
    }
}

/// Runs work that blocks on a thread of its own: it would hold one of the few that all tasks share.
private func onOwnThread<T: Sendable>(_ work: @escaping @Sendable () throws -> T) async throws -> T {
    try await withCheckedThrowingContinuation { continuation in
        let thread = Thread { continuation.resume(with: Result { try work() }) }
        thread.stackSize = 8 << 20
        thread.start()
    }
}

/// Raised once, seen by another thread.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    func raise() { value.store(true, ordering: .relaxed) }
    var isRaised: Bool { value.load(ordering: .relaxed) }
}

/// One answer after the other, in the order of asking.
private final class SerialTextGenerator: Sendable {
    let generator: Mutex<TextGenerator>
    let turns = TurnQueue()
    init(_ generator: sending TextGenerator) { self.generator = Mutex(generator) }
}
