package import Chat
import Foundation
import WireFormats

/// A model under the name that requests call it by.
package struct ServedModel: Sendable {
    package var name: String
    package var model: any TextModel
    /// For what a request leaves open.
    package var defaults: ResponseOptions

    package init(name: String, model: any TextModel, defaults: ResponseOptions) {
        self.name = name
        self.model = model
        self.defaults = defaults
    }
}

/// Answers requests, whichever connection they came by.
struct Endpoints: Sendable {
    /// The first is for requests that name none.
    let models: [ServedModel]
    let heartbeat: Duration
    let stallLimit: Duration
    let state: ServerState
    let metrics = Metrics()
    let process = ProcessFacts()
    /// Seconds since 1970.
    private let started = Self.now

    init(models: [ServedModel], state: ServerState, heartbeat: Duration, stallLimit: Duration) {
        self.models = models
        self.state = state
        self.heartbeat = heartbeat
        self.stallLimit = stallLimit
    }

    /// What is told of a request's answer, besides the answer.
    func answer(
        _ request: IncomingRequest, _ route: Route, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        switch route {
        case .chatCompletions: return try await answerChat(request, writer)
        case .completions: return try await answerCompletion(request, writer)
        case .models: try await writer.send(json: ModelList(models.map(card)))
        case .model(let id): try await writer.send(json: card(try find(id)))
        case .health: try await writer.send(json: ["status": "ok"])
        case .metrics: try await sendMetrics(writer)
        case .status: try await sendStatus(writer)
        case .page: try await sendPage(nil, request, writer)
        case .pageFile(let name): try await sendPage(name, request, writer)
        }
        return nil
    }

    private func answerChat(_ incoming: IncomingRequest, _ writer: ResponseWriter) async throws -> ResponseSummary? {
        let fields = try RequestFields(body: incoming.body)
        let served = try find(fields.string("model"))
        let request = try ChatCompletionRequest(fields, defaults: served.defaults)
        let identity = AnswerIdentity(id: "chatcmpl-\(RequestID.random())", created: Self.now, model: served.name)
        let events = served.model.respond(to: request.messages, options: request.options)
        let withProbabilities = request.options.logProbabilities != nil
        if request.form.streams {
            let format = ChatCompletionStream(
                identity, includesUsage: request.form.includesUsage, withLogProbabilities: withProbabilities)
            return try await stream(events, as: format, writer)
        }
        let (answer, summary) = try await collect(events)
        try await writer.send(
            json: ChatCompletion(identity, answer, summary, withLogProbabilities: withProbabilities))
        return summary
    }

    private func answerCompletion(
        _ incoming: IncomingRequest, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        let fields = try RequestFields(body: incoming.body)
        let served = try find(fields.string("model"))
        let request = try CompletionRequest(fields, defaults: served.defaults)
        let identity = AnswerIdentity(id: "cmpl-\(RequestID.random())", created: Self.now, model: served.name)
        let events = served.model.complete(request.prompt, options: request.options)
        let withProbabilities = request.options.logProbabilities != nil
        let prefix = request.echoes ? request.prompt.text : ""
        if request.form.streams {
            let format = TextCompletionStream(
                identity, prefix: prefix, includesUsage: request.form.includesUsage,
                withLogProbabilities: withProbabilities)
            return try await stream(events, as: format, writer)
        }
        let (answer, summary) = try await collect(events)
        try await writer.send(
            json: TextCompletion(
                identity, prefix: prefix, answer, summary, withLogProbabilities: withProbabilities))
        return summary
    }

    // MARK: Models

    /// - Throws: 404 with the names that there are.
    private func find(_ name: String?) throws(APIError) -> ServedModel {
        guard let name else { return models[0] }
        if let model = models.first(where: { $0.name == name }) { return model }
        let names = models.map { "'\($0.name)'" }.joined(separator: ", ")
        throw APIError(
            status: 404, kind: .invalidRequest,
            message: "There is no model '\(name.prefix(200))' here. There is \(names).", parameter: "model",
            code: "model_not_found")
    }

    private func card(_ served: ServedModel) -> ModelCard {
        ModelCard(id: served.name, created: started, contextLength: served.model.contextLength)
    }

    private static var now: Int { Int(Date().timeIntervalSince1970) }
}
