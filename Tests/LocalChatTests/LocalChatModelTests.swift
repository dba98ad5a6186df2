import Chat
import Generation
import LocalChat
import TestSupport
import Testing
import Tokenization

@Suite("Local chat model")
struct LocalChatModelTests {
    private func chat(context: Int = 1024) throws -> LocalChatModel {
        var options = SessionOptions()
        options.context = context
        return try LocalChatModel(LoadedModel(path: TestModel.path(of: TestModel.smollm2)), options)
    }

    private func options(maxTokens: Int) -> ResponseOptions {
        var options = ResponseOptions()
        options.maxTokens = maxTokens
        return options
    }

    @Test("renders the conversation by the file's own template, control tokens once each")
    func template() throws {
        let chat = try chat()
        let ids = try chat.tokens(of: [Message(.system, "Be brief."), Message(.user, "Hi")])
        #expect(
            try chat.model.tokenizer.text(ids, options: DecodingOptions(rendersControlTokens: true))
                == """
                <|im_start|>system
                Be brief.<|im_end|>
                <|im_start|>user
                Hi<|im_end|>
                <|im_start|>assistant

                """)
    }

    @Test("streams an answer and ends with its numbers; the next turn keeps what both share")
    func conversation() async throws {
        let chat = try chat()
        var messages = [Message(.user, "What is the capital of France?")]
        var answer = ""
        var last: ResponseSummary?
        for try await event in chat.respond(to: messages, options: options(maxTokens: 16)) {
            if case .text(let piece) = event { answer += piece }
            if case .finished(let summary) = event { last = summary }
        }
        #expect(answer.contains("Paris"))
        let first = try #require(last)
        messages += [Message(.assistant, answer), Message(.user, "And of Italy?")]
        for try await event in chat.respond(to: messages, options: options(maxTokens: 4)) {
            if case .finished(let summary) = event { last = summary }
        }
        #expect(try #require(last).reusedTokens >= first.promptTokens)
    }

    private func text(_ events: AsyncThrowingStream<ChatEvent, any Error>) async throws -> String {
        var text = ""
        for try await event in events { if case .text(let piece) = event { text += piece } }
        return text
    }

    @Test("goes on with an answer that is begun, and tells what follows only")
    func begun() async throws {
        let chat = try chat()
        let begun = "The capital of France is"
        let messages = [Message(.user, "What is the capital of France?"), Message(.assistant, begun)]
        let prompt = try chat.prompt(of: messages, continuesAnswer: true)
        #expect(prompt.text.hasSuffix("France?<|im_end|>\n<|im_start|>assistant\n" + begun))
        var options = options(maxTokens: 2)
        options.continuesAnswer = true
        #expect(try await text(chat.respond(to: messages, options: options)).hasPrefix(" Paris"))
    }

    @Test("continues prompts of token ids like their text, alone and among texts")
    func tokenPrompts() async throws {
        let chat = try chat()
        let text = "1, 2, 3, 4, 5, 6,"
        let ids = chat.model.tokenizer.encode(text)
        let half = chat.model.tokenizer.encode("1, 2, 3,")
        let limit = options(maxTokens: 6)
        let expected = try await self.text(chat.complete(TextPrompt(text), options: limit))
        #expect(expected.hasPrefix(" 7, 8"))
        for pieces: [TextPrompt.Piece] in [[.tokens(ids)], [.tokens(half), .text(" 4, 5, 6,")]] {
            #expect(try await self.text(chat.complete(TextPrompt(pieces), options: limit)) == expected)
        }
        let vocabulary = chat.model.tokenizer.vocabularyCount
        for id in [-1, Int32(vocabulary)] {
            await #expect {
                try await self.text(chat.complete(TextPrompt([.tokens([1, id])]), options: limit))
            } throws: { error in
                guard case RequestRefusal.unsupported? = (error as? LocalChatError)?.refusal else { return false }
                return "\(error)".contains("\(id)")
            }
        }
    }

    @Test("stops working when nobody listens any more")
    func abandoned() async throws {
        let chat = try chat(context: 4096)
        let messages = [Message(.user, "Write a long story.")]
        for try await event in chat.respond(to: messages, options: options(maxTokens: 4000)) {
            if case .text = event { break }
        }
        // The model is free again at once, not after 4,000 tokens.
        for try await _ in chat.respond(to: messages, options: options(maxTokens: 1)) {}
    }

    @Test("refuses a conversation that does not fit, with the numbers")
    func tooLong() async throws {
        let chat = try chat(context: 32)
        let messages = [Message(.user, String(repeating: "word ", count: 100))]
        await #expect {
            for try await _ in chat.respond(to: messages, options: options(maxTokens: 1)) {}
        } throws: { error in
            guard case LocalChatError.conversationTooLong(_, context: 32, model: 8192) = error else { return false }
            return "\(error)".contains("--context")
        }
    }
}
