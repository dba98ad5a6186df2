import Chat

/// Every byte is a token of its own.
extension ScriptedModel: PromptInspection {
    func promptText(of messages: [Message], tools: [ToolDefinition]) -> String {
        let lines = tools.map { "tool: \($0.name)" } + messages.map { "\($0.role): \($0.content)" }
        return lines.joined(separator: "\n")
    }

    func tokenCount(of messages: [Message], tools: [ToolDefinition]) -> Int {
        promptText(of: messages, tools: tools).utf8.count
    }

    func tokens(of text: String, addsSequenceTokens: Bool, readsControlTokens: Bool) -> [TextToken] {
        (addsSequenceTokens ? [TextToken(id: 1000, bytes: Array("<s>".utf8))] : [])
            + text.utf8.map { TextToken(id: Int32($0), bytes: [$0]) }
    }

    func bytes(of tokens: [Int32]) -> [UInt8]? {
        tokens.allSatisfy { (0..<256).contains($0) } ? tokens.map { UInt8($0) } : nil
    }

    var facts: ModelFacts {
        var facts = ModelFacts()
        facts.path = "/models/test.gguf"
        facts.architecture = "test"
        facts.parameterCount = 135_000_000
        facts.quantization = "Q4_1"
        facts.byteCount = 98_000_000
        facts.modified = 1_700_000_000
        facts.chatTemplate = "{{ messages }}"
        facts.beginOfSequence = "<s>"
        facts.endOfSequence = "</s>"
        facts.fillsInMiddle = true
        facts.trainedContext = 256
        return facts
    }
}
