import Chat

/// The answer of `GET /v1/status`, which the page's live view reads. Counters only grow: rates are for the reader.
struct StatusReport: Encodable, Sendable {
    struct Slot: Encodable, Sendable {
        var id: Int
        var state: String
        var client: String
        var heldTokens: Int
        var promptTokens: Int
        var generatedTokens: Int
    }
    struct Cache: Encodable, Sendable {
        var bytes: Int
        var capacityBytes: Int?
        var lookups: Int
        var hits: Int
        var reusedTokens: Int
    }
    struct Model: Encodable, Sendable {
        var id: String
        var context: Int
        var slots: [Slot]
        var waiting: Int
        var readTokens: Int
        var generatedTokens: Int
        var cache: Cache?
    }

    var uptimeSeconds: Double
    var memoryBytes: Int?
    var connections: Int
    var requestsRunning: Int
    var requestsAnswered: Int
    var models: [Model]

    init(_ facts: Exposition) {
        uptimeSeconds = facts.uptimeSeconds
        memoryBytes = facts.residentBytes
        connections = facts.connections
        requestsRunning = facts.running
        requestsAnswered = facts.counts.answered
        models = facts.models.map { model in
            let status = model.status
            return Model(
                id: model.name, context: model.contextLength,
                slots: (status?.slots ?? []).enumerated().map { index, slot in
                    Slot(
                        id: index, state: slot.state.rawValue, client: slot.client, heldTokens: slot.heldTokens,
                        promptTokens: slot.promptTokens, generatedTokens: slot.generatedTokens)
                },
                waiting: status?.waiting ?? 0, readTokens: status?.readTokens ?? 0,
                generatedTokens: status?.generatedTokens ?? 0,
                cache: status?.cache.map {
                    Cache(
                        bytes: $0.bytes, capacityBytes: $0.capacityBytes, lookups: $0.lookups, hits: $0.hits,
                        reusedTokens: $0.reusedTokens)
                })
        }
    }
}
