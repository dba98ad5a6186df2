import Chat
import HTTP
import JSON
import RemoteChat
import TestSupport
import Testing

@Suite("A model behind an address")
struct RemoteChatTests {
    private let upstream: PythonServer

    init() throws { upstream = try PythonServer("Tests/RemoteChatTests/upstream.py") }

    private func model(
        _ mode: String, _ dialect: Endpoint.Dialect = .openai, key: String? = nil
    ) -> RemoteChatModel {
        let address = "http://127.0.0.1:\(upstream.port)/\(mode)/v1"
        return RemoteChatModel(
            Endpoint(dialect, address: address, model: "m", key: key), client: HTTPClient(),
            pauses: [0.01, 0.01, 0.01])
    }

    private func answer(
        _ model: RemoteChatModel, _ messages: [Message] = [Message(.user, "hello")],
        _ options: ResponseOptions = ResponseOptions()
    ) async throws -> (message: Message, summary: ResponseSummary?) {
        var assembler = AnswerAssembler()
        var summary: ResponseSummary?
        for try await event in model.respond(to: messages, options: options) {
            assembler.add(event)
            if case .finished(let end) = event { summary = end }
        }
        return (assembler.message, summary)
    }

    @Test("tells thoughts, text and numbers, wherever the stream is cut into pieces", arguments: ["text", "text-crlf"])
    func text(mode: String) async throws {
        let (message, summary) = try await answer(model(mode))
        #expect(message.content == "Grüße 🦜\nEND of it" && message.thinking == "hm")
        #expect(summary?.promptTokens == 12 && summary?.reusedTokens == 4 && summary?.generatedTokens == 5)
        #expect(summary?.reason == .stop)
    }

    @Test("tells calls of tools, several in one answer")
    func tools() async throws {
        let (message, _) = try await answer(model("tools"))
        #expect(
            message.toolCalls == [
                ToolCall(id: "a1", name: "read", arguments: #"{"path":"x"}"#),
                ToolCall(id: "b2", name: "list", arguments: "{}"),
            ])
    }

    @Test("reads Anthropic's streams")
    func anthropic() async throws {
        let (message, summary) = try await answer(model("message", .anthropic))
        #expect(message.content == "Grüße 🦜" && message.thinking == "hm")
        #expect(message.toolCalls == [ToolCall(id: "a1", name: "read", arguments: #"{"path":"x"}"#)])
        #expect(summary?.promptTokens == 12 && summary?.reusedTokens == 4 && summary?.generatedTokens == 5)
    }

    @Test("asks for what was wanted, and shows the key to nobody else")
    func request() async throws {
        var options = ResponseOptions()
        (options.temperature, options.maxTokens, options.seed, options.stops) = (0.5, 7, 3, ["a", "b"])
        options.continuesAnswer = true
        let messages = [Message(.system, "s"), Message(.user, "u"), Message(.assistant, "begun")]
        let (message, summary) = try await answer(model("echo", key: "secret"), messages, options)
        #expect(summary?.reason == .maxTokens)
        let facts = try #require(try JSONValue(parsing: Array(message.content.utf8)).object)
        #expect(
            facts["path"]?.string == "/echo/v1/chat/completions" && facts["authorization"]?.string == "Bearer secret")
        let body = try #require(facts["body"]?.object)
        #expect(body["max_tokens"]?.integer == 7 && body["temperature"]?.number == 0.5 && body["seed"]?.integer == 3)
        #expect(body["stop"]?.array?.compactMap(\.string) == ["a", "b"] && body["stream"]?.bool == true)
        #expect(body["messages"]?.array?.last?.object?["content"]?.string == "begun")
        #expect(body["continue_final_message"]?.bool == true)
    }

    @Test("looks for stop texts itself where there are more than the upstream takes")
    func stops() async throws {
        var options = ResponseOptions()
        options.stops = ["never", "nowhere", "\nEND", "not", "no"]
        let (message, summary) = try await answer(model("text"), [Message(.user, "hello")], options)
        #expect(message.content == "Grüße 🦜" && summary?.reason == .stopText && summary?.stopText == "\nEND")
        options.stops = ["never", "nowhere", "it was", "not", "no"]
        let (whole, _) = try await answer(model("text"), [Message(.user, "hello")], options)
        #expect(whole.content == "Grüße 🦜\nEND of it")
    }

    @Test("asks again while the upstream is busy, and no longer than it was told to")
    func busy() async throws {
        #expect(try await answer(model("busy-2")).message.content == "Grüße 🦜\nEND of it")
        await #expect(throws: RemoteChatError.self) { try await answer(model("busy-9")) }
    }

    @Test(
        "says in its words why there is no answer",
        arguments: [
            ("refused-401", "not you Set OPENAI_API_KEY"), ("refused-404", "Check the model's name"),
            ("cut", "was cut off"), ("fails", "out of parrots"), ("page", "sent what is no answer"),
        ])
    func refusals(mode: String, expected: String) async throws {
        do {
            _ = try await answer(model(mode))
            Issue.record("\(mode) was taken for an answer")
        } catch let error as RemoteChatError {
            #expect(error.description.contains(expected), "\(error.description)")
        }
    }

    @Test("tells a prompt that does not fit from other refusals", arguments: 0..<5)
    func tooLong(number: Int) async throws {
        let error = await #expect(throws: RemoteChatError.self) { try await answer(model("long-\(number)")) }
        #expect(error?.exceedsContext == (number < 4))
    }

    @Test("damaged streams are answers or errors, and nothing else", arguments: [Endpoint.Dialect.openai, .anthropic])
    func noise(dialect: Endpoint.Dialect) async throws {
        for seed in 0..<150 { _ = try? await answer(model("noise-\(seed)", dialect)) }
    }

    @Test("endpoints are told from names of models")
    func endpoints() {
        let environment = ["OPENAI_API_KEY": "k", "ANTHROPIC_API_KEY": ""]
        let named = Endpoint("openai:org/m:1@2@http://127.0.0.1:8/v1/", environment: environment)
        #expect(named == Endpoint(.openai, address: "http://127.0.0.1:8/v1", model: "org/m:1@2", key: "k"))
        let unnamed = Endpoint("anthropic:claude", environment: environment)
        #expect(unnamed == Endpoint(.anthropic, address: "https://api.anthropic.com/v1", model: "claude"))
        for name in ["qwen2.5-coder:1.5b", "openai", "openai:", "./openai.gguf"] {
            #expect(Endpoint(name, environment: environment) == nil)
        }
    }
}
