package import Chat
package import ChatTemplates
import JSON

/// What a model reads.
package struct Prompt: Hashable, Sendable {
    package var text: String
    /// The prompt ends with a thought begun: the answer goes on with it.
    package var opensInThinking: Bool
}

/// A model's chat template, with conversations put into the form that it takes.
///
/// Templates differ in how they want calls: arguments as object or as text, an empty answer as none or as text, one call a
/// message or many. `TemplateTraits` finds out by trying. What a template can't show at all is written into the texts.
package struct PromptTemplate: Sendable {
    private let template: ChatTemplate
    private let sequenceTokens: TemplateMap
    let traits: TemplateTraits
    /// How the model writes its calls.
    package let format: ToolCallFormat
    /// The template speaks of thoughts before answers.
    let knowsThoughts: Bool

    /// - Parameters:
    ///   - source: Jinja.
    ///   - beginOfSequence, endOfSequence: the texts of these tokens, nil where the model has none.
    package init(
        source: String, architecture: String? = nil, beginOfSequence: String? = nil, endOfSequence: String? = nil
    ) throws(ChatTemplateError) {
        let template = try ChatTemplate(source: source)
        var tokens = TemplateMap()
        tokens["bos_token"] = beginOfSequence.map { .string($0) }
        tokens["eos_token"] = endOfSequence.map { .string($0) }
        self.template = template
        sequenceTokens = tokens
        traits = TemplateTraits { (messages, tools) in
            try? Self.render(template, tokens, messages, tools, addsGenerationPrompt: true)
        }
        let native = ToolCallFormat(template: source, architecture: architecture)
        format = traits.showsCalls || native == .deepSeek ? native : .hermes
        knowsThoughts = format == .harmony || format.thinkingTags.map { source.contains($0.opening) } ?? false
    }

    /// - Parameters:
    ///   - thinks: whether the answer is to begin with a thought; nil: as the template has it.
    ///   - addsGenerationPrompt: whether it ends where an answer begins.
    package func prompt(
        _ messages: [Message], tools: [ToolDefinition] = [], thinks: Bool? = nil, addsGenerationPrompt: Bool = true
    ) throws(ChatTemplateError) -> Prompt {
        var messages = messages
        if !tools.isEmpty, !traits.showsTools { messages = try ToolsAsText(format).introduce(tools, in: messages) }
        if !traits.showsCalls { messages = try ToolsAsText(format).writeCalls(in: messages) }
        if traits.takesOneCall { messages = Self.separateCalls(messages) }
        let names = Dictionary(messages.flatMap(\.toolCalls).map { ($0.id, $0.name) }) { $1 }
        let text = try Self.render(
            template, sequenceTokens.thinking(thinks), messages.map { .map(traits.value(of: $0, toolNames: names)) },
            traits.showsTools ? tools : [], addsGenerationPrompt: addsGenerationPrompt)
        return Prompt(text: text, opensInThinking: format.thinkingTags.map { text.endsWith($0.opening) } ?? false)
    }

    fileprivate static func render(
        _ template: ChatTemplate, _ sequenceTokens: TemplateMap, _ messages: [TemplateValue],
        _ tools: [ToolDefinition], addsGenerationPrompt: Bool
    ) throws(ChatTemplateError) -> String {
        var context = sequenceTokens
        context["messages"] = .list(messages)
        context["add_generation_prompt"] = .bool(addsGenerationPrompt)
        // Templates ask whether there are tools, and some take an empty list for some.
        if !tools.isEmpty { context["tools"] = .list(tools.map(\.templateValue)) }
        return try template.render(context)
    }

    /// One message a call, each with its result behind it.
    private static func separateCalls(_ messages: [Message]) -> [Message] {
        var result: [Message] = []
        var index = 0
        while index < messages.count {
            let message = messages[index]
            index += 1
            guard message.toolCalls.count > 1 else {
                result.append(message)
                continue
            }
            var results: [Message] = []
            while index < messages.count, messages[index].role == .tool {
                results.append(messages[index])
                index += 1
            }
            for (number, call) in message.toolCalls.enumerated() {
                var part = message
                part.toolCalls = [call]
                if number > 0 { (part.content, part.thinking) = ("", nil) }
                result.append(part)
                while let own = results.firstIndex(where: { $0.toolCallID == call.id }) {
                    result.append(results.remove(at: own))
                }
            }
            result += results
        }
        return result
    }
}

extension TemplateMap {
    /// The same with what templates ask about thoughts: Qwen's and GLM's the one, DeepSeek's the other.
    fileprivate func thinking(_ thinks: Bool?) -> TemplateMap {
        guard let thinks else { return self }
        var map = self
        for key in ["enable_thinking", "thinking"] { map[key] = .bool(thinks) }
        return map
    }
}

extension ToolDefinition {
    /// As OpenAI's interface has it, which all templates take.
    var templateValue: TemplateValue {
        var function: TemplateMap = ["name": .string(name), "description": .string(description ?? "")]
        function["parameters"] =
            parameters.object == nil
            ? ["type": "object", "properties": .map(TemplateMap())] : TemplateValue(parameters)
        return ["type": "function", "function": .map(function)]
    }
}

extension String {
    /// But for white space.
    fileprivate func endsWith(_ suffix: String) -> Bool {
        let trimmed = utf8.reversed().drop { [0x20, 0x0A, 0x0D, 0x09].contains($0) }
        return trimmed.starts(with: suffix.utf8.reversed())
    }
}
