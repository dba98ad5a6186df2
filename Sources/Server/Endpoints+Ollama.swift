import Chat
import JSON
import WireFormats

extension Endpoints {
    func answer(
        _ incoming: IncomingRequest, _ route: OllamaRoute, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        switch route {
        case .version: try await writer.send(["version": .string(version)])
        case .tags:
            var tags: [JSONValue] = []
            for served in models { tags.append(try ollamaModel(served).tag) }
            try await writer.send(["models": .array(tags)])
        case .ps:
            var processes: [JSONValue] = []
            for served in models {
                let residence = (served.model as? any LoadableModel)?.residence
                guard residence.map({ $0.state == .loaded }) ?? true else { continue }
                processes.append(
                    try ollamaModel(served).process(until: residence?.secondsLeft.map { Self.now + Int($0) }))
            }
            try await writer.send(["models": .array(processes)])
        case .show:
            let served = try findOllama(try RequestFields(body: incoming.body))
            try await writer.send(try ollamaModel(served).description(defaults: served.defaults))
        case .pull: try await answerPull(try RequestFields(body: incoming.body), writer)
        case .chat, .generate:
            let fields = try RequestFields(body: incoming.body)
            let served = try findOllama(fields)
            let request =
                route == .chat
                ? try OllamaRequest(chat: fields, defaults: served.defaults)
                : try OllamaRequest(generate: fields, defaults: served.defaults)
            return try await answer(request, as: route == .chat ? .chat : .generate, by: served, writer)
        }
        return nil
    }

    private func answer(
        _ request: OllamaRequest, as form: OllamaAnswer.Form, by served: ServedModel, _ writer: ResponseWriter
    ) async throws -> ResponseSummary? {
        let identity = AnswerIdentity(id: "", created: Self.now, model: served.name)
        var answer = OllamaAnswer(identity, form, showsThinking: request.showsThinking)
        let events: AsyncThrowingStream<ChatEvent, any Error>
        switch request.subject {
        case .conversation(let messages): events = served.model.respond(to: messages, options: request.options)
        case .text(let prompt): events = served.model.complete(prompt, options: request.options)
        case .nothing:
            let model = served.model as? any LoadableModel
            if request.options.keepAlive == 0 {
                model?.unload()
                try await writer.send(answer.unloaded)
            } else {
                try await model?.load(keepAlive: request.options.keepAlive)
                try await writer.send(answer.loaded)
            }
            return nil
        }
        if request.streams {
            return try await stream(
                events, as: OllamaStream(identity, form, showsThinking: request.showsThinking), writer)
        }
        let summary = try await collect(events) { answer.accept($0) }
        try await writer.send(answer.body(summary))
        return summary
    }

    /// Ollama's names may end with the version that is meant anyway.
    private func findOllama(_ fields: RequestFields) throws(APIError) -> ServedModel {
        let name = try ollamaName(fields)
        let usual = ":latest"
        let isKnown = models.contains { $0.answers(to: name) }
        return try find(!isKnown && name.hasSuffix(usual) ? String(name.dropLast(usual.count)) : name)
    }

    private func ollamaName(_ fields: RequestFields) throws(APIError) -> String {
        for key in ["model", "name"] {
            if let name = try fields.string(key), !name.isEmpty { return name }
        }
        throw fields.wrong("model", expected: "the name of a model")
    }

    private func ollamaModel(_ served: ServedModel) throws(APIError) -> OllamaModel {
        OllamaModel(
            name: served.name, try inspection(of: served).facts, contextLength: served.model.contextLength)
    }

    // MARK: Pulling

    /// A model that is served is here already.
    private func answerPull(_ fields: RequestFields, _ writer: ResponseWriter) async throws {
        let name = try ollamaName(fields)
        guard name.utf8.count <= 512 else {
            throw APIError.badRequest("No model has a name of more than 512 bytes.", parameter: "model")
        }
        let streams = try fields.bool("stream") ?? true
        let isServed = (try? findOllama(fields)) != nil
        guard isServed || pull != nil else {
            throw APIError.notImplemented("This server pulls no models. Try: martlet model pull \(name.prefix(200))")
        }
        let done = OllamaPullStep("success")
        guard streams else {
            if !isServed, let pull { for try await _ in pull(name) {} }
            return try await writer.send(done.value)
        }
        try await writer.begin(contentType: OllamaStream.contentType)
        do {
            if !isServed, let pull { try await write(pull(name), writer) }
            try await writer.write(OllamaStream.line(done.value))
            try await writer.end()
        } catch let error as CancellationError {
            throw error
        } catch {
            try? await writer.write(OllamaStream.line(ErrorWording.ollama.value(of: APIError(error))))
            try? await writer.end()
            throw error
        }
    }

    private func write(
        _ steps: AsyncThrowingStream<OllamaPullStep, any Error>, _ writer: ResponseWriter
    ) async throws {
        var last = OllamaPullStep("pulling")
        try await withHeartbeat(
            steps, every: heartbeat, stallLimit: stallLimit, onStall: writer.abandoner
        ) { input in
            if case .event(let step) = input { last = step }
            try await writer.write(OllamaStream.line(last.value))
        }
    }
}
