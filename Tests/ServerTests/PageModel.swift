import Chat

/// A model that does what the last message tells it to: `say`, `slowly`, `system` (its own prompt) or `fail`, and then a text.
///
/// With `slowly` the text comes in pieces over and over, until somebody stops it.
struct PageModel: TextModel, StatusReporting {
    var contextLength: Int { 4096 }

    var status: ModelStatus {
        ModelStatus(
            slots: [
                ModelStatus.Slot(state: .generating, client: "tester", heldTokens: 1024, generatedTokens: 24),
                ModelStatus.Slot(),
            ],
            waiting: 3, readTokens: 1000, generatedTokens: 24,
            cache: ModelStatus.PrefixCache(
                bytes: 3 << 20, capacityBytes: 1 << 30, lookups: 4, hits: 3, reusedTokens: 777))
    }

    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        respond(to: [Message(.user, prompt.text ?? "")], options: options)
    }

    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        let system = messages.first { $0.role == .system }?.content ?? ""
        let last = messages.last?.content ?? ""
        let command = last.prefix { $0 != " " && $0 != "\n" }
        let text = String(last.dropFirst(command.count + 1))
        return AsyncThrowingStream { continuation in
            let task = Task {
                continuation.yield(.reading(done: 0, total: 8))
                if command == "fail" { throw RequestRefusal.contextExceeded(promptTokens: 5000, context: 4096) }
                var count = 0
                repeat {
                    for piece in pieces(command == "system" ? system : text) {
                        count += 1
                        continuation.yield(.text(piece))
                        if command == "slowly" { try await Task.sleep(for: .milliseconds(10)) }
                    }
                } while command == "slowly"
                continuation.yield(
                    .finished(
                        ResponseSummary(
                            reason: .stop, promptTokens: 8, reusedTokens: 2, generatedTokens: count,
                            promptSeconds: 0.01, generationSeconds: 0.1)))
                continuation.finish()
            }
            // A task that fails ends the stream with its error.
            let end = Task {
                do { try await task.value } catch { continuation.finish(throwing: error) }
            }
            continuation.onTermination = { _ in
                task.cancel()
                end.cancel()
            }
        }
    }

    /// Three characters at a time: most marks of Markdown come in halves.
    private func pieces(_ text: String) -> [String] {
        let characters = Array(text)
        return stride(from: 0, to: characters.count, by: 3).map {
            String(characters[$0..<min($0 + 3, characters.count)])
        }
    }
}
