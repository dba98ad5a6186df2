import Chat
import ChatTemplates

/// How a template wants calls, found out by rendering small conversations.
struct TemplateTraits: Hashable, Sendable {
    /// Tools that are given appear in the prompt.
    private(set) var showsTools = false
    /// Calls and results appear.
    private(set) var showsCalls = false
    /// Arguments are to be JSON text; otherwise an object.
    private(set) var wantsArgumentsAsText = false
    /// A call without words has none for its content; otherwise an empty text.
    private(set) var wantsNoContent = false
    /// Calls appear also in a message that says something.
    private(set) var takesTextBesideCalls = true
    /// More than one call in a message is refused, or not shown.
    private(set) var takesOneCall = false
    /// Ids have to be nine letters and digits.
    private(set) var wantsShortIDs = false

    /// - Parameter render: what the template makes of messages and tools, nil where it fails.
    init(_ render: ([TemplateValue], [ToolDefinition]) -> String?) {
        let user: TemplateValue = ["role": "user", "content": "question"]
        let tool = ToolDefinition(name: "needle_tool", description: "A tool.")
        showsTools = render([user], [tool])?.contains("needle_tool") == true
        let saysNone = render([user], showsTools ? [tool] : [])?.contains("None") == true

        func conversation(_ calls: [ToolCall], text: String = "") -> String? {
            var answer = Message(calls: calls, text: text)
            answer.content = text
            let results = calls.map { Message(result: "needle_result", of: $0.id) }
            let names = Dictionary(calls.map { ($0.id, $0.name) }) { $1 }
            return render(
                [user] + ([answer] + results).map { .map(value(of: $0, toolNames: names)) },
                showsTools ? [tool] : [])
        }
        let call = ToolCall(id: "needleid1", name: "needle_tool", arguments: #"{"needle_key": "needle_value"}"#)
        func isShown(_ text: String?) -> Bool {
            guard let text else { return false }
            // A value that only Python would write so was not meant to be written.
            let isNone = !saysNone && text.contains("None")
            let isPython = text.contains("{'needle_key'") || text.contains(#"{\"needle_key"#) || isNone
            return !isPython && ["needle_key", "needle_value", "needle_result"].allSatisfy(text.contains)
        }
        search: for asText in [false, true] {
            for noContent in [true, false] {
                (wantsArgumentsAsText, wantsNoContent) = (asText, noContent)
                showsCalls = isShown(conversation([call]))
                if showsCalls { break search }
            }
        }
        guard showsCalls else {
            (wantsArgumentsAsText, wantsNoContent) = (false, false)
            return
        }
        takesTextBesideCalls = isShown(conversation([call], text: "text"))
        let other = ToolCall(id: "needleid2", name: "needle_tool", arguments: #"{"other_key": "other_value"}"#)
        takesOneCall = conversation([call, other])?.contains("other_value") != true
        var long = call
        long.id = "call_needle_of_more_than_nine"
        wantsShortIDs = !isShown(conversation([long]))
    }

    /// A message as the template takes it.
    /// - Parameter toolNames: of calls, by their ids.
    func value(of message: Message, toolNames: [String: String]) -> TemplateMap {
        var map: TemplateMap = ["role": .string(message.role.rawValue)]
        let text = message.content
        if message.toolCalls.isEmpty {
            map["content"] = .string(text)
        } else {
            let isSilent = text.isEmpty || !takesTextBesideCalls
            map["content"] = isSilent ? (wantsNoContent ? TemplateValue.none : "") : .string(text)
            map["tool_calls"] = .list(message.toolCalls.map { .map(value(of: $0)) })
        }
        if let thinking = message.thinking {
            map["reasoning_content"] = .string(thinking)
            // gpt-oss takes either beside a call, not both.
            if message.toolCalls.isEmpty || text.isEmpty { map["thinking"] = .string(thinking) }
        }
        if message.role == .tool, let id = message.toolCallID {
            map["tool_call_id"] = .string(self.id(id))
            map["name"] = toolNames[id].map { .string($0) }
        }
        return map
    }

    private func value(of call: ToolCall) -> TemplateMap {
        let arguments: TemplateValue
        if wantsArgumentsAsText {
            arguments = .string(call.arguments)
        } else if case .map(let map)? = try? TemplateValue(json: call.arguments) {
            arguments = .map(map)
        } else {
            // What is no object goes by the name that parsers give it.
            arguments = call.arguments.isEmpty ? .map([:]) : ["arguments": .string(call.arguments)]
        }
        return [
            "id": .string(id(call.id)), "type": "function",
            "function": ["name": .string(call.name), "arguments": arguments],
        ]
    }

    /// Nine letters and digits where the template insists: the same for the same id.
    private func id(_ id: String) -> String {
        let isShort = id.utf8.count == 9 && id.utf8.allSatisfy { Self.alphabet.contains($0) }
        guard wantsShortIDs, !isShort else { return id }
        // FNV-1a, written with letters and digits.
        var hash = id.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
        var result: [UInt8] = []
        for _ in 0..<9 {
            result.append(Self.alphabet[Int(hash % 62)])
            hash /= 62
        }
        return String(decoding: result, as: UTF8.self)
    }

    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)
}
