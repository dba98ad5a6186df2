import Chat
import ChatTemplates
import Foundation
import JSON
import LocalChat
import TestSupport
import Testing

/// Templates of real models, where `Scripts/fetch-chat-templates` has fetched them.
private enum RealTemplates {
    static let folder =
        ProcessInfo.processInfo.environment["MARTLET_TEST_TEMPLATES"].map { URL(filePath: $0) }
        ?? URL(filePath: #filePath).appending(path: "../../../.deps/chat-templates").standardizedFileURL

    /// Those of the families whose calls are read, and how these are written.
    static let formats: [(name: String, format: ToolCallFormat)] = [
        ("Qwen3-Coder", .qwenCoder), ("NVIDIA-Nemotron-3-Nano-30B-A3B-BF16", .qwenCoder), ("Qwen3.5-4B", .qwenCoder),
        ("StepFun3.5-Flash", .qwenCoder), ("Qwen-Qwen2.5-7B-Instruct", .hermes), ("Qwen-Qwen3-0.6B", .hermes),
        ("Qwen-QwQ-32B", .hermes), ("NousResearch-Hermes-3-Llama-3.1-8B-tool_use", .hermes),
        ("meta-llama-Llama-3.1-8B-Instruct", .llama), ("meta-llama-Llama-3.2-3B-Instruct", .llama),
        ("meta-llama-Llama-3.3-70B-Instruct", .llama), ("mistralai-Mistral-Nemo-Instruct-2407", .mistral),
        ("Mistral-Small-3.2-24B-Instruct-2506", .mistral), ("unsloth-mistral-Devstral-Small-2507", .mistral),
        ("mistralai-Ministral-3-14B-Reasoning-2512", .mistral), ("deepseek-ai-DeepSeek-V3.1", .deepSeek),
        ("deepseek-ai-DeepSeek-R1-Distill-Qwen-32B", .deepSeek), ("llama-cpp-deepseek-r1", .deepSeek),
        ("deepseek-ai-DeepSeek-V3.2", .deepSeekMarkup), ("GLM-4.6", .glm), ("GLM-4.7-Flash", .glm),
        ("moonshotai-Kimi-K2", .kimi), ("Kimi-K2-Instruct", .kimi), ("Kimi-K2-Thinking", .kimi),
        ("MiniMax-M2", .miniMax), ("openai-gpt-oss-120b", .harmony),
    ]

    static func source(_ name: String) -> String? {
        try? String(contentsOf: folder.appending(path: name + ".jinja"), encoding: .utf8)
    }

    static var isAvailable: Bool { source("Qwen3-Coder") != nil }
}

@Suite("Calls written by a model's template", .enabled(if: RealTemplates.isAvailable))
struct PromptRoundTripTests {
    private static let parameters = #"""
        {"type": "object", "properties": {"path": {"type": "string"}, "content": {"type": "string"},
        "line": {"type": "integer"}, "ratio": {"type": "number"}, "all": {"type": "boolean"},
        "tags": {"type": "array"}, "options": {"type": "object"}}}
        """#

    private func tools() throws -> [ToolDefinition] {
        let schema = try JSONValue(parsing: Array(Self.parameters.utf8))
        return ["edit_file", "make_file"].map { ToolDefinition(name: $0, description: "Works.", parameters: schema) }
    }

    /// Text as models write it, with what could be taken for structure.
    private func text(_ random: inout SplitMix64) -> String {
        let words = [
            "def f(x):", "\n", "\n\n", "    return \"x\"", "</parameter>", "<tool_call>", "</tool_call>", "\\n", "\\",
            "'",
            "{\"a\": [1]}", "}", "é漢😀", "\t", "\r\n", "<b>", " ", "null", "[TOOL_CALLS]", "```", "<|call|>", "1",
            "</arg_value>",
            "(<parameter=path>)", "</function>", "<|tool_call_end|>", "<｜tool▁call▁end｜>",
        ]
        return (0..<Int.random(in: 0..<9, using: &random)).map { _ in words.randomElement(using: &random)! }.joined()
    }

    private func arguments(_ random: inout SplitMix64) throws -> String {
        var members = ["\"path\": \(try json(text(&random)))", "\"content\": \(try json(text(&random)))"]
        members += [
            "\"line\": \(Int.random(in: -5...500, using: &random))", "\"ratio\": 0.5",
            "\"all\": \(Bool.random(using: &random))",
            "\"tags\": [1, \"</parameter>\", null]", "\"options\": {\"a\": {\"b\": \(try json(text(&random)))}}",
        ].filter { _ in Bool.random(using: &random) }
        return "{" + members.shuffled(using: &random).joined(separator: ", ") + "}"
    }

    private func json(_ text: String) throws -> String {
        String(decoding: try JSONEncoder().encode(text), as: UTF8.self)
    }

    @Test("are the same calls when the answer is read back", arguments: RealTemplates.formats.map(\.name))
    func roundTrip(name: String) throws {
        let source = try #require(RealTemplates.source(name))
        let template = try PromptTemplate(source: source, beginOfSequence: "<s>", endOfSequence: "</s>")
        let format = RealTemplates.formats.first { $0.name == name }?.format
        #expect(template.format == format)
        let tools = try tools()
        let user = Message(.user, "Do it.")
        var random = SplitMix64(seed: 4)
        for round in 0..<60 {
            let calls = try (0...round % 2).map {
                ToolCall(id: "abcdefgh\($0)", name: tools[$0].name, arguments: try arguments(&random))
            }
            let answer = Message(calls: calls, text: round % 3 == 0 ? "I will." : "")
            let before = try template.prompt([user], tools: tools)
            let after = try template.prompt([user, answer], tools: tools, addsGenerationPrompt: false)
            // An answer without a thought does not go on where the prompt begins one.
            let shared = zip(before.text.utf8, after.text.utf8).prefix { $0 == $1 }.count
            let isThinking = before.opensInThinking && shared == before.text.utf8.count
            var parser = ToolCallParser(format ?? .hermes, tools: tools, opensInThinking: isThinking)
            var assembler = AnswerAssembler()
            let events = parser.append(Array(after.text.utf8.dropFirst(shared))) + parser.finish()
            events.forEach { assembler.add($0) }
            #expect(assembler.calls.map(\.name) == calls.map(\.name), "\(after.text.dropFirst(shared))")
            for (read, written) in zip(assembler.calls, calls) {
                let same = try members(read.arguments) == members(written.arguments)
                #expect(same, "\(name): \(written.arguments)\n\(read.arguments)")
            }
        }
    }

    private func members(_ json: String) throws -> [String: TemplateValue] {
        guard case .map(let map) = try TemplateValue(json: json) else { return [:] }
        return Dictionary(map.entries.map { ($0.key, $0.value) }) { $1 }
    }

    @Test("appear in the prompt, with their tools and results", arguments: RealTemplates.formats.map(\.name))
    func appear(name: String) throws {
        let source = try #require(RealTemplates.source(name))
        let template = try PromptTemplate(source: source, beginOfSequence: "<s>", endOfSequence: "</s>")
        let calls = [
            ToolCall(id: "call_of_a_client_1", name: "edit_file", arguments: #"{"path": "first path"}"#),
            ToolCall(id: "call_of_a_client_2", name: "make_file", arguments: #"{"path": "second path"}"#),
        ]
        let text = try template.prompt(
            [Message(.user, "Question."), Message(calls: calls)]
                + calls.map { Message(result: "result of \($0.name)", of: $0.id) }
                + [Message(.assistant, "Answer."), Message(.user, "Next.")], tools: tools()
        ).text
        for part in ["Works.", "first path", "second path", "result of edit_file", "result of make_file", "Next."] {
            #expect(text.contains(part), "\(name) lacks \(part): \(text)")
        }
    }
}
