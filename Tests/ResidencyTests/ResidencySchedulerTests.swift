import Residency
import TestSupport
import Testing

@Suite("Residency scheduler")
struct ResidencySchedulerTests {
    private typealias Action = ResidencyScheduler.Action

    @Test("loads on demand, grants when loaded, and keeps what fits")
    func demand() {
        var scheduler = ResidencyScheduler(byteCounts: [4, 4], budget: 8)
        #expect(scheduler.request(1, model: 0, at: 0) == [.load(model: 0)])
        #expect(scheduler.request(2, model: 0, at: 0) == [])
        #expect(scheduler.request(3, model: 1, at: 0) == [.load(model: 1)])
        #expect(
            scheduler.finishLoad(model: 0, at: 1) == [.grant(request: 1, model: 0), .grant(request: 2, model: 0)])
        #expect(scheduler.finishLoad(model: 1, at: 1) == [.grant(request: 3, model: 1)])
        for model in [0, 0, 1] { #expect(scheduler.release(model: model, at: 2) == []) }
        #expect(scheduler.request(4, model: 0, at: 3) == [.grant(request: 4, model: 0)])
        #expect(scheduler.usedBytes == 8 && scheduler.nextExpiry == nil)
    }

    @Test("what was used longest ago makes room, never what is in use")
    func leastUse() {
        var scheduler = ResidencyScheduler(byteCounts: [4, 4, 4], budget: 8)
        for model in 0..<2 {
            _ = scheduler.request(model, model: model, at: 0)
            _ = scheduler.finishLoad(model: model, at: 0)
        }
        _ = scheduler.release(model: 1, at: 1)
        _ = scheduler.release(model: 0, at: 2)
        #expect(scheduler.request(5, model: 2, at: 3) == [.unload(model: 1)])
        #expect(scheduler.finishUnload(model: 1, at: 4) == [.load(model: 2)])
        #expect(scheduler.finishLoad(model: 2, at: 5) == [.grant(request: 5, model: 2)])
        _ = scheduler.request(6, model: 0, at: 6)
        #expect(scheduler.request(7, model: 1, at: 6) == [], "both others are in use")
        #expect(scheduler.release(model: 2, at: 7) == [.unload(model: 2)])
    }

    @Test("nobody who came later passes one who waits for room, except on models that stay anyway")
    func order() {
        var scheduler = ResidencyScheduler(byteCounts: [4, 2, 6, 1], budget: 8)
        for (id, model) in [(0, 0), (1, 1)] {
            _ = scheduler.request(id, model: model, at: 0)
            _ = scheduler.finishLoad(model: model, at: 0)
        }
        // Model 2 needs model 0 gone; model 1 may stay.
        #expect(scheduler.request(2, model: 2, at: 1) == [])
        #expect(scheduler.request(3, model: 0, at: 1) == [], "it would keep the one that waits from its turn")
        #expect(scheduler.request(4, model: 1, at: 1) == [.grant(request: 4, model: 1)])
        #expect(scheduler.request(5, model: 3, at: 1) == [], "it would take the room")
        #expect(scheduler.waitingForRoom == [2, 3, 5])
        #expect(scheduler.release(model: 0, at: 2) == [.unload(model: 0)])
        #expect(scheduler.finishUnload(model: 0, at: 3) == [.load(model: 2)])
        #expect(scheduler.finishLoad(model: 2, at: 4) == [.grant(request: 2, model: 2)])
        #expect(scheduler.withdraw(3, at: 5) == [])
        #expect(scheduler.release(model: 1, at: 6) == [])
        #expect(scheduler.release(model: 1, at: 6) == [.unload(model: 1)])
        #expect(scheduler.finishUnload(model: 1, at: 7) == [.load(model: 3)])
    }

    @Test("a request that gives up lets those behind it go on")
    func withdrawal() {
        var scheduler = ResidencyScheduler(byteCounts: [4, 6, 4], budget: 8)
        _ = scheduler.request(0, model: 0, at: 0)
        _ = scheduler.finishLoad(model: 0, at: 0)
        #expect(scheduler.request(1, model: 1, at: 0) == [])
        #expect(scheduler.request(2, model: 2, at: 0) == [])
        #expect(scheduler.withdraw(1, at: 1) == [.load(model: 2)])
        #expect(scheduler.withdraw(1, at: 1) == nil)
        #expect(scheduler.withdraw(0, at: 1) == nil, "it has been granted")
    }

    @Test("a load that fails is the error of those who waited for it; the next request tries again")
    func failure() {
        var scheduler = ResidencyScheduler(byteCounts: [4, 8], budget: 8)
        _ = scheduler.request(1, model: 0, at: 0)
        _ = scheduler.request(2, model: 1, at: 0)
        _ = scheduler.request(3, model: 0, at: 0)
        let (failed, actions) = scheduler.failLoad(model: 0, at: 1)
        #expect(failed == [1, 3] && actions == [.load(model: 1)])
        _ = scheduler.failLoad(model: 1, at: 1)
        #expect(scheduler.request(4, model: 0, at: 2) == [.load(model: 0)])
    }

    @Test("rests for as long as it was told, then leaves; a use begins the time anew")
    func timeToLive() {
        var scheduler = ResidencyScheduler(byteCounts: [4], budget: 8, keepAlive: 10)
        _ = scheduler.request(1, model: 0, at: 0)
        _ = scheduler.finishLoad(model: 0, at: 1)
        #expect(scheduler.nextExpiry == nil && scheduler.advance(to: 100) == [])
        _ = scheduler.release(model: 0, at: 100)
        #expect(scheduler.nextExpiry == 110 && scheduler.advance(to: 109) == [])
        _ = scheduler.request(2, model: 0, keepAlive: .infinity, at: 109)
        _ = scheduler.release(model: 0, at: 120)
        #expect(scheduler.nextExpiry == nil && scheduler.expiry(of: 0) == .infinity)
        _ = scheduler.request(3, model: 0, keepAlive: 5, at: 130)
        #expect(scheduler.release(model: 0, at: 140) == [] && scheduler.nextExpiry == 145)
        #expect(scheduler.advance(to: 145) == [.unload(model: 0)])
        // Whoever comes now waits for it to come back, which has the usual time again.
        #expect(scheduler.request(4, model: 0, at: 146) == [])
        #expect(scheduler.finishUnload(model: 0, at: 147) == [.load(model: 0)])
        _ = scheduler.finishLoad(model: 0, at: 148)
        _ = scheduler.release(model: 0, at: 150)
        #expect(scheduler.nextExpiry == 160)
    }

    @Test("is dismissed at once, after its last use, or as soon as it is there")
    func dismissal() {
        var scheduler = ResidencyScheduler(byteCounts: [4], budget: 8)
        #expect(scheduler.dismiss(model: 0, at: 0) == [])
        _ = scheduler.request(1, model: 0, keepAlive: 0, at: 0)
        #expect(scheduler.finishLoad(model: 0, at: 1) == [.grant(request: 1, model: 0)])
        #expect(scheduler.release(model: 0, at: 2) == [.unload(model: 0)])
        _ = scheduler.finishUnload(model: 0, at: 3)
        _ = scheduler.request(2, model: 0, at: 3)
        #expect(scheduler.dismiss(model: 0, at: 3) == [])
        #expect(scheduler.finishLoad(model: 0, at: 4) == [.grant(request: 2, model: 0)])
        #expect(scheduler.release(model: 0, at: 5) == [.unload(model: 0)])
        _ = scheduler.finishUnload(model: 0, at: 6)
        _ = scheduler.request(3, model: 0, at: 7)
        _ = scheduler.withdraw(3, at: 7)
        _ = scheduler.dismiss(model: 0, at: 7)
        #expect(scheduler.finishLoad(model: 0, at: 8) == [.unload(model: 0)])
    }

    @Test("a small model does not leave where a larger one has to anyway")
    func fewest() {
        var scheduler = ResidencyScheduler(byteCounts: [1, 6, 7], budget: 8)
        for model in 0..<2 {
            _ = scheduler.request(model, model: model, at: 0)
            _ = scheduler.finishLoad(model: model, at: 0)
            _ = scheduler.release(model: model, at: Double(model))
        }
        #expect(scheduler.request(9, model: 2, at: 3) == [.unload(model: 1)])
    }

    @Test("whatever happens, the budget holds, what is in use stays, and everybody is served", arguments: 0..<200)
    func anything(_ seed: UInt64) {
        var world = World(seed: seed)
        for _ in 0..<400 { world.step() }
        world.settle()
    }

    @Test("those who keep a model busy do not starve one who needs its room", arguments: 0..<20)
    func starvation(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var scheduler = ResidencyScheduler(byteCounts: [5, 5], budget: 8)
        _ = scheduler.request(0, model: 0, at: 0)
        _ = scheduler.finishLoad(model: 0, at: 0)
        var users = 1
        _ = scheduler.request(1_000_000, model: 1, at: 0)
        for id in 1..<1000 {
            for case .grant in scheduler.request(id, model: 0, at: Double(id)) { users += 1 }
            guard users > 0, random.below(3) == 0 else { continue }
            users -= 1
            if scheduler.release(model: 0, at: Double(id)).contains(.unload(model: 0)) { return }
        }
        Issue.record("the other model never left")
    }
}

/// A random owner of a scheduler, which checks what it is told to do.
private struct World {
    var random: SplitMix64
    var scheduler: ResidencyScheduler
    let byteCounts: [Int]
    var now = 0.0
    var lastRequest = 0
    /// What the owner believes, from the actions alone.
    var states: [ResidencyScheduler.State]
    var users: [Int]
    var waiting: [(id: Int, model: Int)] = []

    init(seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let budget = 4 + random.below(12)
        byteCounts = (0..<1 + random.below(6)).map { _ in random.below(budget + 1) }
        states = byteCounts.map { _ in .unloaded }
        users = byteCounts.map { _ in 0 }
        scheduler = ResidencyScheduler(
            byteCounts: byteCounts, budget: budget, keepAlive: random.below(2) == 0 ? .infinity : 5)
        self.random = random
    }

    private mutating func obey(_ actions: [ResidencyScheduler.Action]) {
        for action in actions {
            switch action {
            case .load(let model):
                #expect(states[model] == .unloaded)
                states[model] = .loading
            case .unload(let model):
                #expect(states[model] == .loaded && users[model] == 0)
                states[model] = .unloading
            case .grant(let request, let model):
                #expect(states[model] == .loaded)
                let place = waiting.firstIndex { $0.id == request }
                #expect(place != nil, "granted once, and only who waits")
                // In order among those for the same model.
                #expect(waiting.first { $0.model == model }?.id == request)
                if let place { waiting.remove(at: place) }
                users[model] += 1
            }
        }
        let used = zip(states, byteCounts).reduce(0) { $0 + ($1.0 == .unloaded ? 0 : $1.1) }
        #expect(used <= scheduler.budget && used == scheduler.usedBytes)
        for model in byteCounts.indices {
            #expect(scheduler.state(of: model) == states[model] && scheduler.users(of: model) == users[model])
            #expect(scheduler.waitingCount(for: model) == waiting.count { $0.model == model })
        }
        // Somebody who waits for nothing to happen would wait for ever.
        let isQuiet = users.allSatisfy { $0 == 0 } && !states.contains(.loading) && !states.contains(.unloading)
        #expect(!isQuiet || waiting.isEmpty)
    }

    mutating func step() {
        now += Double(random.below(4))
        let model = random.below(byteCounts.count)
        switch random.below(8) {
        case 0, 1, 2:
            lastRequest += 1
            waiting.append((lastRequest, model))
            let keepAlive = [nil, nil, 0, 3, Double.infinity][random.below(5)]
            obey(scheduler.request(lastRequest, model: model, keepAlive: keepAlive, at: now))
        case 3: obey(scheduler.advance(to: now))
        case 4 where random.below(3) == 0: obey(scheduler.dismiss(model: model, at: now))
        case 5 where !waiting.isEmpty:
            let gone = waiting.remove(at: random.below(waiting.count))
            obey(scheduler.withdraw(gone.id, at: now) ?? [])
        default: advance(model)
        }
    }

    /// Lets something go on that concerns a model.
    private mutating func advance(_ model: Int) {
        switch states[model] {
        case .loading where random.below(5) == 0:
            states[model] = .unloaded
            let (failed, actions) = scheduler.failLoad(model: model, at: now)
            #expect(failed == waiting.filter { $0.model == model }.map(\.id))
            waiting.removeAll { $0.model == model }
            obey(actions)
        case .loading:
            states[model] = .loaded
            obey(scheduler.finishLoad(model: model, at: now))
        case .unloading:
            states[model] = .unloaded
            obey(scheduler.finishUnload(model: model, at: now))
        case .loaded where users[model] > 0:
            users[model] -= 1
            obey(scheduler.release(model: model, at: now))
        case .loaded, .unloaded: break
        }
    }

    /// With no new requests, all that wait are served.
    mutating func settle() {
        var rounds = 0
        while !waiting.isEmpty, rounds < 10_000 {
            rounds += 1
            advance(random.below(byteCounts.count))
        }
        #expect(waiting.isEmpty)
    }
}
