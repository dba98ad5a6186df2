import Chat
import JSON
import WireFormats

extension Endpoints {
    func answer(
        _ incoming: IncomingRequest, _ route: LlamaServerRoute, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        switch route {
        case .props, .slots, .adapters: try await writer.send(try report(route, of: try find(nil)))
        case .slotAction: try await answerSlotAction(incoming, writer)
        case .adapterScales: try await setAdapterScales(incoming, writer)
        case .load, .unload: try await writer.send(try await move(try RequestFields(body: incoming.body), route))
        case .completion, .completions, .infill:
            let fields = try RequestFields(body: incoming.body)
            let served = try find(fields.string("model")).choosing(fields)
            let request =
                route == .infill
                ? try LlamaCompletionRequest(infill: fields, defaults: served.defaults)
                : try LlamaCompletionRequest(completion: fields, defaults: served.defaults)
            return try await complete(request, by: served, writer)
        case .tokenize, .detokenize, .applyTemplate:
            let fields = try RequestFields(body: incoming.body)
            let served = try find(fields.string("model"))
            try await writer.send(try await inspect(fields, route, by: served))
        }
        return nil
    }

    private func report(_ route: LlamaServerRoute, of served: ServedModel) throws(APIError) -> JSONValue {
        switch route {
        case .slots:
            LlamaModelReport.slots(
                count: served.sequences, running: running.count, contextLength: served.model.contextLength)
        case .adapters: LlamaModelReport.adapters(served.adapters)
        default:
            LlamaModelReport.props(
                name: served.name, try inspection(of: served).facts, contextLength: served.model.contextLength,
                sequences: served.sequences, defaults: served.defaults, build: "martlet \(version)")
        }
    }

    /// Brings a model into memory, or lets it go.
    private func move(_ fields: RequestFields, _ route: LlamaServerRoute) async throws -> JSONValue {
        guard let name = try fields.string("model") else {
            throw fields.wrong("model", expected: "the name of a model")
        }
        if let model = try loadable(name) {
            if route == .load { try await model.load(keepAlive: nil) } else { model.unload() }
        } else if route == .unload {
            throw APIError.unsupported("'\(name.prefix(200))' is always in memory.", parameter: "model")
        }
        return ["success": true]
    }

    private func complete(
        _ request: LlamaCompletionRequest, by served: ServedModel, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        let subjects = try await texts(of: request.prompts, by: served).enumerated().map { index, text in
            LlamaSubject(model: served.name, request, index: index, prompt: text)
        }
        let batch = AnswerBatch(.each, request.options, prompts: subjects.count, by: served) { prompt, options in
            served.model.complete(request.prompts[prompt], options: options)
        }
        if request.streams { return try await stream(batch, as: subjects.map(LlamaCompletionStream.init), writer) }
        let answers = try await batch.map { index, events in
            var answer = LlamaCompletion(subjects[index])
            let summary = try await collect(events) { answer.accept($0) }
            return (body: answer.body(summary), summary: summary)
        }
        // One prompt has one answer, also where it came in a list.
        try await writer.send(answers.count == 1 ? answers[0].body : .array(answers.map { $0.body }))
        return .total(answers.map { $0.summary }, candidates: 1)
    }

    private func inspect(
        _ fields: RequestFields, _ route: LlamaServerRoute, by served: ServedModel
    ) async throws -> JSONValue {
        let model = try inspection(of: served)
        switch route {
        case .tokenize:
            let request = try TokenizeRequest(fields)
            return request.body(
                try await model.tokens(
                    of: request.text, addsSequenceTokens: request.addsSequenceTokens,
                    readsControlTokens: request.readsControlTokens))
        case .detokenize:
            guard let bytes = try await model.bytes(of: DetokenizeRequest(fields).tokens) else {
                throw APIError.badRequest(
                    "'tokens' has an id that is none of the model's.", parameter: "tokens", code: "invalid_value")
            }
            return ["content": .string(String(decoding: bytes, as: UTF8.self))]
        default:
            let request = try ChatCompletionRequest(fields, defaults: served.defaults)
            return [
                "prompt": .string(
                    try await model.promptText(of: request.messages, tools: request.options.shownTools))
            ]
        }
    }
}
