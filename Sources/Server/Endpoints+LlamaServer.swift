import Chat
import JSON
import WireFormats

extension Endpoints {
    func answer(
        _ incoming: IncomingRequest, _ route: LlamaServerRoute, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        switch route {
        case .props, .slots, .adapters: try await writer.send(try report(route, of: models[0]))
        case .slotAction: throw APIError.notImplemented("This server neither saves nor restores slots.")
        case .completion, .completions, .infill:
            let fields = try RequestFields(body: incoming.body)
            let served = try find(fields.string("model"))
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
        case .adapters: LlamaModelReport.adapters(served.adapters.map { ($0.path, $0.scale) })
        default:
            LlamaModelReport.props(
                name: served.name, try inspection(of: served).facts, contextLength: served.model.contextLength,
                sequences: served.sequences, defaults: served.defaults, build: "martlet \(version)")
        }
    }

    private func complete(
        _ request: LlamaCompletionRequest, by served: ServedModel, _ writer: ResponseWriter
    ) async throws -> ResponseSummary {
        let events = served.model.complete(request.prompt, options: request.options)
        if request.streams {
            return try await stream(events, as: LlamaCompletionStream(model: served.name, request), writer)
        }
        var answer = LlamaCompletion(model: served.name, request)
        let summary = try await collect(events) { answer.accept($0) }
        try await writer.send(answer.body(summary))
        return summary
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
            guard let bytes = await model.bytes(of: try DetokenizeRequest(fields).tokens) else {
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
