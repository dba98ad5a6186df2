import Chat

/// What a pool remembers of a model, whether it is in memory or not.
struct PoolRecord: Sendable {
    var loads = 0
    var unloads = 0
    var failedLoads = 0
    var loadSeconds: Double = 0
    /// Those that it had when it left; nil before its first life.
    var adapters: [AdapterFacts]?
    /// Totals of the times that it was in memory before.
    private var earlier = ModelStatus()
    private var prefixBytes: (@Sendable () -> Int)?

    mutating func noteLoad(_ opened: OpenedModel, seconds: Double) {
        loads += 1
        loadSeconds += seconds
        prefixBytes = opened.prefixBytes
    }

    mutating func noteUnload(_ opened: OpenedModel) {
        unloads += 1
        if let host = opened.text as? any AdapterHosting { adapters = host.adapters }
        guard let last = (opened.text as? any StatusReporting)?.status else { return }
        earlier = total(with: last)
        earlier.slots = []
        earlier.waiting = 0
    }

    /// What the model does now, with what it did in earlier lives.
    /// - Parameter current: nil while it is not in memory.
    func total(with current: ModelStatus?) -> ModelStatus {
        var total = current ?? ModelStatus()
        total.readTokens += earlier.readTokens
        total.generatedTokens += earlier.generatedTokens
        guard let before = earlier.cache else { return total }
        guard var cache = total.cache else {
            total.cache = before
            if let prefixBytes { total.cache?.bytes = prefixBytes() }
            return total
        }
        cache.lookups += before.lookups
        cache.hits += before.hits
        cache.reusedTokens += before.reusedTokens
        total.cache = cache
        return total
    }
}
