package import Chat
package import JSON

/// The answer of llama-server's `POST /completion` and `POST /infill`: whole, or the last piece of a stream.
package struct LlamaCompletion: Sendable {
    private let subject: LlamaSubject
    private var text = ""
    private var tokens: [TokenChoice] = []

    package init(_ subject: LlamaSubject) { self.subject = subject }

    package mutating func accept(_ event: ChatEvent) {
        switch event {
        case .text(let piece): text += piece
        case .token(let choice): tokens.append(choice)
        case .reading, .thinking, .callBegan, .callArguments, .callEnded, .finished: break
        }
    }

    package func body(_ summary: ResponseSummary) -> JSONValue {
        var object: JSONObject = ["index": .integer(subject.index), "content": .string(text)]
        object.members += LlamaTokens.members(tokens, of: subject.request)
        object.members += subject.end(summary, hasNewLine: text.utf8.contains(0x0A)).members
        return .object(object)
    }
}

/// What an answer is to: a prompt of a request.
package struct LlamaSubject: Sendable {
    package var model: String
    package var request: LlamaCompletionRequest
    /// Of the prompt.
    package var index: Int
    /// The prompt, also where it came as tokens.
    package var prompt: String

    package init(model: String, _ request: LlamaCompletionRequest, index: Int = 0, prompt: String = "") {
        self.model = model
        self.request = request
        self.index = index
        self.prompt = prompt
    }

    /// What is known when the answer is over.
    fileprivate func end(_ summary: ResponseSummary, hasNewLine: Bool) -> JSONObject {
        let stopType =
            switch summary.reason {
            case .stop: "eos"
            case .stopText: "word"
            case .maxTokens, .contextFull, .timeLimit: "limit"
            case .cancelled: "none"
            }
        return [
            "id_slot": 0, "stop": true, "model": .string(model), "tokens_predicted": .integer(summary.generatedTokens),
            "tokens_evaluated": .integer(summary.promptTokens),
            "generation_settings": LlamaModelReport.settings(request.options, streams: request.streams),
            "prompt": .string(prompt), "has_new_line": .bool(hasNewLine), "truncated": false,
            "stop_type": .string(stopType), "stopping_word": .string(summary.stopText ?? ""),
            "tokens_cached": .integer(summary.promptTokens + summary.generatedTokens), "timings": Self.timings(summary),
        ]
    }

    private static func timings(_ summary: ResponseSummary) -> JSONValue {
        let read = summary.promptTokens - summary.reusedTokens
        func each(_ seconds: Double, _ count: Int) -> JSONValue {
            .number(count > 0 ? seconds * 1000 / Double(count) : 0)
        }
        func rate(_ seconds: Double, _ count: Int) -> JSONValue { .number(seconds > 0 ? Double(count) / seconds : 0) }
        return [
            "cache_n": .integer(summary.reusedTokens), "prompt_n": .integer(read),
            "prompt_ms": .number(summary.promptSeconds * 1000),
            "prompt_per_token_ms": each(summary.promptSeconds, read),
            "prompt_per_second": rate(summary.promptSeconds, read),
            "predicted_n": .integer(summary.generatedTokens), "predicted_ms": .number(summary.generationSeconds * 1000),
            "predicted_per_token_ms": each(summary.generationSeconds, summary.generatedTokens),
            "predicted_per_second": rate(summary.generationSeconds, summary.generatedTokens),
        ]
    }
}

/// The pieces of such an answer as the data of server-sent events; no `[DONE]` follows.
package struct LlamaCompletionStream: WireStream {
    package static var contentType: String { ServerSentEvents.contentType }
    private let subject: LlamaSubject
    private var promptTokens = 0
    private var hasNewLine = false
    /// Tokens whose text has not come yet.
    private var pending: [TokenChoice] = []

    package init(_ subject: LlamaSubject) { self.subject = subject }

    package mutating func accept(_ event: ChatEvent) -> [UInt8] {
        switch event {
        case .reading(_, let total): promptTokens = total
        case .token(let choice): pending.append(choice)
        case .text(let piece):
            hasNewLine = hasNewLine || piece.utf8.contains(0x0A)
            return frame(piece, ["stop": false, "id_slot": 0, "tokens_evaluated": .integer(promptTokens)])
        case .finished(let summary):
            return frame("", subject.end(summary, hasNewLine: hasNewLine))
        case .thinking, .callBegan, .callArguments, .callEnded: break
        }
        return []
    }

    package func beat(progress: String) -> [UInt8] { ServerSentEvents.comment(progress) }

    package func failure(_ error: APIError) -> [UInt8] {
        ServerSentEvents.message(ErrorWording.llamaServer.value(of: error).bytes)
    }

    private mutating func frame(_ content: String, _ rest: JSONObject) -> [UInt8] {
        var object: JSONObject = ["index": .integer(subject.index), "content": .string(content)]
        object.members += LlamaTokens.members(pending, of: subject.request)
        object.members += rest.members
        pending = []
        return ServerSentEvents.message(JSONValue.object(object).bytes)
    }
}

/// Tokens of an answer as llama-server tells them.
enum LlamaTokens {
    static func members(
        _ choices: [TokenChoice], of request: LlamaCompletionRequest
    ) -> [(key: String, value: JSONValue)] {
        let ids = request.tellsTokens ? choices.map { JSONValue.integer(Int($0.taken.id)) } : []
        guard request.tellsProbabilities else { return [("tokens", .array(ids))] }
        let rows = choices.map { choice in
            var row = candidate(choice.taken)
            row.add("top_logprobs", .array(choice.likeliest.map { .object(candidate($0)) }))
            return JSONValue.object(row)
        }
        return [("tokens", .array(ids)), ("completion_probabilities", .array(rows))]
    }

    private static func candidate(_ candidate: TokenChoice.Candidate) -> JSONObject {
        [
            "id": .integer(Int(candidate.id)), "token": .string(String(decoding: candidate.bytes, as: UTF8.self)),
            "bytes": .array(candidate.bytes.map { .integer(Int($0)) }),
            "logprob": .number(wireLogProbability(candidate.logProbability)),
        ]
    }
}
