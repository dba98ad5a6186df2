package import Chat
package import JSON

/// An answer in the order it was made: texts, thoughts and calls as the families tell them, a piece each.
package struct AnswerBlocks: Hashable, Sendable {
    package enum Block: Hashable, Sendable {
        case text(String)
        case thinking(String)
        case call(ToolCall)
    }

    package private(set) var blocks: [Block] = []
    /// Nil until the answer is complete.
    package private(set) var summary: ResponseSummary?

    package init() {}

    package mutating func accept(_ event: ChatEvent) {
        switch event {
        case .text(let piece):
            if case .text(let text)? = blocks.last {
                replaceLast(.text(text + piece))
            } else {
                blocks.append(.text(piece))
            }
        case .thinking(let piece):
            if case .thinking(let text)? = blocks.last {
                replaceLast(.thinking(text + piece))
            } else {
                blocks.append(.thinking(piece))
            }
        case .callBegan(_, let id, let name): blocks.append(.call(ToolCall(id: id, name: name, arguments: "")))
        case .callArguments(_, let fragment):
            if case .call(var call)? = blocks.last {
                call.arguments += fragment
                replaceLast(.call(call))
            }
        case .finished(let summary): self.summary = summary
        case .callEnded, .reading, .token: break
        }
    }

    private mutating func replaceLast(_ block: Block) { blocks[blocks.count - 1] = block }

    package var text: String { blocks.map { if case .text(let text) = $0 { text } else { "" } }.joined() }
    package var thinking: String { blocks.map { if case .thinking(let text) = $0 { text } else { "" } }.joined() }
    package var calls: [ToolCall] { blocks.compactMap { if case .call(let call) = $0 { call } else { nil } } }
    package var hasCalls: Bool { !calls.isEmpty }

    /// The answer as the next turn of the conversation.
    package var message: Message { Message(calls: calls, text: text, thinking: thinking.isEmpty ? nil : thinking) }
}

extension ToolCall {
    /// The arguments as an object; without members where a limit cut them off.
    package var argumentsObject: JSONValue {
        guard let value = try? JSONValue(parsing: Array(arguments.utf8)), value.object != nil else { return [:] }
        return value
    }
}
