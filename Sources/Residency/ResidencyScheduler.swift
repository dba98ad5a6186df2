/// Decides which models are in memory and who may use them: loads on demand, within a budget of bytes, and lets go of what
/// was used longest ago.
///
/// Nobody is passed by whoever comes later and needs room: while a request waits for room, no later one has a model
/// loaded, and those models that have to leave for it take no new users. All others go on. A model in use stays. Models
/// and requests are known by numbers; times are seconds. Pure: whoever owns it does what the actions say and tells what
/// came of it. See Docs/Decisions/0022-several-models.md.
package struct ResidencyScheduler: Sendable {
    /// What the owner has to do, in this order.
    package enum Action: Hashable, Sendable {
        /// Answer with `finishLoad` or `failLoad`.
        case load(model: Int)
        /// Answer with `finishUnload`.
        case unload(model: Int)
        /// The request may use its model until `release`.
        case grant(request: Int, model: Int)
    }

    package enum State: Hashable, Sendable {
        case unloaded
        case loading
        case loaded
        case unloading
    }

    private struct Entry {
        let byteCount: Int
        var state = State.unloaded
        var users = 0
        /// Counts grants.
        var lastGrant = 0
        var lastUse: Double = 0
        /// Seconds.
        var keepAlive: Double
    }

    private struct Request {
        let id: Int
        let model: Int
        let keepAlive: Double?
    }

    /// Bytes that models may take together.
    package let budget: Int
    /// Seconds that a model stays after its last use.
    package let keepAlive: Double
    private var entries: [Entry]
    /// In the order of their coming.
    private var waiting: [Request] = []
    private var grants = 0

    /// - Parameters:
    ///   - byteCounts: of each model.
    ///   - keepAlive: seconds that a model stays after its last use; infinite: until others need the room.
    package init(byteCounts: [Int], budget: Int, keepAlive: Double = .infinity) {
        self.budget = budget
        self.keepAlive = keepAlive
        entries = byteCounts.map { Entry(byteCount: max(0, $0), keepAlive: keepAlive) }
    }

    // MARK: Looking

    /// Where a model is.
    package func state(of model: Int) -> State { entries[model].state }
    /// Requests that were granted a model and have not released it.
    package func users(of model: Int) -> Int { entries[model].users }
    /// Requests that wait for a model.
    package func waitingCount(for model: Int) -> Int { waiting.count { $0.model == model } }
    /// Requests whose model is not even on its way, in the order of their coming.
    package var waitingForRoom: [Int] { waiting.filter { entries[$0.model].state != .loading }.map(\.id) }

    /// Whether a model could be in memory if it were alone there.
    package func fits(_ model: Int) -> Bool { entries[model].byteCount <= budget }

    /// Whether no model is in memory, nor on its way in or out.
    package var isEmpty: Bool { entries.allSatisfy { $0.state == .unloaded } }

    /// Bytes of what is in memory, on its way there, or not yet gone.
    package var usedBytes: Int { entries.reduce(0) { $0 + ($1.state == .unloaded ? 0 : $1.byteCount) } }

    /// When a model leaves if nobody uses it; nil while it is used or absent, infinite where no time is set.
    package func expiry(of model: Int) -> Double? {
        let entry = entries[model]
        return entry.state == .loaded && entry.users == 0 ? entry.lastUse + entry.keepAlive : nil
    }

    /// When `advance` has something to do though nothing else happens; nil: never.
    package var nextExpiry: Double? {
        entries.indices.compactMap { expiry(of: $0) }.filter(\.isFinite).min()
    }

    // MARK: What happens

    /// A request needs a model, which `fits`.
    /// - Parameter keepAlive: seconds that the model stays after its uses from now on; nil changes nothing.
    package mutating func request(_ id: Int, model: Int, keepAlive: Double? = nil, at now: Double) -> [Action] {
        precondition(fits(model), "it would wait for ever")
        waiting.append(Request(id: id, model: model, keepAlive: keepAlive))
        return advance(to: now)
    }

    /// A request does not want to wait any longer.
    /// - Returns: nil where it does not wait: it has been granted, or its load failed.
    package mutating func withdraw(_ id: Int, at now: Double) -> [Action]? {
        guard let place = waiting.firstIndex(where: { $0.id == id }) else { return nil }
        waiting.remove(at: place)
        return advance(to: now)
    }

    /// A granted request needs its model no more.
    package mutating func release(model: Int, at now: Double) -> [Action] {
        precondition(entries[model].users > 0, "released more often than granted")
        entries[model].users -= 1
        entries[model].lastUse = now
        return advance(to: now)
    }

    /// A model is to leave as soon as nobody uses it or waits for it.
    package mutating func dismiss(model: Int, at now: Double) -> [Action] {
        guard entries[model].state == .loaded || entries[model].state == .loading else { return [] }
        entries[model].keepAlive = 0
        return advance(to: now)
    }

    /// A model that was to be loaded is in memory.
    package mutating func finishLoad(model: Int, at now: Double) -> [Action] {
        precondition(entries[model].state == .loading)
        entries[model].state = .loaded
        entries[model].lastUse = now
        return advance(to: now)
    }

    /// A model that was to be loaded could not be.
    /// - Returns: the requests that waited for this model, which wait no more, and what to do for others.
    package mutating func failLoad(model: Int, at now: Double) -> (requests: [Int], actions: [Action]) {
        precondition(entries[model].state == .loading)
        let failed = waiting.filter { $0.model == model }.map(\.id)
        waiting.removeAll { $0.model == model }
        leave(model)
        return (failed, advance(to: now))
    }

    /// A model that was to be unloaded is gone.
    package mutating func finishUnload(model: Int, at now: Double) -> [Action] {
        precondition(entries[model].state == .unloading)
        leave(model)
        return advance(to: now)
    }

    private mutating func leave(_ model: Int) {
        entries[model].state = .unloaded
        entries[model].keepAlive = keepAlive
    }

    // MARK: Decisions

    /// What is to be done by now.
    package mutating func advance(to now: Double) -> [Action] {
        var actions: [Action] = []
        var stillWaiting: [Request] = []
        // Models that have to leave for somebody who came earlier.
        var claimed: Set<Int> = []
        var isRoomWanted = false
        for request in waiting {
            let model = request.model
            switch entries[model].state {
            case .loaded where !claimed.contains(model):
                grant(request)
                actions.append(.grant(request: request.id, model: model))
                continue
            case .unloaded where !isRoomWanted:
                if usedBytes + entries[model].byteCount <= budget {
                    entries[model].state = .loading
                    actions.append(.load(model: model))
                } else {
                    isRoomWanted = true
                    claimed = claims(for: model)
                    actions += letGo(claimed)
                }
            case .unloading: isRoomWanted = true
            case .unloaded, .loading, .loaded: break
            }
            stillWaiting.append(request)
        }
        waiting = stillWaiting
        let expired = entries.indices.filter { model in expiry(of: model).map { $0 <= now } ?? false }
        return actions + letGo(Set(expired))
    }

    private mutating func grant(_ request: Request) {
        grants += 1
        entries[request.model].users += 1
        entries[request.model].lastGrant = grants
        if let keepAlive = request.keepAlive { entries[request.model].keepAlive = keepAlive }
    }

    /// Begins to unload those of some models that are not in use.
    private mutating func letGo(_ models: Set<Int>) -> [Action] {
        models.sorted().filter { entries[$0].state == .loaded && entries[$0].users == 0 }.map { model in
            entries[model].state = .unloading
            return .unload(model: model)
        }
    }

    /// The loaded models that have to leave to make room for one, besides those that leave anyway: those that rest,
    /// longest first, then those in use, the longest since their last grant first. Among these none can stay.
    ///
    /// Models in use that are claimed get no grants, so the choice does not change while others get some.
    private func claims(for model: Int) -> Set<Int> {
        let leaving = entries.reduce(0) { $0 + ($1.state == .unloading ? $1.byteCount : 0) }
        var missing = usedBytes - leaving + entries[model].byteCount - budget
        let candidates = entries.indices.filter { entries[$0].state == .loaded }.sorted { a, b in
            let (first, second) = (entries[a], entries[b])
            guard (first.users == 0) == (second.users == 0) else { return first.users == 0 }
            return first.users == 0
                ? (first.lastUse, first.lastGrant) < (second.lastUse, second.lastGrant)
                : first.lastGrant < second.lastGrant
        }
        var claimed: [Int] = []
        for candidate in candidates where missing > 0 {
            claimed.append(candidate)
            missing -= entries[candidate].byteCount
        }
        // A small one is no help where a larger one has to leave as well.
        for candidate in claimed.reversed() where missing + entries[candidate].byteCount <= 0 {
            missing += entries[candidate].byteCount
            claimed.removeAll { $0 == candidate }
        }
        return Set(claimed)
    }
}
