package import Chat
package import JSON

/// The answer of `POST /v1/responses` while it is made and when it is complete.
package struct ResponseObject: Sendable {
    package let identity: AnswerIdentity
    private let echoed: JSONObject
    private var answer = AnswerBlocks()

    /// - Parameter identity: its id begins with `resp_`.
    package init(_ identity: AnswerIdentity, _ request: ResponsesRequest) {
        self.identity = identity
        echoed = request.echoed
    }

    package mutating func accept(_ event: ChatEvent) { answer.accept(event) }

    func begins(with event: ChatEvent) -> Bool { answer.begins(with: event) }
    var blocks: [AnswerBlocks.Block] { answer.blocks }
    /// The answer as the next turn of the conversation.
    package var message: Message { answer.message }

    /// Before there is anything.
    var begun: JSONValue { body(status: "in_progress", output: [], usage: .null) }

    package func body(_ summary: ResponseSummary) -> JSONValue {
        let isCut = summary.reason.isCut
        // Only what came last can have been cut off.
        let last = answer.blocks.count - 1
        let output = answer.blocks.enumerated().map {
            item($0.element, at: $0.offset, status: isCut && $0.offset == last ? "incomplete" : "completed")
        }
        let usage: JSONValue = [
            "input_tokens": .integer(summary.promptTokens),
            "input_tokens_details": ["cached_tokens": .integer(summary.reusedTokens)],
            "output_tokens": .integer(summary.generatedTokens), "output_tokens_details": ["reasoning_tokens": 0],
            "total_tokens": .integer(summary.promptTokens + summary.generatedTokens),
        ]
        return body(
            status: isCut ? "incomplete" : "completed", output: output, usage: usage,
            incompleteDetails: isCut ? ["reason": "max_output_tokens"] : .null)
    }

    func failed(_ error: APIError) -> JSONValue {
        body(
            status: "failed", output: [], usage: .null,
            error: ["code": .string(error.code ?? "server_error"), "message": .string(error.message)])
    }

    private func body(
        status: String, output: [JSONValue], usage: JSONValue, incompleteDetails: JSONValue = .null,
        error: JSONValue = .null
    ) -> JSONValue {
        let own: JSONObject = [
            "id": .string(identity.id), "object": "response", "created_at": .integer(identity.created),
            "status": .string(status), "error": error, "incomplete_details": incompleteDetails,
            "model": .string(identity.model), "output": .array(output), "usage": usage,
        ]
        return .object(JSONObject(own.members + echoed.members))
    }

    // MARK: Items

    /// A piece of the output by its place.
    func item(_ block: AnswerBlocks.Block, at index: Int, status: String) -> JSONValue {
        let id = JSONValue.string(id(of: block, at: index))
        switch block {
        case .text(let text):
            return [
                "id": id, "type": "message", "status": .string(status), "role": "assistant",
                "content": status == "in_progress" ? [] : [Self.part(block, text)],
            ]
        case .thinking(let text):
            return [
                "id": id, "type": "reasoning", "status": .string(status), "summary": [],
                "content": status == "in_progress" ? [] : [Self.part(block, text)],
            ]
        case .call(let call):
            return [
                "id": id, "type": "function_call", "status": .string(status), "call_id": .string(call.id),
                "name": .string(call.name), "arguments": .string(call.arguments),
            ]
        }
    }

    func id(of block: AnswerBlocks.Block, at index: Int) -> String {
        let prefix =
            switch block {
            case .text: "msg"
            case .thinking: "rs"
            case .call: "fc"
            }
        return "\(prefix)_\(identity.id.drop { $0 != "_" }.dropFirst())\(index)"
    }

    /// A part of a text or a thought.
    static func part(_ block: AnswerBlocks.Block, _ text: String) -> JSONValue {
        if case .thinking = block { return ["type": "reasoning_text", "text": .string(text)] }
        return ["type": "output_text", "text": .string(text), "annotations": [], "logprobs": []]
    }
}
