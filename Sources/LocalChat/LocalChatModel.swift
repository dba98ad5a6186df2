import Architectures
package import Chat
import ChatTemplates
import Foundation
package import Generation
import Synchronization
package import Tokenization

/// A model of this machine as a partner in a conversation. Answers one conversation at a time, the others in the order
/// of their coming; what successive prompts share is read once.
package final class LocalChatModel: ChatModel {
    package let model: LoadedModel
    private let template: Result<ChatTemplate, LocalChatError>
    /// Tokens of context.
    package let capacity: Int
    private let generator: Mutex<TextGenerator>
    private let turns = TurnQueue()

    /// - Parameter needsTemplate: whether a model without a chat template is an error now; otherwise it is one when a
    ///   conversation comes.
    package init(
        _ model: LoadedModel, _ options: SessionOptions, needsTemplate: Bool = true
    ) throws(LocalChatError) {
        self.model = model
        do {
            template = .success(try model.chatTemplate())
        } catch {
            if needsTemplate { throw error }
            template = .failure(error)
        }
        let generator = try TextGenerator(model, options)
        capacity = generator.session.capacity
        self.generator = Mutex(generator)
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options) { [self] in try tokens(of: messages) }
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
                    let summary = try await turns.withTurn { [self] in
                        try await onOwnThread { [self] in
                            try generator.withLock { generator in
                                try generator.generate(
                                    prompt, options, ends: ends, isCancelled: { isCancelled.isRaised }
                                ) { continuation.yield($0) }
                            }
                        }
                    }
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

    /// The conversation as the model reads it, up to where its answer begins.
    package func tokens(of messages: [Message]) throws(LocalChatError) -> [TokenID] {
        var context = TemplateMap()
        context["messages"] = .list(
            messages.map { ["role": .string($0.role.rawValue), "content": .string($0.content)] })
        context["add_generation_prompt"] = true
        for (name, id) in [
            ("bos_token", model.tokenizer.special.beginOfSequence),
            ("eos_token", model.tokenizer.special.endOfSequence),
        ] {
            if let bytes = id.flatMap(model.tokenizer.bytes(of:)) {
                context[name] = .string(String(decoding: bytes, as: UTF8.self))
            }
        }
        let text: String
        let template = try self.template.get()
        do { text = try template.render(context) } catch { throw .template(error, file: model.path) }
        // The template writes the tokens that begin a sequence itself.
        return model.tokenizer.encode(text, options: EncodingOptions(addsSequenceTokens: false))
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
