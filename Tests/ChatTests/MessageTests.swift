import Chat
import Foundation
import JSON
import TestSupport
import Testing

@Suite("Messages")
struct MessageTests {
    private func json(_ message: Message) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(message), as: UTF8.self)
    }

    private func message(_ json: String) throws -> Message {
        try JSONDecoder().decode(Message.self, from: Data(json.utf8))
    }

    @Test("of text alone are saved as they always were")
    func texts() throws {
        let text = Message(.user, "Hi\n")
        #expect(try json(text) == #"{"content":"Hi\n","role":"user"}"#)
        #expect(try message(#"{"role": "user", "content": "Hi\n"}"#) == text)
        #expect(text.content == "Hi\n" && text.parts == [.text("Hi\n")])
    }

    @Test("keep calls, results, thoughts and parts when saved and read")
    func everything() throws {
        let call = ToolCall(id: "1", name: "f", arguments: #"{"a": 1}"#)
        var parts = Message(.user, parts: [.text("a"), .image(mediaType: "image/png", bytes: [1, 2]), .text("b")])
        #expect(parts.hasImages && parts.content == "ab")
        for saved in [
            Message(calls: [call], text: "t", thinking: "hm"), Message(result: "r", of: "1"), parts,
            Message(.system, ""),
        ] {
            #expect(try message(json(saved)) == saved)
        }
        parts.content = "c"
        #expect(parts.parts == [.text("c")])
    }

    @Test("are put together from events")
    func assembled() {
        var assembler = AnswerAssembler()
        for event in [
            ChatEvent.reading(done: 1, total: 2), .thinking("a"), .thinking("b"), .text("c"),
            .callBegan(index: 0, id: "x", name: "f"), .callArguments(index: 0, fragment: "{"),
            .callArguments(index: 0, fragment: "}"), .callEnded(index: 0), .text("d"),
        ] {
            assembler.add(event)
        }
        let expected = Message(calls: [ToolCall(id: "x", name: "f", arguments: "{}")], text: "cd", thinking: "ab")
        #expect(assembler.message == expected)
    }

    @Test("the choice of tools says which the model is to see")
    func choice() {
        var options = ResponseOptions()
        options.tools = corpusTools
        #expect(options.shownTools == corpusTools)
        options.toolChoice = .required
        #expect(options.shownTools == corpusTools)
        options.toolChoice = .none
        #expect(options.shownTools.isEmpty)
        options.toolChoice = .named("now")
        #expect(options.shownTools.map(\.name) == ["now"])
    }

    @Test("raw answers are read as text, thoughts and calls, and end once")
    func reader() {
        let summary = ResponseSummary(
            reason: .stop, promptTokens: 1, reusedTokens: 0, generatedTokens: 1, promptSeconds: 0, generationSeconds: 0)
        let raw = "<think>\nhm</think>\nYes <tool_call>\n<function=now>\n</function>\n</tool_call>"
        for findsCalls in [true, false] {
            var reader = AnswerReader(
                ToolCallParser(.qwenCoder, tools: corpusTools, findsCalls: findsCalls) { "id\($0)" })
            var events = reader.read(.reading(done: 1, total: 1))
            for character in raw { events += reader.read(.text(String(character))) }
            events += reader.read(.finished(summary))
            #expect(events.first == .reading(done: 1, total: 1) && events.last == .finished(summary))
            let call = "<tool_call>\n<function=now>\n</function>\n</tool_call>"
            #expect(
                Piece.joined(events)
                    == [.thinking("hm")] + (findsCalls ? [.text("Yes"), .call("now", "{}")] : [.text("Yes " + call)]))
        }
    }

    @Test("ids are nine letters and digits, and not the same twice")
    func ids() {
        let ids = (0..<100).map { _ in ToolCall.randomID() }
        #expect(Set(ids).count == 100)
        #expect(ids.allSatisfy { $0.utf8.count == 9 && $0.allSatisfy { $0.isLetter || $0.isNumber } })
    }
}

@Suite("Formats of calls")
struct ToolCallFormatTests {
    @Test(
        "are told by the marks in a template, then by the architecture",
        arguments: [
            ("<tool_call>\n<function=f>\n<parameter=p>", nil, ToolCallFormat.qwenCoder),
            ("<tool_call>\n{\"name\": ", "qwen2", .hermes),
            ("<tool_call>{name}\n<arg_key>k</arg_key><arg_value>", nil, .glm),
            ("<minimax:tool_call><invoke name=", nil, .miniMax),
            ("'<｜tool▁call▁begin｜>' + name", nil, .deepSeek), ("｜DSML｜ function_calls", nil, .deepSeekMarkup),
            ("<|tool_call_begin|>", nil, .kimi), ("[TOOL_CALLS]", "llama", .mistral),
            ("<|python_tag|>", "llama", .llama), ("<|start|>assistant<|channel|>final<|message|>", nil, .harmony),
            ("{{ message }}", "deepseek2", .deepSeek), ("{{ message }}", "gpt-oss", .harmony), ("", "llama", .hermes),
        ] as [(String, String?, ToolCallFormat)])
    func choice(template: String, architecture: String?, format: ToolCallFormat) {
        #expect(ToolCallFormat(template: template, architecture: architecture) == format)
    }
}
