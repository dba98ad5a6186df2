import Chat
import JSON
import TestSupport
import Testing

@Suite("Tool call parsers")
struct ToolCallParserTests {
    @Test("find the calls, the thoughts and the text of every answer in the corpus")
    func whole() {
        for item in corpus {
            #expect(item.pieces() == item.expected, "\(item.format), \(item.name)")
        }
    }

    @Test("an answer cut anywhere, once, twice or into bytes, is the same answer", arguments: ToolCallFormat.allCases)
    func cuts(format: ToolCallFormat) {
        for item in corpus where item.format == format {
            let count = item.text.utf8.count
            let expected = item.pieces()
            var lost: [[Int]] = []
            for first in 0...count where item.pieces(cutAt: [first]) != expected { lost.append([first]) }
            if count < 260 {
                for first in 0...count {
                    for second in first...count where item.pieces(cutAt: [first, second]) != expected {
                        lost.append([first, second])
                    }
                }
            }
            if item.pieces(cutAt: Array(0...count)) != expected { lost.append([-1]) }
            #expect(lost.isEmpty, "\(item.format), \(item.name): \(lost.prefix(3))")
        }
    }

    @Test("calls have one id, whole events in order, and arguments that are JSON objects")
    func order() throws {
        for item in corpus {
            var open: Int?
            var begun = 0
            var arguments = ""
            for event in item.events(cutAt: Array(0...item.text.utf8.count)) {
                switch event {
                case .callBegan(let index, let id, _):
                    #expect(open == nil && index == begun && !id.isEmpty)
                    open = index
                    begun += 1
                    arguments = ""
                case .callArguments(let index, let fragment):
                    #expect(open == index && !fragment.isEmpty)
                    arguments += fragment
                case .callEnded(let index):
                    #expect(open == index)
                    open = nil
                    let value = try JSONValue(parsing: Array(arguments.utf8))
                    #expect(value.object != nil, "\(item.name)")
                case .text(let text), .thinking(let text): #expect(open == nil && !text.isEmpty)
                case .reading, .token, .finished: Issue.record("\(event)")
                }
            }
            #expect(open == nil, "\(item.name)")
        }
    }

    @Test("texts are told while they come, not when they end")
    func streams() {
        for (format, begin) in [
            (ToolCallFormat.qwenCoder, "<tool_call>\n<function=write_file>\n<parameter=content>\n"),
            (.glm, "<tool_call>write_file\n<arg_key>content</arg_key>\n<arg_value>"),
            (.miniMax, "<minimax:tool_call>\n<invoke name=\"write_file\">\n<parameter name=\"content\">"),
            (.hermes, "<tool_call>\n{\"name\": \"write_file\", \"arguments\": {\"content\": \""),
            (.llama, "{\"name\": \"write_file\", \"parameters\": {\"content\": \""),
            (.mistral, "[TOOL_CALLS]write_file[ARGS]{\"content\": \""),
            (.deepSeek, "<｜tool▁call▁begin｜>write_file<｜tool▁sep｜>{\"content\": \""),
            (.kimi, "<|tool_call_begin|>functions.write_file:0<|tool_call_argument_begin|>{\"content\": \""),
            (.harmony, "<|channel|>commentary to=functions.write_file<|message|>{\"content\": \""),
        ] {
            var parser = ToolCallParser(format, tools: corpusTools)
            #expect(Piece.joined(parser.append(begin)).count == 1, "\(format)")
            for word in ["alpha ", "beta", "漢"] {
                #expect(parser.append(word) == [.callArguments(index: 0, fragment: word)], "\(format)")
            }
        }
    }

    @Test("characters that are cut are held back; bytes that are none become U+FFFD")
    func characters() {
        var parser = ToolCallParser(.hermes, tools: corpusTools)
        let smile = Array("😀".utf8)
        #expect(parser.append(smile[..<3]).isEmpty)
        #expect(parser.append(smile[3...]) == [.text("😀")])
        #expect(parser.append([0xFF, 0x41]) == [.text("\u{FFFD}A")])
        #expect(parser.append(smile[..<2]).isEmpty)
        #expect(parser.finish() == [.text("\u{FFFD}")])
    }

    @Test("without tools every tag of a call still counts, and a bare object does not")
    func noTools() {
        var parser = ToolCallParser(.hermes, tools: [])
        let call = #"{"name": "f", "arguments": {}}"#
        let events = parser.append(call + "\n<tool_call>" + call + "</tool_call>") + parser.finish()
        #expect(Piece.joined(events) == [.text(call), .call("f", "{}")])
    }

    @Test("a long argument costs time in proportion to its length")
    func longArgument() {
        let line = "    <b>text</b> \"quoted\" {braces}\n"
        let body = String(repeating: line, count: 20_000)
        var parser = ToolCallParser(.qwenCoder, tools: corpusTools)
        var events = parser.append("<tool_call>\n<function=write_file>\n<parameter=content>\n")
        for _ in 0..<20_000 { events += parser.append(line) }
        events += parser.append("\n</parameter>\n</function>\n</tool_call>") + parser.finish()
        var assembler = AnswerAssembler()
        events.forEach { assembler.add($0) }
        let value = try? JSONValue(parsing: Array(assembler.calls[0].arguments.utf8))
        #expect(value?.object?["content"]?.string == body)
    }
}
