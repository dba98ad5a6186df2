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
        private let state = Mutex<(begun: Int, abandoned: Int, options: ResponseOptions?)>((0, 0, nil))
        var begun: Int { state.withLock { $0.begun } }
        var abandoned: Int { state.withLock { $0.abandoned } }
        var options: ResponseOptions? { state.withLock { $0.options } }

        func begin(_ options: ResponseOptions) {
            state.withLock {
                $0.begun += 1
                $0.options = options
            }
        }
        func abandon() { state.withLock { $0.abandoned += 1 } }

        func waitUntil(_ condition: (Watch) -> Bool) async {
            while !condition(self) { try? await Task.sleep(for: .milliseconds(2)) }
        }
    }

    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(messages.last?.content ?? "", options)
    }

    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        answer(prompt.text + (prompt.suffix.map { "|" + $0 } ?? ""), options)
    }

    private func answer(_ text: String, _ options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        watch.begin(options)
        return AsyncThrowingStream { continuation in
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

    /// "Hello", in two pieces.
    static let hello = ScriptedModel(
        .events([.reading(done: 0, total: 5), .text("Hel"), .text("lo"), .finished(summary())]))
}
