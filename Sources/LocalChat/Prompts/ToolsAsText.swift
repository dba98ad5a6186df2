import Chat
import ChatTemplates

/// Tools for models whose templates know none: described in the system message, with calls and results as the words of
/// assistant and user.
struct ToolsAsText {
    private let opening: String
    private let middle: String
    private let closing: String
    private let separator: String

    /// - Parameter format: how the model's calls are read: as DeepSeek's, or else as Hermes'.
    init(_ format: ToolCallFormat) {
        switch format {
        case .deepSeek:
            opening = "<｜tool▁calls▁begin｜><｜tool▁call▁begin｜>"
            middle = "<｜tool▁sep｜>"
            closing = "<｜tool▁call▁end｜><｜tool▁calls▁end｜>"
            separator = ""
        default:
            opening = "<tool_call>\n{\"name\": \""
            middle = "\", \"arguments\": "
            closing = "}\n</tool_call>"
            separator = "\n"
        }
    }

    /// The messages with the tools behind the first system message, or in one of its own.
    func introduce(_ tools: [ToolDefinition], in messages: [Message]) throws(ChatTemplateError) -> [Message] {
        let list = try Self.list.get().render(["tools": .list(tools.map(\.templateValue))])
        let text = """
            # Tools

            You can call these functions. Each line describes one as JSON:
            <tools>
            \(list)</tools>

            To call one, write its name and its arguments, a JSON object, in exactly this form, and nothing after it:
            \(call("function-name", #"{"argument": "value"}"#))
            """
        var result = messages
        if result.first?.role == .system {
            result[0].content += (result[0].content.isEmpty ? "" : "\n\n") + text
        } else {
            result.insert(Message(.system, text), at: 0)
        }
        return result
    }

    /// The messages without calls and results but in words.
    func writeCalls(in messages: [Message]) throws(ChatTemplateError) -> [Message] {
        var result: [Message] = []
        for message in messages {
            if message.role == .tool {
                let text = "<tool_response>\n\(message.content)\n</tool_response>"
                if result.last?.role == .user, result.last?.content.hasSuffix("</tool_response>") == true {
                    result[result.count - 1].content += "\n" + text
                } else {
                    result.append(Message(.user, text))
                }
            } else if message.toolCalls.isEmpty {
                result.append(message)
            } else {
                let calls = message.toolCalls.map { call($0.name, $0.arguments) }
                let texts = (message.content.isEmpty ? [] : [message.content]) + calls
                var written = Message(.assistant, texts.joined(separator: separator))
                written.thinking = message.thinking
                result.append(written)
            }
        }
        return result
    }

    private func call(_ name: String, _ arguments: String) -> String { opening + name + middle + arguments + closing }

    private static let list = Result { () throws(ChatTemplateError) in
        try ChatTemplate(source: "{% for tool in tools %}{{ tool | tojson }}\n{% endfor %}")
    }
}
