import Chat
import Synchronization

/// A model whose answers are written beforehand.
struct ScriptedModel: TextModel {
    enum Script: Sendable {
        /// These events, then the end.
        case events([ChatEvent])
        /// These events, then an error.
        case failure([ChatEvent], any Error)
        /// These events, then nothing, until somebody loses interest.
        case endless([ChatEvent])
        /// The prompt's own text, a character at a time.
        case echo
    }

    let script: Script
    let watch = Watch()
    var contextLength: Int { 128 }

    init(_ script: Script) { self.script = script }

    /// What was asked, and how often an answer was begun and given up.
    final class Watch: Sendable {
        private struct State {
            var begun = 0
            var abandoned = 0
            var options: ResponseOptions?
            var messages: [Message] = []
            var prompt: TextPrompt?
        }
        private let state = Mutex(State())
        var begun: Int { state.withLock { $0.begun } }
        var abandoned: Int { state.withLock { $0.abandoned } }
        var options: ResponseOptions? { state.withLock { $0.options } }
        /// Of the last question.
        var messages: [Message] { state.withLock { $0.messages } }
        var prompt: TextPrompt? { state.withLock { $0.prompt } }

        func begin(_ options: ResponseOptions, messages: [Message] = [], prompt: TextPrompt? = nil) {
            state.withLock {
                $0.begun += 1
                $0.options = options
                $0.messages = messages
                $0.prompt = prompt
            }
        }
        func abandon() { state.withLock { $0.abandoned += 1 } }

        func waitUntil(_ condition: (Watch) -> Bool) async {
            while !condition(self) { try? await Task.sleep(for: .milliseconds(2)) }
        }
    }

    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        watch.begin(options, messages: messages)
        return answer(messages.last?.content ?? "")
    }

    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        watch.begin(options, prompt: prompt)
        return answer((prompt.text ?? "\(prompt.pieces)") + (prompt.suffix.map { "|" + $0 } ?? ""))
    }

    private func answer(_ text: String) -> AsyncThrowingStream<ChatEvent, any Error> {
        AsyncThrowingStream { continuation in
            continuation.onTermination = { [watch] reason in
                if case .cancelled = reason { watch.abandon() }
            }
            switch script {
            case .events(let events):
                for event in events { continuation.yield(event) }
                continuation.finish()
            case .failure(let events, let error):
                for event in events { continuation.yield(event) }
                continuation.finish(throwing: error)
            case .endless(let events):
                for event in events { continuation.yield(event) }
                continuation.onTermination = { [watch] reason in
                    if case .cancelled = reason { watch.abandon() }
                    // Somebody has to hold it: a stream that nobody could yield to any more would end.
                    _ = continuation
                }
            case .echo:
                continuation.yield(.reading(done: 0, total: text.count))
                for character in text { continuation.yield(.text(String(character))) }
                continuation.yield(.finished(Self.summary(generated: text.count)))
                continuation.finish()
            }
        }
    }

    static func summary(_ reason: ResponseSummary.Reason = .stop, generated: Int = 2) -> ResponseSummary {
        ResponseSummary(
            reason: reason, promptTokens: 5, reusedTokens: 0, generatedTokens: generated, promptSeconds: 0,
            generationSeconds: 0)
    }

    /// "Hello", in two pieces; a new one each time, so that tests do not watch each other.
    static var hello: ScriptedModel {
        ScriptedModel(.events([.reading(done: 0, total: 5), .text("Hel"), .text("lo"), .finished(summary())]))
    }
}
