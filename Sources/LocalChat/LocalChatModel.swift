import Architectures
package import Chat
import Foundation
package import Generation
import Synchronization

/// A model of this machine as a partner in conversations. What successive prompts share is read once.
package final class LocalChatModel: ChatModel {
    package let model: LoadedModel
    /// How conversations become prompts.
    package let template: PromptTemplate
    /// Tokens of context.
    package let capacity: Int
    private let generator: Generator

    /// One answer at a time, with the drafts of the model's own head; or several together, whose passes have no drafts
    /// yet: they share the weights that a draft would save.
    private enum Generator: Sendable {
        case serial(SerialTextGenerator)
        case batched(BatchedTextGenerator)
    }

    /// - Parameter sequences: conversations that it answers at a time; more wait. Memory grows with each.
    package convenience init(
        _ model: LoadedModel, _ options: SessionOptions, sequences: Int = 1
    ) throws(LocalChatError) {
        if sequences == 1 {
            let generator = try TextGenerator(model, options)
            try self.init(
                model, capacity: generator.session.capacity, .serial(SerialTextGenerator(generator)))
        } else {
            try self.init(model, options, BatchLimits(slots: sequences))
        }
    }

    /// Answers as many conversations at a time as `limits` say.
    package convenience init(
        _ model: LoadedModel, _ options: SessionOptions, _ limits: BatchLimits
    ) throws(LocalChatError) {
        let generator = try BatchedTextGenerator(model, options, limits)
        try self.init(model, capacity: generator.capacity, .batched(generator))
    }

    private init(_ model: LoadedModel, capacity: Int, _ generator: Generator) throws(LocalChatError) {
        self.model = model
        template = try model.promptTemplate()
        self.capacity = capacity
        self.generator = generator
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            let isCancelled = Flag()
            continuation.onTermination = { _ in isCancelled.raise() }
            // A thread of its own: reading the conversation and evaluating it would hold one of the few that all tasks
            // share.
            let thread = Thread { [self] in
                // Keeps the generator until the answer is complete.
                @Sendable func finish(_ result: Result<ResponseSummary, any Error>) {
                    withExtendedLifetime(self) {
                        if case .success(let summary) = result { continuation.yield(.finished(summary)) }
                        continuation.finish(throwing: result.failure)
                    }
                }
                do {
                    let prompt = try tokens(of: messages)
                    guard prompt.count < capacity else {
                        throw LocalChatError.conversationTooLong(
                            tokens: prompt.count, context: capacity,
                            model: model.language.hyperparameters.longestContext)
                    }
                    switch generator {
                    case .serial(let serial):
                        let summary = try serial.generator.withLock { generator in
                            try generator.generate(prompt, options, isCancelled: { isCancelled.isRaised }) {
                                continuation.yield($0)
                            }
                        }
                        finish(.success(summary))
                    case .batched(let batched):
                        batched.generate(
                            prompt, options, isCancelled: { isCancelled.isRaised },
                            report: { _ = continuation.yield($0) }, finish: finish)
                    }
                } catch {
                    finish(.failure(error))
                }
            }
            thread.stackSize = 8 << 20
            thread.start()
        }
    }
}

/// Raised once, seen by another thread.
private final class Flag: Sendable {
    private let value = Atomic<Bool>(false)
    func raise() { value.store(true, ordering: .relaxed) }
    var isRaised: Bool { value.load(ordering: .relaxed) }
}

/// One answer after the other.
private final class SerialTextGenerator: Sendable {
    let generator: Mutex<TextGenerator>
    init(_ generator: sending TextGenerator) { self.generator = Mutex(generator) }
}

extension Result {
    fileprivate var failure: Failure? {
        if case .failure(let error) = self { error } else { nil }
    }
}
