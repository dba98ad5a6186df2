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
    struct Residence: Encodable, Sendable {
        var bytes: Int
        var users: Int
        var loads: Int
        var unloads: Int
        var failedLoads: Int
        var loadSeconds: Double
        var secondsLeft: Double?
    }
    struct Model: Encodable, Sendable {
        var id: String
        /// `loaded`, `unloaded`, or on its way.
        var state: String
        /// Nil where it is always in memory.
        var residence: Residence?
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
                id: model.name, state: (model.residence?.state ?? .loaded).rawValue,
                residence: model.residence.map {
                    Residence(
                        bytes: $0.byteCount, users: $0.users, loads: $0.loads, unloads: $0.unloads,
                        failedLoads: $0.failedLoads, loadSeconds: $0.loadSeconds, secondsLeft: $0.secondsLeft)
                },
                context: model.contextLength,
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
