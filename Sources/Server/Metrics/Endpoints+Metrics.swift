import Chat

extension Endpoints {
    /// `GET /metrics`.
    func sendMetrics(_ writer: ResponseWriter) async throws {
        try await writer.send(
            status: 200, contentType: "text/plain; version=0.0.4; charset=utf-8",
            Array(exposition.prometheusText.utf8))
    }

    /// `GET /v1/status`.
    func sendStatus(_ writer: ResponseWriter) async throws {
        try await writer.send(json: StatusReport(exposition))
    }

    private var exposition: Exposition {
        let (running, connections) = state.load
        return Exposition(
            counts: metrics.counts, running: running, connections: connections, residentBytes: process.residentBytes,
            processorSeconds: process.processorSeconds, started: process.started,
            uptimeSeconds: process.uptimeSeconds,
            models: modelFacts)
    }

    /// Models that make vectors only are told of where they are not always in memory.
    private var modelFacts: [Exposition.Model] {
        let chats = models.map {
            Exposition.Model(
                name: $0.name, contextLength: $0.model.contextLength,
                status: ($0.model as? any StatusReporting)?.status,
                residence: ($0.model as? any LoadableModel)?.residence)
        }
        let others = embeddings.compactMap { served -> Exposition.Model? in
            guard models.allSatisfy({ $0.name != served.name }), let model = served.model as? any LoadableModel else {
                return nil
            }
            return Exposition.Model(
                name: served.name, contextLength: served.model.longestText, residence: model.residence)
        }
        return chats + others
    }
}
