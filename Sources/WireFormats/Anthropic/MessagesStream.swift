package import Chat
import JSON

/// The events of a streamed answer: the message, its blocks with their pieces one after the other, the end. Pings show
/// life.
/// - SeeAlso: Anthropic API reference, "Streaming messages".
package struct MessagesStream: WireStream {
    private enum Block {
        case text, thinking, call
    }

    package static var contentType: String { ServerSentEvents.contentType }
    private let identity: AnswerIdentity
    private let showsThinking: Bool
    private var hasBegun = false
    private var hasCalls = false
    /// The kind of the block that is being told.
    private var open: Block?
    /// Blocks begun so far.
    private var count = 0

    package init(_ identity: AnswerIdentity, showsThinking: Bool) {
        self.identity = identity
        self.showsThinking = showsThinking
    }

    package mutating func accept(_ event: ChatEvent) -> [UInt8] {
        var output: [UInt8] = []
        if !hasBegun {
            hasBegun = true
            var promptTokens = 0
            if case .reading(_, let total) = event { promptTokens = total }
            begin(promptTokens, &output)
        }
        switch event {
        case .reading, .token: break
        case .text(let piece):
            turn(to: .text, ["type": "text", "text": ""], &output)
            delta(["type": "text_delta", "text": .string(piece)], &output)
        case .thinking(let piece):
            guard showsThinking else { break }
            turn(to: .thinking, ["type": "thinking", "thinking": "", "signature": ""], &output)
            delta(["type": "thinking_delta", "thinking": .string(piece)], &output)
        case .callBegan(_, let id, let name):
            hasCalls = true
            end(&output)
            turn(to: .call, ["type": "tool_use", "id": .string(id), "name": .string(name), "input": [:]], &output)
        case .callArguments(_, let fragment):
            delta(["type": "input_json_delta", "partial_json": .string(fragment)], &output)
        case .callEnded: end(&output)
        case .finished(let summary): finish(summary, &output)
        }
        return output
    }

    package func beat(progress: String) -> [UInt8] { ServerSentEvents.message("ping", ["type": "ping"]) }

    package func failure(_ error: APIError) -> [UInt8] {
        ServerSentEvents.message("error", ErrorWording.anthropic.value(of: error))
    }

    private func begin(_ promptTokens: Int, _ output: inout [UInt8]) {
        let message = MessagesAnswer.message(
            identity, content: [], stopReason: .null, stopSequence: .null,
            usage: MessagesEnd.usage(input: promptTokens, reused: 0, output: 0))
        send("message_start", ["message": message], &output)
    }

    /// Begins a block unless it is open.
    private mutating func turn(to block: Block, _ content: JSONValue, _ output: inout [UInt8]) {
        guard open != block else { return }
        end(&output)
        open = block
        send("content_block_start", ["index": .integer(count), "content_block": content], &output)
        count += 1
    }

    private func delta(_ delta: JSONValue, _ output: inout [UInt8]) {
        send("content_block_delta", ["index": .integer(count - 1), "delta": delta], &output)
    }

    private mutating func end(_ output: inout [UInt8]) {
        guard open != nil else { return }
        open = nil
        send("content_block_stop", ["index": .integer(count - 1)], &output)
    }

    private mutating func finish(_ summary: ResponseSummary, _ output: inout [UInt8]) {
        end(&output)
        let end = MessagesEnd(summary, hasCalls: hasCalls)
        let change: JSONValue = ["stop_reason": .string(end.reason), "stop_sequence": end.sequence]
        send("message_delta", ["delta": change, "usage": end.usage], &output)
        send("message_stop", [:], &output)
    }

    private func send(_ event: String, _ members: JSONObject, _ output: inout [UInt8]) {
        output += ServerSentEvents.message(event, .object(JSONObject([("type", .string(event))] + members.members)))
    }
}
