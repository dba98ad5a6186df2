import Generation
import TestSupport
import Testing

/// A scheduler with requests that come by a timetable, on a machine whose passes take what a formula says.
struct EngineSimulation {
    private struct Client {
        var arrival: Double
        var request: BatchRequest
        var output: Int
        var cancellation: Double?
    }

    private var scheduler: BatchScheduler
    private var timetable: [Client] = []
    private var alive: [Int: Client] = [:]
    private var generated: [Int: [Int32]] = [:]
    private var slots: [[Int32]]
    private var random: SplitMix64
    private var now = 0.0
    /// Tokens that each client had, generated ones twice.
    private(set) var served: [String: Double] = [:]
    /// The longest pass that an answer in progress had to wait for.
    private(set) var longestStall = 0.0
    /// The smallest share of the limit that went into reading while prompts of some length waited, once a pace is known.
    private(set) var smallestChunkShare = 1.0
    private var passesWithBoth = 0
    /// Whether answers get drafts, some of them right.
    private let drafts: Bool
    private(set) var confirmedDrafts = 0

    init(slots count: Int, seed: UInt64, drafts: Bool = false) {
        self.drafts = drafts
        var limits = BatchLimits(slots: count)
        limits.queue = 2000
        scheduler = BatchScheduler(limits)
        slots = Array(repeating: [], count: count)
        random = SplitMix64(seed: seed)
    }

    var unfinished: Int { timetable.count + alive.count }

    mutating func arrive(
        at time: Double, prompt: Int, output: Int, client: String, priority: RequestPriority = .interactive,
        cancelledAfter: Double? = nil
    ) {
        let id = timetable.count
        // Some share a beginning.
        let ids = (0..<prompt).map { Int32($0 < 100 ? $0 : $0 + 1000 * id) }
        timetable.append(
            Client(
                arrival: time, request: BatchRequest(id: id, prompt: ids, priority: priority, client: client),
                output: output, cancellation: cancelledAfter.map { time + $0 }))
    }

    /// Seconds of a pass: reading the weights, then each token by itself and what it sees; a neighbour adds up to a tenth.
    private mutating func cost(_ inputs: [SlotInput]) -> Double {
        var seconds = 0.02
        for input in inputs {
            let position = slots[input.slot].count
            seconds += Double(input.ids.count) * (0.0019 + 0.00000015 * Double(position + input.ids.count / 2))
        }
        return seconds * (1 + Double(random.below(100)) / 1000)
    }

    mutating func run(until end: Double) throws {
        timetable.sort { $0.arrival < $1.arrival }
        while now < end, unfinished > 0 {
            while let next = timetable.first, next.arrival <= now || scheduler.isIdle {
                now = max(now, next.arrival)
                timetable.removeFirst()
                try scheduler.submit(next.request, at: now)
                alive[next.request.id] = next
            }
            for (id, client) in alive where client.cancellation ?? .infinity <= now { leave(id) }
            while let placement = scheduler.place(at: now) {
                let prompt = alive[placement.id]!.request.prompt
                #expect(slots[placement.slot].prefix(placement.shared) == prompt.prefix(placement.shared))
                slots[placement.slot].removeSubrange(placement.shared...)
            }
            try pass()
        }
    }

    private mutating func leave(_ id: Int) {
        alive[id] = nil
        generated[id] = nil
        let found = scheduler.finish(id)
        #expect(found)
    }

    private mutating func pass() throws {
        let inputs = scheduler.nextStep(at: now, drafts: makeDrafts())
        try #require(!inputs.isEmpty || scheduler.isIdle, "somebody waits and nothing is done")
        guard !inputs.isEmpty else { return }
        let ids = inputs.map { scheduler.request(in: $0.slot)! }
        // Every answer in progress takes part.
        let continued = Set(ids.filter { generated[$0] != nil })
        #expect(continued.count == generated.count)
        #expect(Set(inputs.map(\.slot)).count == inputs.count)
        let seconds = cost(inputs)
        let reading = zip(inputs, ids).filter { !continued.contains($0.1) }
        if !continued.isEmpty {
            longestStall = max(longestStall, seconds)
            if !reading.isEmpty { passesWithBoth += 1 }
            // A chunk that does not end its prompt is as large as the time allows, after some passes to learn in.
            if passesWithBoth > 60, reading.contains(where: { !$0.0.wantsLogits }) {
                smallestChunkShare = min(smallestChunkShare, seconds / 0.25)
            }
        }
        now += seconds
        scheduler.finishStep(seconds: seconds)
        for (input, id) in zip(inputs, ids) {
            let client = alive[id]!
            slots[input.slot] += input.ids.dropLast(input.drafts)
            #expect((client.request.prompt + generated[id, default: []]).starts(with: slots[input.slot]))
            served[client.request.client, default: 0] += continued.contains(id) ? 2 : Double(input.ids.count)
            guard input.wantsLogits else { continue }
            draw(id, input, output: client.output)
        }
    }

    /// Guesses for every answer, the first of them right.
    private mutating func makeDrafts() -> [Int: [Int32]] {
        guard drafts else { return [:] }
        return scheduler.draftable.reduce(into: [:]) { drafts, answer in
            let count = generated[answer.id]!.count
            let (right, wrong) = (random.below(4), random.below(3))
            drafts[answer.id] = (0..<right).map { Int32(-1 - count - $0) } + [Int32](repeating: 9_999_999, count: wrong)
        }
    }

    /// Draws tokens while they are what was drafted; answers count down from -1.
    private mutating func draw(_ id: Int, _ input: SlotInput, output: Int) {
        let drafts = Array(input.ids.suffix(input.drafts))
        var confirmed: [Int32] = []
        var next: Int32?
        while next == nil, generated[id, default: []].count < output {
            let token = Int32(-1 - generated[id, default: []].count)
            generated[id, default: []].append(token)
            if confirmed.count < drafts.count, drafts[confirmed.count] == token {
                confirmed.append(token)
            } else {
                next = token
            }
        }
        if input.drafts > 0 {
            slots[input.slot] += confirmed
            confirmedDrafts += confirmed.count
            scheduler.confirm(confirmed, of: id, holding: slots[input.slot].count)
        }
        if let next { scheduler.append(next, to: id) } else { leave(id) }
    }
}
