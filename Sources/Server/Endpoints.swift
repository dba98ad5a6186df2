package import Chat
import Foundation
package import WireFormats

/// A model under the name that requests call it by.
package struct ServedModel: Sendable {
    package var name: String
    /// Other names that requests may call it by; they are not listed.
    package var aliases: [String] = []
    package var model: any TextModel
    /// For what a request leaves open.
    package var defaults: ResponseOptions
    /// Answers that it makes at a time.
    package var sequences = 1

    package init(name: String, model: any TextModel, defaults: ResponseOptions) {
        self.name = name
        self.model = model
        self.defaults = defaults
    }
}

extension ServedModel {
    func answers(to name: String) -> Bool { self.name == name || aliases.contains(name) }
}

/// Fetches a model by name, and tells how far it is.
package typealias PullModel = @Sendable (String) -> AsyncThrowingStream<OllamaPullStep, any Error>

/// Answers requests, whichever connection they came by.
struct Endpoints: Sendable {
    /// The first is for requests that name none.
    private(set) var models: [ServedModel]
    /// Likewise, for vectors.
    let embeddings: [ServedEmbeddingModel]
    let heartbeat: Duration
    let stallLimit: Duration
    let state: ServerState
    let metrics = Metrics()
    let process = ProcessFacts()
    /// Seconds since 1970.
    let started = Self.now
    /// Of the program.
    let version: String
    /// Nil where models cannot be pulled.
    let pull: PullModel?
    /// For what slots hold; nil where they are not saved.
    let slotFolder: String?
    /// Where clients may load adapters from.
    let adapterFolder: AdapterFolder
    /// Answers that are being made or wait for their turn.
    let running = RunningAnswers()
    let responses = ResponseStore()

    init(
        models: [ServedModel], embeddings: [ServedEmbeddingModel] = [], state: ServerState, version: String,
        pull: PullModel? = nil, slotFolder: String? = nil, adapterFolder: AdapterFolder, heartbeat: Duration,
        stallLimit: Duration
    ) {
        self.models = models
        self.embeddings = embeddings
        self.state = state
        self.version = version
        self.pull = pull
        self.slotFolder = slotFolder
        self.adapterFolder = adapterFolder
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
        case .embeddings: return try await answerEmbeddings(request, writer)
        case .rerank: return try await answerRerank(request, writer)
        case .models: try await writer.send(json: ModelList(cards))
        case .model(let id):
            let chat = models.first { $0.answers(to: id) }?.name
            let name = chat ?? embeddings.first { $0.answers(to: id) }?.name ?? id
            guard let card = cards.first(where: { $0.id == name }) else { throw unknownModel(id) }
            try await writer.send(json: card)
        case .health: try await writer.send(json: ["status": "ok"])
        case .metrics: try await sendMetrics(writer)
        case .status: try await sendStatus(writer)
        case .page: try await sendPage(nil, request, writer)
        case .pageFile(let name): try await sendPage(name, request, writer)
        case .openAPI: try await writer.send(OpenAPIDocument.make(version: version, models: cards.map(\.id)))
        case .responses(let route): return try await answer(request, route, writer)
        case .anthropic(let route): return try await answer(request, route, writer)
        case .llamaServer(let route): return try await answer(request, route, writer)
        case .adapter(let route): try await answer(request, route, writer)
        case .ollama(let route): return try await answer(request, route, writer)
        case .mcp: preconditionFailure("No path leads from models to /mcp.")
        }
        return nil
    }

    private func answerChat(_ incoming: IncomingRequest, _ writer: ResponseWriter) async throws -> ResponseSummary? {
        let fields = try RequestFields(body: incoming.body)
        let served = try find(fields.string("model")).choosing(fields)
        let request = try ChatCompletionRequest(fields, defaults: served.defaults)
        let identity = AnswerIdentity(id: "chatcmpl-\(RequestID.random())", created: Self.now, model: served.name)
        let withProbabilities = request.options.logProbabilities != nil
        let batch = AnswerBatch(request.form, request.options, by: served) { _, options in
            served.model.respond(to: request.messages, options: options)
        }
        if request.form.streams {
            return try await stream(batch, writer) { index in
                ChatCompletionStream(
                    identity, index: index, includesUsage: request.form.includesUsage,
                    withLogProbabilities: withProbabilities)
            }
        }
        let answers = try await collect(batch, request.form)
        try await writer.send(json: ChatCompletion(identity, answers, withLogProbabilities: withProbabilities))
        return answers.summary
    }

    private func answerCompletion(
        _ incoming: IncomingRequest, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        let fields = try RequestFields(body: incoming.body)
        let served = try find(fields.string("model")).choosing(fields)
        let request = try CompletionRequest(fields, defaults: served.defaults)
        let identity = AnswerIdentity(id: "cmpl-\(RequestID.random())", created: Self.now, model: served.name)
        let withProbabilities = request.options.logProbabilities != nil
        var prefixes = request.prompts.map { _ in "" }
        if request.echoes { prefixes = try await texts(of: request.prompts, by: served) }
        let batch = AnswerBatch(request.form, request.options, prompts: prefixes.count, by: served) { prompt, options in
            served.model.complete(request.prompts[prompt], options: options)
        }
        if request.form.streams {
            return try await stream(batch, writer) { [prefixes] index in
                TextCompletionStream(
                    identity, index: index, prefix: prefixes[index / request.form.count],
                    includesUsage: request.form.includesUsage, withLogProbabilities: withProbabilities)
            }
        }
        let answers = try await collect(batch, request.form)
        try await writer.send(
            json: TextCompletion(identity, prefixes: prefixes, answers, withLogProbabilities: withProbabilities))
        return answers.summary
    }

    // MARK: Models

    /// The model of that name, or the one that the adapter of that name corrects.
    /// - Throws: 404 with the names that there are.
    func find(_ name: String?) throws(APIError) -> ServedModel {
        guard let name else { return try findDefault() }
        if let model = models.first(where: { $0.answers(to: name) }) { return model }
        if let adapted = models.lazy.compactMap({ $0.adapted(by: name) }).first { return adapted }
        guard embeddings.allSatisfy({ !$0.answers(to: name) }) else {
            throw .unsupported(
                "'\(name)' is an embedding model: it answers /v1/embeddings.", parameter: "model")
        }
        throw unknownModel(name)
    }

    /// The model of a name, of either kind; nil where it is always in memory.
    func loadable(_ name: String) throws(APIError) -> (any LoadableModel)? {
        if let served = models.first(where: { $0.answers(to: name) }) { return served.model as? any LoadableModel }
        if let served = embeddings.first(where: { $0.answers(to: name) }) { return served.model as? any LoadableModel }
        throw unknownModel(name)
    }

    private func findDefault() throws(APIError) -> ServedModel {
        if let model = models.first { return model }
        throw .unsupported(
            "'\(embeddings.first?.name ?? "")' is an embedding model: it answers /v1/embeddings.", parameter: "model")
    }

    private func unknownModel(_ name: String) -> APIError {
        let names = cards.map { "'\($0.id)'" }.joined(separator: ", ")
        return APIError(
            status: 404, kind: .invalidRequest,
            message: "There is no model '\(name.prefix(200))' here. There is \(names).", parameter: "model",
            code: "model_not_found")
    }

    /// One for each name.
    private var cards: [ModelCard] {
        let chats = models.flatMap { served in
            let card = card(served.name, context: served.model.contextLength, served.model)
            return [card] + served.adapters.map { card.adapted(by: $0.name) }
        }
        let others = embeddings.filter { served in models.allSatisfy { $0.name != served.name } }
        return chats + others.map { card($0.name, context: $0.model.longestText, $0.model) }
    }

    private func card(_ name: String, context: Int, _ model: Any) -> ModelCard {
        ModelCard(
            id: name, created: started, contextLength: context,
            status: (model as? any LoadableModel)?.residence.state.rawValue ?? "loaded")
    }

    static var now: Int { Int(Date().timeIntervalSince1970) }
}
