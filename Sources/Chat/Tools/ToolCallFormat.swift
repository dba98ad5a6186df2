/// How a model writes its calls.
package enum ToolCallFormat: String, CaseIterable, Hashable, Sendable {
    case hermes
    case qwenCoder
    case llama
    case mistral
    case deepSeek
    case deepSeekMarkup
    case glm
    case kimi
    case miniMax
    case harmony

    /// The format that a chat template speaks of, or the one that models without tools in theirs follow best.
    ///
    /// - Parameters:
    ///   - template: its source.
    ///   - architecture: as in `general.architecture`.
    package init(template: String, architecture: String? = nil) {
        let marks: [(ToolCallFormat, [String])] = [
            (.harmony, ["<|channel|>", "<|message|>"]),
            (.deepSeekMarkup, ["｜DSML｜", "function_calls"]),
            (.deepSeek, ["<｜tool▁call▁begin｜>"]),
            (.miniMax, ["<minimax:tool_call>"]),
            (.kimi, ["<|tool_call_begin|>"]),
            (.mistral, ["[TOOL_CALLS]"]),
            (.qwenCoder, ["<function=", "<parameter="]),
            (.glm, ["<arg_key>", "<arg_value>"]),
            (.hermes, ["<tool_call>"]),
            (.llama, ["<|python_tag|>"]),
            (.llama, ["\"parameters\": ", "<|start_header_id|>"]),
        ]
        if let found = marks.first(where: { $0.1.allSatisfy(template.contains) }) {
            self = found.0
            return
        }
        switch architecture {
        case "deepseek2", "deepseek3": self = .deepSeek
        case "gpt-oss": self = .harmony
        case "glm4moe": self = .glm
        case "minimax-m2": self = .miniMax
        default: self = .hermes
        }
    }

    func grammar(_ tools: ToolSignatures) -> any ToolCallGrammar {
        switch self {
        case .hermes: JSONCallGrammar(HermesCalls(), tools)
        case .llama: JSONCallGrammar(LlamaCalls(), tools)
        case .mistral: JSONCallGrammar(MistralCalls(), tools)
        case .deepSeek: JSONCallGrammar(DeepSeekCalls(), tools)
        case .kimi: JSONCallGrammar(KimiCalls(), tools)
        case .qwenCoder: MarkupCallGrammar(.qwenCoder, tools)
        case .glm: MarkupCallGrammar(.glm, tools)
        case .miniMax: MarkupCallGrammar(.miniMax, tools)
        case .deepSeekMarkup: MarkupCallGrammar(.deepSeekMarkup, tools)
        case .harmony: HarmonyGrammar(tools)
        }
    }

    /// For answers to questions without tools. The channels of harmony are more than calls.
    var grammarWithoutCalls: any ToolCallGrammar {
        self == .harmony ? HarmonyGrammar(ToolSignatures([])) : NoCallGrammar()
    }

    /// What surrounds a thought at the beginning of an answer; nil where the grammar knows.
    package var thinkingTags: (opening: String, closing: String)? {
        switch self {
        case .harmony: nil
        case .mistral: ("[THINK]", "[/THINK]")
        default: ("<think>", "</think>")
        }
    }
}
