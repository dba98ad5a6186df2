import Chat
import Grammars

extension ToolCallFormat {
    /// What stands around a thought.
    func thought(opensInThinking: Bool) -> Thought? {
        if self == .harmony {
            return Thought(opening: "<|channel|>analysis<|message|>", closing: "<|end|><|start|>assistant")
        }
        return thinkingTags.map { Thought(opening: opensInThinking ? nil : $0.opening, closing: $0.closing) }
    }

    /// What stands before the text of an answer.
    var textOpening: String { self == .harmony ? "<|channel|>final<|message|>" : "" }

    /// Whether answers without calls hold control tokens that mean something.
    var needsControlTokens: Bool { self == .harmony || self == .mistral }

    /// The text of one call behind what begins it, and where in an answer calls stand; nil for a format that marks them
    /// with nothing, as long as they need not come.
    func callGrammar(isRequired: Bool, repeats: Bool) -> (syntax: ToolCallSyntax, activation: Activation)? {
        var activation: Activation
        let syntax: ToolCallSyntax
        switch self {
        case .hermes:
            syntax = .object()
            activation = Activation(triggers: ["<tool_call>\n"], closing: "\n</tool_call>")
            activation.separator = "\n"
        case .llama:
            guard isRequired else { return nil }
            syntax = .object(ToolCallKeys(arguments: "parameters"))
            activation = Activation(triggers: [])
            activation.separator = "; "
        case .mistral:
            syntax = .named(NamedCall(after: "[ARGS]"))
            activation = Activation(triggers: ["[TOOL_CALLS]"])
        case .deepSeek:
            syntax = .named(NamedCall(after: "<｜tool▁sep｜>"))
            activation = Activation(triggers: ["<｜tool▁call▁begin｜>"], closing: "<｜tool▁call▁end｜>")
            activation.surroundings = .init(before: "<｜tool▁calls▁begin｜>", after: "<｜tool▁calls▁end｜>")
        case .kimi:
            syntax = .named(
                NamedCall(before: "functions.", after: "<|tool_call_argument_begin|>", countMark: ":"))
            activation = Activation(triggers: ["<|tool_call_begin|>"], closing: "<|tool_call_end|>")
            activation.surroundings = .init(
                before: "<|tool_calls_section_begin|>", after: "<|tool_calls_section_end|>")
        case .harmony:
            syntax = .named(
                NamedCall(before: "functions.", after: " <|constrain|>json<|message|>"))
            activation = Activation(triggers: ["<|channel|>commentary to="])
        case .qwenCoder:
            syntax = .elements(
                CallElements(
                    beforeName: "<function=", afterName: ">\n", beforeKey: "<parameter=", beforeText: ">\n",
                    afterValue: "\n</parameter>\n", end: "</function>"))
            activation = Activation(triggers: ["<tool_call>\n"], closing: "\n</tool_call>")
            activation.separator = "\n"
        case .glm:
            syntax = .elements(
                CallElements(
                    beforeName: "", afterName: "\n", beforeKey: "<arg_key>", beforeText: "</arg_key>\n<arg_value>",
                    afterValue: "</arg_value>\n", end: "</tool_call>"))
            activation = Activation(triggers: ["<tool_call>"])
            activation.separator = "\n"
        case .miniMax:
            syntax = .elements(
                CallElements(
                    beforeName: "<invoke name=\"", afterName: "\">\n", beforeKey: "<parameter name=\"",
                    beforeText: "\">", afterValue: "</parameter>\n", end: "</invoke>\n"))
            activation = Activation(triggers: ["<minimax:tool_call>\n"], closing: "</minimax:tool_call>")
            activation.separator = "\n"
        case .deepSeekMarkup:
            syntax = .elements(
                CallElements(
                    beforeName: "<｜DSML｜invoke name=\"", afterName: "\">\n", beforeKey: "<｜DSML｜parameter name=\"",
                    beforeText: "\" string=\"true\">", beforeJSON: "\" string=\"false\">",
                    afterValue: "</｜DSML｜parameter>\n", end: "</｜DSML｜invoke>\n"))
            activation = Activation(triggers: ["<｜DSML｜function_calls>\n"], closing: "</｜DSML｜function_calls>")
            activation.separator = "\n"
        }
        activation.isRequired = isRequired
        activation.repeats = repeats
        return (syntax, activation)
    }
}
