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

    /// Whether an event is the beginning of a block, and so the end of the one before.
    package func begins(with event: ChatEvent) -> Bool {
        switch (event, blocks.last) {
        case (.text, .text?), (.thinking, .thinking?): false
        case (.text, _), (.thinking, _), (.callBegan, _): true
        default: false
        }
    }

    package mutating func accept(_ event: ChatEvent) {
        let continues = !begins(with: event)
        switch event {
        case .text(let piece): if continues { extend(piece) } else { blocks.append(.text(piece)) }
        case .thinking(let piece): if continues { extend(piece) } else { blocks.append(.thinking(piece)) }
        case .callBegan(_, let id, let name): blocks.append(.call(ToolCall(id: id, name: name, arguments: "")))
        case .callArguments(_, let fragment): extend(fragment)
        case .finished(let summary): self.summary = summary
        case .callEnded, .reading, .token: break
        }
    }

    /// Takes the last block out while it grows, so that its text is not copied.
    private mutating func extend(_ piece: String) {
        switch blocks.popLast() {
        case .text(var text)?:
            text += piece
            blocks.append(.text(text))
        case .thinking(var text)?:
            text += piece
            blocks.append(.thinking(text))
        case .call(var call)?:
            call.arguments += piece
            blocks.append(.call(call))
        case nil: break
        }
    }

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
