import Chat
import Generation
import JSON
import LocalChat
import TestSupport
import Testing
import Tokenization

/// SmolLM2 knows little of tools: what comes out well here, comes out well because it has to.
@Suite("Structured answers")
struct StructuredAnswerTests {
    private static let loaded = Result { try LoadedModel(path: TestModel.path(of: TestModel.smollm2)) }

    private func chat(sequences: Int = 1) throws -> LocalChatModel {
        var options = SessionOptions()
        options.context = 1024
        return try LocalChatModel(Self.loaded.get(), options, sequences: sequences)
    }

    private func options(_ format: ResponseFormat, seed: UInt64 = 1) -> ResponseOptions {
        var options = ResponseOptions()
        options.format = format
        options.temperature = 1
        options.seed = seed
        options.maxTokens = 300
        return options
    }

    private func answer(
        _ chat: LocalChatModel, _ question: String, _ options: ResponseOptions
    ) async throws -> (answer: AnswerAssembler, summary: ResponseSummary?) {
        var answer = AnswerAssembler()
        var summary: ResponseSummary?
        for try await event in chat.respond(to: [Message(.user, question)], options: options) {
            answer.add(event)
            if case .finished(let numbers) = event { summary = numbers }
        }
        return (answer, summary)
    }

    private let tools = [
        ToolDefinition(
            name: "get_weather", description: "Tells the weather.",
            parameters: try! JSONValue(
                parsing: Array(
                    #"{"type":"object","properties":{"city":{"enum":["Paris","Rome"]},"days":{"type":"integer","minimum":1,"maximum":9}},"required":["city","days"]}"#
                        .utf8))),
        ToolDefinition(name: "get_time"),
    ]

    @Test("an answer is what its schema allows, alone or beside others", arguments: [1, 3])
    func schema(sequences: Int) async throws {
        let chat = try chat(sequences: sequences)
        let schema = """
            {"type": "object", "required": ["name", "legs", "tags"], "properties": {
            "name": {"type": "string", "maxLength": 20}, "legs": {"enum": [2, 4]},
            "tags": {"type": "array", "items": {"type": "string", "maxLength": 8}, "maxItems": 3}}}
            """
        try await withThrowingTaskGroup(of: Void.self) { group in
            for seed in 1...6 as ClosedRange<UInt64> {
                group.addTask {
                    let (answer, summary) = try await self.answer(
                        chat, "Describe a bird.", options(.jsonSchema(schema), seed: seed))
                    #expect(summary?.reason == .stop)
                    let value = try #require(try JSONValue(parsing: Array(answer.text.utf8)).object)
                    #expect(value.members.map(\.key) == ["name", "legs", "tags"], "\(answer.text)")
                    #expect([2, 4].contains(value["legs"]?.integer))
                    #expect((value["tags"]?.array?.count ?? 9) <= 3)
                }
            }
            try await group.waitForAll()
        }
    }

    @Test("a choice, an expression and a grammar end the answer where nothing can follow")
    func small() async throws {
        let chat = try chat()
        let (choice, ended) = try await answer(chat, "Is water wet?", options(.choice(["certainly", "never"])))
        #expect(["certainly", "never"].contains(choice.text))
        #expect(ended?.reason == .stop)
        let (date, _) = try await answer(chat, "When?", options(.regularExpression("[12][0-9]{3}-[01][0-9]")))
        #expect(date.text.wholeMatch(of: /[12][0-9]{3}-[01][0-9]/) != nil, "\(date.text)")
        let (free, _) = try await answer(chat, "Count.", options(.grammar(##"root ::= "1" (", " [2-9]){3} ".""##)))
        #expect(free.text.wholeMatch(of: /1(, [2-9]){3}\./) != nil, "\(free.text)")
    }

    @Test("a call that is required comes, with arguments that its schema allows, and nothing else")
    func requiredCall() async throws {
        let chat = try chat()
        for seed in 1...5 as ClosedRange<UInt64> {
            var options = options(.text, seed: seed)
            options.tools = tools
            options.toolChoice = seed == 5 ? .named("get_time") : .required
            options.callsInParallel = false
            let (answer, summary) = try await answer(chat, "How is the weather in Rome?", options)
            let call = try #require(answer.calls.first, "\(answer.text)")
            #expect(answer.calls.count == 1 && answer.text.isEmpty && summary?.reason == .stop)
            let arguments = try #require(try JSONValue(parsing: Array(call.arguments.utf8)).object)
            if call.name == "get_weather" {
                #expect(["Paris", "Rome"].contains(arguments["city"]?.string))
                #expect((1...9).contains(arguments["days"]?.integer ?? 0))
            } else {
                #expect(call.name == "get_time" && arguments.members.isEmpty)
            }
            if seed == 5 { #expect(call.name == "get_time") }
        }
    }

    @Test("a grammar that is none is refused before anything is made, with its place")
    func refused() async throws {
        let chat = try chat()
        for (format, word) in [
            (ResponseFormat.jsonSchema(#"{"type":"strin"}"#), "type"), (.grammar("root ::= \"a"), "line 1"),
            (.regularExpression("a("), "character"),
        ] {
            let error = await #expect(throws: LocalChatError.self) {
                _ = try await answer(chat, "?", options(format))
            }
            guard case .unsupported(let reason)? = error?.refusal else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(reason.contains(word), "\(reason)")
        }
    }

    @Test("what the model would say anyway stays as it is")
    func unchanged() async throws {
        let chat = try chat()
        var free = ResponseOptions()
        free.maxTokens = 20
        let plain = try await answer(chat, "What is the capital of France?", free)
        free.format = .regularExpression(#"[\s\S]*"#)
        let held = try await answer(chat, "What is the capital of France?", free)
        #expect(plain.answer.text == held.answer.text && !plain.answer.text.isEmpty)
    }
}
