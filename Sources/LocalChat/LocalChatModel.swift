import Architectures
package import Chat
import Foundation
package import Generation
import Synchronization

/// A model of this machine as a partner in a conversation. Answers one conversation at a time; what successive prompts
/// share is read once.
package final class LocalChatModel: ChatModel {
    package let model: LoadedModel
    /// How conversations become prompts.
    package let template: PromptTemplate
    /// Tokens of context.
    package let capacity: Int
    private let generator: Mutex<TextGenerator>

    package init(_ model: LoadedModel, _ options: SessionOptions) throws(LocalChatError) {
        self.model = model
        template = try model.promptTemplate()
        let generator = try TextGenerator(model, options)
        capacity = generator.session.capacity
        self.generator = Mutex(generator)
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            let isCancelled = Flag()
            continuation.onTermination = { _ in isCancelled.raise() }
            // A thread of its own: the evaluation would hold one of the few that all tasks share.
            let thread = Thread { [self] in
                do {
                    let prompt = try tokens(of: messages)
                    guard prompt.count < capacity else {
                        throw LocalChatError.conversationTooLong(
                            tokens: prompt.count, context: capacity,
                            model: model.language.hyperparameters.longestContext)
                    }
                    let summary = try generator.withLock { generator in
                        try generator.generate(prompt, options, isCancelled: { isCancelled.isRaised }) {
                            continuation.yield($0)
                        }
                    }
                    continuation.yield(.finished(summary))
                    continuation.finish()
                } catch {
                    continuation.finish(throwing: error)
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
