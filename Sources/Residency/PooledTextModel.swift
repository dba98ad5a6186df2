package import Chat

/// Answers with a model that is brought into memory when somebody asks something.
package struct PooledTextModel: TextModel, PooledModel {
    private typealias Events = AsyncThrowingStream<ChatEvent, any Error>

    package let pool: ModelPool
    package let index: Int
    package let contextLength: Int
    package let facts: ModelFacts

    /// How long a load may take before there is an event that tells of it: until then an error has a status of its own.
    private static let patience = Duration.seconds(1)

    /// - Parameter index: which of the pool's; the rest is what is known of it without having it in memory.
    package init(_ pool: ModelPool, _ index: Int, contextLength: Int, facts: ModelFacts) {
        (self.pool, self.index) = (pool, index)
        (self.contextLength, self.facts) = (contextLength, facts)
    }

    package func respond(
        to messages: [Message], options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options) { $0.respond(to: messages, options: $1) }
    }

    package func complete(
        _ prompt: TextPrompt, options: ResponseOptions
    ) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(options) { $0.complete(prompt, options: $1) }
    }

    /// Waits for the model and passes its events on. The time that a request has includes the waiting.
    private func answer(
        _ options: ResponseOptions, _ begin: @escaping @Sendable (any TextModel, ResponseOptions) -> Events
    ) -> Events {
        Events { continuation in
            let work = Task {
                let clock = ContinuousClock()
                let start = clock.now
                let notice = Task {
                    try await Task.sleep(for: Self.patience)
                    continuation.yield(.reading(done: 0, total: 0))
                }
                defer { notice.cancel() }
                do {
                    try await pool.withModel(index, keepAlive: options.keepAlive, waitLimit: options.timeLimit) {
                        opened in
                        notice.cancel()
                        var options = options
                        if let limit = options.timeLimit {
                            options.timeLimit = max(0.001, limit - (clock.now - start) / .seconds(1))
                        }
                        for try await event in begin(try Self.text(of: opened), options) { continuation.yield(event) }
                    }
                    continuation.finish()
                } catch RequestRefusal.timeLimit(let seconds) {
                    continuation.finish(throwing: RequestRefusal.timeLimit(seconds: options.timeLimit ?? seconds))
                } catch {
                    continuation.finish(throwing: error)
                }
            }
            continuation.onTermination = { _ in work.cancel() }
        }
    }

    private static func text(of opened: OpenedModel) throws -> any TextModel {
        guard let model = opened.text else {
            throw RequestRefusal.unsupported(reason: "This model makes vectors and no text.")
        }
        return model
    }
}

extension PooledTextModel: StatusReporting {
    package var status: ModelStatus { pool.status(of: index) }
}

extension PooledTextModel: PromptInspection {
    package func promptText(of messages: [Message], tools: [ToolDefinition]) async throws -> String {
        try await inspect { try await $0.promptText(of: messages, tools: tools) }
    }

    package func tokenCount(of messages: [Message], tools: [ToolDefinition]) async throws -> Int {
        try await inspect { try await $0.tokenCount(of: messages, tools: tools) }
    }

    package func tokens(
        of text: String, addsSequenceTokens: Bool, readsControlTokens: Bool
    ) async throws -> [TextToken] {
        try await inspect {
            try await $0.tokens(
                of: text, addsSequenceTokens: addsSequenceTokens, readsControlTokens: readsControlTokens)
        }
    }

    package func bytes(of tokens: [Int32]) async throws -> [UInt8]? {
        try await inspect { try await $0.bytes(of: tokens) }
    }

    private func inspect<T: Sendable>(_ look: (any PromptInspection) async throws -> T) async throws -> T {
        try await pool.withModel(index) { opened in
            guard let model = opened.text as? any PromptInspection else {
                throw RequestRefusal.unsupported(reason: "This model does not tell what its prompts become.")
            }
            return try await look(model)
        }
    }
}
