package import Chat
package import JSON

/// The answer of `POST /v1/messages` in one piece.
package struct MessagesAnswer: Sendable {
    private let identity: AnswerIdentity
    private let showsThinking: Bool
    private var answer = AnswerBlocks()

    package init(_ identity: AnswerIdentity, showsThinking: Bool) {
        self.identity = identity
        self.showsThinking = showsThinking
    }

    package mutating func accept(_ event: ChatEvent) { answer.accept(event) }

    package func body(_ summary: ResponseSummary) -> JSONValue {
        let end = MessagesEnd(summary, hasCalls: answer.hasCalls)
        return Self.message(
            identity, content: answer.blocks.compactMap(block), stopReason: .string(end.reason),
            stopSequence: end.sequence, usage: end.usage)
    }

    private func block(_ block: AnswerBlocks.Block) -> JSONValue? {
        switch block {
        case .text(let text): ["type": "text", "text": .string(text)]
        case .thinking(let text):
            showsThinking ? ["type": "thinking", "thinking": .string(text), "signature": ""] : nil
        case .call(let call):
            [
                "type": "tool_use", "id": .string(call.id), "name": .string(call.name),
                "input": call.argumentsObject,
            ]
        }
    }

    static func message(
        _ identity: AnswerIdentity, content: [JSONValue], stopReason: JSONValue, stopSequence: JSONValue,
        usage: JSONValue
    ) -> JSONValue {
        [
            "id": .string(identity.id), "type": "message", "role": "assistant", "model": .string(identity.model),
            "content": .array(content), "stop_reason": stopReason, "stop_sequence": stopSequence, "usage": usage,
        ]
    }
}

/// How an answer ended, in Anthropic's words.
struct MessagesEnd {
    var reason: String
    var sequence: JSONValue
    /// Tokens that were read earlier count apart from the others of the prompt.
    var usage: JSONValue

    init(_ summary: ResponseSummary, hasCalls: Bool) {
        reason =
            switch summary.reason {
            case .stop, .cancelled: hasCalls ? "tool_use" : "end_turn"
            case .stopText: "stop_sequence"
            case .maxTokens, .timeLimit: "max_tokens"
            case .contextFull: "model_context_window_exceeded"
            }
        sequence = summary.stopText.map { .string($0) } ?? .null
        usage = Self.usage(
            input: summary.promptTokens - summary.reusedTokens, reused: summary.reusedTokens,
            output: summary.generatedTokens)
    }

    static func usage(input: Int, reused: Int, output: Int) -> JSONValue {
        [
            "input_tokens": .integer(input), "cache_creation_input_tokens": 0,
            "cache_read_input_tokens": .integer(reused), "output_tokens": .integer(output),
        ]
    }
}
