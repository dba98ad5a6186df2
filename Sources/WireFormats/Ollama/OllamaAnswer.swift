package import Chat
package import JSON

/// An answer of Ollama's `POST /api/chat` or `POST /api/generate`: whole, or as lines of JSON.
package struct OllamaAnswer: Sendable {
    /// Where the text goes.
    package enum Form: Hashable, Sendable {
        /// `message`, with its calls.
        case chat
        /// `response`.
        case generate
    }

    private let identity: AnswerIdentity
    private let form: Form
    private let showsThinking: Bool
    private var answer = AnswerBlocks()

    package init(_ identity: AnswerIdentity, _ form: Form, showsThinking: Bool) {
        self.identity = identity
        self.form = form
        self.showsThinking = showsThinking
    }

    package mutating func accept(_ event: ChatEvent) { answer.accept(event) }

    /// The answer in one piece.
    package func body(_ summary: ResponseSummary) -> JSONValue {
        part(text: answer.text, thinking: answer.thinking, calls: answer.calls, Self.end(summary))
    }

    /// What is answered where there was nothing to answer, and the model came or went.
    package var loaded: JSONValue { part(["done": true, "done_reason": "load"]) }
    package var unloaded: JSONValue { part(["done": true, "done_reason": "unload"]) }

    func part(
        text: String = "", thinking: String = "", calls: [ToolCall] = [], _ rest: JSONObject = ["done": false]
    ) -> JSONValue {
        var object: JSONObject = [
            "model": .string(identity.model), "created_at": .string(OllamaTime.text(identity.created)),
        ]
        let thought: JSONValue? = showsThinking && !thinking.isEmpty ? .string(thinking) : nil
        switch form {
        case .chat:
            var message: JSONObject = ["role": "assistant", "content": .string(text)]
            message.add("thinking", thought)
            if !calls.isEmpty { message.add("tool_calls", .array(calls.map(Self.call))) }
            object.add("message", .object(message))
        case .generate:
            object.add("response", .string(text))
            object.add("thinking", thought)
        }
        object.members += rest.members
        return .object(object)
    }

    private static func call(_ call: ToolCall) -> JSONValue {
        ["id": .string(call.id), "function": ["name": .string(call.name), "arguments": call.argumentsObject]]
    }

    /// Times are nanoseconds.
    static func end(_ summary: ResponseSummary) -> JSONObject {
        func nanoseconds(_ seconds: Double) -> JSONValue { .integer(Int((seconds * 1e9).rounded())) }
        let reason =
            switch summary.reason {
            case .stop, .stopText, .cancelled: "stop"
            case .maxTokens, .contextFull, .timeLimit: "length"
            }
        return [
            "done": true, "done_reason": .string(reason),
            "total_duration": nanoseconds(summary.promptSeconds + summary.generationSeconds), "load_duration": 0,
            "prompt_eval_count": .integer(summary.promptTokens),
            "prompt_eval_duration": nanoseconds(summary.promptSeconds),
            "eval_count": .integer(summary.generatedTokens), "eval_duration": nanoseconds(summary.generationSeconds),
        ]
    }
}

/// Such an answer line by line. A call comes when it is complete; an empty piece shows life.
package struct OllamaStream: WireStream {
    package static var contentType: String { "application/x-ndjson" }
    private let answer: OllamaAnswer
    private let showsThinking: Bool
    /// The call that is being made.
    private var call: ToolCall?

    package init(_ identity: AnswerIdentity, _ form: OllamaAnswer.Form, showsThinking: Bool) {
        answer = OllamaAnswer(identity, form, showsThinking: showsThinking)
        self.showsThinking = showsThinking
    }

    package mutating func accept(_ event: ChatEvent) -> [UInt8] {
        switch event {
        case .reading, .token: return []
        case .text(let piece): return Self.line(answer.part(text: piece))
        case .thinking(let piece): return showsThinking ? Self.line(answer.part(thinking: piece)) : []
        case .callBegan(_, let id, let name): call = ToolCall(id: id, name: name, arguments: "")
        case .callArguments(_, let fragment): call?.arguments += fragment
        case .callEnded: return takeCall()
        case .finished(let summary): return takeCall() + Self.line(answer.part(OllamaAnswer.end(summary)))
        }
        return []
    }

    package func beat(progress: String) -> [UInt8] { Self.line(answer.part()) }

    package func failure(_ error: APIError) -> [UInt8] { Self.line(ErrorWording.ollama.value(of: error)) }

    private mutating func takeCall() -> [UInt8] {
        guard let call else { return [] }
        self.call = nil
        return Self.line(answer.part(calls: [call]))
    }

    package static func line(_ value: JSONValue) -> [UInt8] { value.bytes + [0x0A] }
}
