import Chat
import JSON
import WireFormats

extension Endpoints {
    func answer(
        _ incoming: IncomingRequest, _ route: AnthropicRoute, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        let fields = try RequestFields(body: incoming.body)
        let served = try find(fields.string("model"))
        let request = try MessagesRequest(fields, defaults: served.defaults)
        switch route {
        case .countTokens:
            try await writer.send(["input_tokens": .integer(try await tokenCount(of: request, by: served))])
            return nil
        case .messages:
            let identity = AnswerIdentity(id: "msg_\(RequestID.random())", created: Self.now, model: served.name)
            let events = served.model.respond(to: request.messages, options: request.options)
            if request.streams {
                return try await stream(
                    events, as: MessagesStream(identity, showsThinking: request.showsThinking), writer)
            }
            var answer = MessagesAnswer(identity, showsThinking: request.showsThinking)
            let summary = try await collect(events) { answer.accept($0) }
            try await writer.send(answer.body(summary))
            return summary
        }
    }

    private func tokenCount(of request: MessagesRequest, by served: ServedModel) async throws -> Int {
        let model = try inspection(of: served)
        let tools = request.options.shownTools
        guard request.options.continuesAnswer, let begun = request.messages.last else {
            return try await model.tokenCount(of: request.messages, tools: tools)
        }
        let tokens = try await model.tokens(of: begun.content, addsSequenceTokens: false, readsControlTokens: true)
        return try await model.tokenCount(of: Array(request.messages.dropLast()), tools: tools) + tokens.count
    }

    /// - Throws: 501 where the model does not tell.
    func inspection(of served: ServedModel) throws(APIError) -> any PromptInspection {
        guard let model = served.model as? any PromptInspection else {
            throw .notImplemented("'\(served.name)' does not tell what its prompts become.")
        }
        return model
    }
}
