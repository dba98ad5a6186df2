package import Chat
import Foundation
package import WireFormats

/// A model under the name that requests call it by.
package struct ServedModel: Sendable {
    package var name: String
    package var model: any TextModel
    /// For what a request leaves open.
    package var defaults: ResponseOptions
    /// Answers that it makes at a time.
    package var sequences = 1
    /// LoRA adapters that are in force for all requests.
    package var adapters: [ServedAdapter] = []

    package init(name: String, model: any TextModel, defaults: ResponseOptions) {
        self.name = name
        self.model = model
        self.defaults = defaults
    }
}

/// Fetches a model by name, and tells how far it is.
package typealias PullModel = @Sendable (String) -> AsyncThrowingStream<OllamaPullStep, any Error>

/// A LoRA adapter that corrects a served model.
package struct ServedAdapter: Hashable, Sendable {
    package var path: String
    package var scale: Double

    package init(path: String, scale: Double) {
        self.path = path
        self.scale = scale
    }
}

/// Answers requests, whichever connection they came by.
struct Endpoints: Sendable {
    /// The first is for requests that name none.
    private(set) var models: [ServedModel]
    let heartbeat: Duration
    let stallLimit: Duration
    /// Seconds since 1970.
    let started = Self.now
    /// Of the program.
    let version: String
    /// Nil where models cannot be pulled.
    let pull: PullModel?
    /// Answers that are being made or wait for their turn.
    let running = RunningAnswers()
    let responses = ResponseStore()

    init(
        models: [ServedModel], version: String, pull: PullModel? = nil, heartbeat: Duration, stallLimit: Duration
    ) {
        self.models = models
        self.version = version
        self.pull = pull
        self.heartbeat = heartbeat
        self.stallLimit = stallLimit
    }

    /// What is told of a request's answer, besides the answer.
    func answer(
        _ request: IncomingRequest, _ route: Route, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        try await serving(request.client).answer(route, request, writer)
    }

    /// The same for one client: what it asks for counts as its own.
    private func serving(_ client: String) -> Endpoints {
        var endpoints = self
        for index in endpoints.models.indices { endpoints.models[index].defaults.client = client }
        return endpoints
    }

    private func answer(
        _ route: Route, _ request: IncomingRequest, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        switch route {
        case .chatCompletions: return try await answerChat(request, writer)
        case .completions: return try await answerCompletion(request, writer)
        case .models: try await writer.send(json: ModelList(models.map(card)))
        case .model(let id): try await writer.send(json: card(try find(id)))
        case .health: try await writer.send(json: ["status": "ok"])
        case .openAPI: try await writer.send(OpenAPIDocument.make(version: version, models: models.map(\.name)))
        case .responses(let route): return try await answer(request, route, writer)
        case .anthropic(let route): return try await answer(request, route, writer)
        case .llamaServer(let route): return try await answer(request, route, writer)
        case .ollama(let route): return try await answer(request, route, writer)
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
    func find(_ name: String?) throws(APIError) -> ServedModel {
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

    static var now: Int { Int(Date().timeIntervalSince1970) }
}
