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
            models: models.map {
                Exposition.Model(
                    name: $0.name, contextLength: $0.model.contextLength,
                    status: ($0.model as? any StatusReporting)?.status)
            })
    }
}
