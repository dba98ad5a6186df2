import Chat
import Synchronization

/// Says "Hello", and comes and goes as it is told to; a question to which it is not there makes it come.
struct SwitchableModel: TextModel, PromptInspection, LoadableModel {
    private final class Switch: Sendable {
        struct State {
            var residence = ModelResidence(state: .unloaded, byteCount: 1000)
            var keepAlive: Double?
        }
        let state = Mutex(State())
    }
    let answering = ScriptedModel.hello
    private let memory = Switch()

    var contextLength: Int { answering.contextLength }
    var facts: ModelFacts { answering.facts }
    var residence: ModelResidence { memory.state.withLock { $0.residence } }
    var keepAlive: Double? { memory.state.withLock { $0.keepAlive } }

    func load(keepAlive: Double?) async throws {
        memory.state.withLock { state in
            state.residence.state = .loaded
            state.residence.loads += 1
            state.residence.secondsLeft = keepAlive
            state.keepAlive = keepAlive
        }
    }

    func unload() {
        memory.state.withLock { state in
            state.residence.state = .unloaded
            state.residence.unloads += 1
        }
    }

    func respond(to messages: [Message], options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        memory.state.withLock { $0.residence.state = .loaded }
        return answering.respond(to: messages, options: options)
    }
    func complete(_ prompt: TextPrompt, options: ResponseOptions) -> AsyncThrowingStream<ChatEvent, any Error> {
        answering.complete(prompt, options: options)
    }
    func promptText(of messages: [Message], tools: [ToolDefinition]) -> String {
        answering.promptText(of: messages, tools: tools)
    }
    func tokenCount(of messages: [Message], tools: [ToolDefinition]) -> Int {
        answering.tokenCount(of: messages, tools: tools)
    }
    func tokens(of text: String, addsSequenceTokens: Bool, readsControlTokens: Bool) -> [TextToken] {
        answering.tokens(of: text, addsSequenceTokens: addsSequenceTokens, readsControlTokens: readsControlTokens)
    }
    func bytes(of tokens: [Int32]) -> [UInt8]? { answering.bytes(of: tokens) }
}
