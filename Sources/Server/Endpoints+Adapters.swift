import Chat
import JSON
import WireFormats

extension ServedModel {
    private var host: (any AdapterHosting)? { model as? any AdapterHosting }

    /// Those that are loaded.
    var adapters: [AdapterFacts] { host?.adapters ?? [] }

    /// - Throws: 400 where the model takes no adapters.
    func adapterHost() throws(APIError) -> any AdapterHosting {
        guard let host else { throw .unsupported("'\(name)' takes no adapters.", parameter: "model") }
        return host
    }

    /// The same model with one of its adapters, under its name; nil where there is none of that name.
    func adapted(by name: String) -> ServedModel? {
        guard let adapter = adapters.first(where: { $0.name == name }) else { return nil }
        var served = self
        served.name = name
        served.defaults.adapters = [AdapterChoice(name, scale: adapter.usualScale)]
        return served
    }

    /// The same with the adapters that a request asks for by their ids in `lora`, if it does, and no others.
    func choosing(_ fields: RequestFields) throws(APIError) -> ServedModel {
        guard let scales = try fields.adapterScales("lora") else { return self }
        let adapters = adapters
        var choices: [AdapterChoice] = []
        for (id, scale) in scales.sorted(by: { $0.key < $1.key }) {
            guard let adapter = adapters.first(where: { $0.id == id }) else {
                throw APIError(RequestRefusal.unknownAdapter("\(id)", known: adapters.map { "\($0.id)" }))
            }
            choices.append(AdapterChoice(adapter.name, scale: scale))
        }
        var served = self
        served.defaults.adapters = choices
        return served
    }
}

extension Endpoints {
    /// `POST /lora-adapters`: which adapters those get who name none.
    func setAdapterScales(_ incoming: IncomingRequest, _ writer: ResponseWriter) async throws {
        let fields = try RequestFields(list: incoming.body, as: "adapters")
        let scales = try fields.adapterScales("adapters") ?? [:]
        try find(nil).adapterHost().setAdapterScales(scales)
        try await writer.send(["success": true])
    }

    /// vLLM's routes.
    func answer(_ incoming: IncomingRequest, _ route: AdapterRoute, _ writer: ResponseWriter) async throws {
        let request = try AdapterLoading(RequestFields(body: incoming.body), needsPath: route == .load)
        let done: String
        switch route {
        case .load:
            try await load(request)
            done = "added"
        case .unload:
            let served = request.base == nil ? models.first { $0.adapted(by: request.name) != nil } : nil
            try (served ?? find(request.base)).adapterHost().unloadAdapter(request.name)
            done = "removed"
        }
        try await writer.send(
            status: 200, contentType: "text/plain; charset=utf-8",
            Array("Success: LoRA adapter '\(request.name)' \(done) successfully.".utf8))
    }

    private func load(_ request: AdapterLoading) async throws {
        let path = try adapterFolder.path(of: request.path ?? "")
        let served = try find(request.base)
        let isTaken =
            models.contains { $0.answers(to: request.name) } || embeddings.contains { $0.answers(to: request.name) }
            || models.contains { $0.name != served.name && $0.adapted(by: request.name) != nil }
        guard !isTaken else {
            throw APIError.badRequest(
                "'\(request.name)' is the name of another model here. Give another.", parameter: "lora_name",
                code: "invalid_value")
        }
        try await served.adapterHost().loadAdapter(request.name, from: path, replaces: request.replaces)
    }
}
