import Generation
import TestSupport
import Testing

@Suite("Batch scheduler")
struct BatchSchedulerTests {
    private func prompt(_ count: Int, _ first: Int32 = 0) -> [Int32] { (0..<Int32(count)).map { $0 + first } }

    @Test("reads a prompt in chunks and asks for logits after its last token only")
    func chunks() throws {
        var scheduler = BatchScheduler(BatchLimits(slots: 1))
        try scheduler.submit(BatchRequest(id: 1, prompt: prompt(1200)), at: 0)
        let placement = scheduler.place(at: 0)
        #expect(placement == BatchScheduler.Placement(id: 1, slot: 0, shared: 0))
        var read: [SlotInput] = []
        while read.last?.wantsLogits != true {
            read += scheduler.nextStep(at: 0)
            scheduler.finishStep(seconds: 1)
        }
        #expect(read.map(\.ids.count) == [512, 512, 176])
        #expect(read.flatMap(\.ids) == prompt(1200))
        // Nothing to do until the token is drawn.
        let nothing = scheduler.nextStep(at: 0)
        #expect(nothing.isEmpty)
        scheduler.append(7, to: 1)
        let next = scheduler.nextStep(at: 0)
        #expect(next == [SlotInput(slot: 0, ids: [7], wantsLogits: true)])
    }

    @Test("a prompt gets the slot that holds most of it, another conversation the one that rested longest")
    func slots() throws {
        var scheduler = BatchScheduler(BatchLimits(slots: 3))
        var id = 0
        /// Reads a prompt and ends; returns where.
        func run(_ prompt: [Int32]) throws -> BatchScheduler.Placement {
            id += 1
            try scheduler.submit(BatchRequest(id: id, prompt: prompt), at: 0)
            let found = scheduler.place(at: 0)
            let placement = try #require(found)
            while scheduler.nextStep(at: 0).last?.wantsLogits == false {}
            scheduler.finish(id)
            return placement
        }
        let system = prompt(20)
        let (a, b) = (system + prompt(100, 1000), system + prompt(100, 2000))
        let first = try run(a)
        #expect(first.slot == 0)
        // Only the system message is shared: another slot.
        let other = try run(b)
        #expect(other.slot == 1 && other.shared == 0)
        let again = try run(a + prompt(50, 5000))
        #expect(again.slot == 0 && again.shared == 120)
        let same = try run(b)
        #expect(same.slot == 1 && same.shared == 119)
        let third = try run(prompt(60, 7000))
        #expect(third.slot == 2)
        // All are used now: the one that rested longest gives way, and what it shares is kept.
        let last = try run(system + prompt(100, 9000))
        #expect(last.slot == 0 && last.shared == 20)
    }

    @Test("where prefixes outlive slots, a short prompt does not take the place of a long conversation")
    func sparing() throws {
        for outlive in [false, true] {
            var limits = BatchLimits(slots: 2)
            limits.prefixesOutliveSlots = outlive
            var scheduler = BatchScheduler(limits)
            var id = 0
            func run(_ prompt: [Int32]) throws -> Int {
                id += 1
                try scheduler.submit(BatchRequest(id: id, prompt: prompt), at: 0)
                let found = scheduler.place(at: 0)
                let placement = try #require(found)
                while scheduler.nextStep(at: 0).last?.wantsLogits == false {}
                scheduler.finish(id)
                return placement.slot
            }
            let system = prompt(20)
            let other = try run(prompt(100, 5000))
            let long = try run(system + prompt(300, 1000))
            #expect(other != long)
            // All of its beginning is in the slot of the long conversation.
            let short = try run(system + prompt(5, 9000))
            #expect(short == (outlive ? other : long))
            if outlive {
                let again = try run(system + prompt(301, 1000))
                #expect(again == long)
            }
        }
    }

    @Test("interactive requests come first, then the client that had least, then who waits longest; patience ends")
    func order() throws {
        var scheduler = BatchScheduler(BatchLimits(slots: 1))
        func submit(_ id: Int, _ priority: RequestPriority, _ client: String, at now: Double) throws {
            try scheduler.submit(
                BatchRequest(id: id, prompt: prompt(10, Int32(100 * id)), priority: priority, client: client), at: now)
        }
        func next(at now: Double) -> Int? {
            guard let placement = scheduler.place(at: now) else { return nil }
            _ = scheduler.nextStep(at: now)
            scheduler.finish(placement.id)
            return placement.id
        }
        try submit(1, .batch, "a", at: 0)
        try submit(2, .interactive, "a", at: 1)
        try submit(3, .interactive, "a", at: 2)
        try submit(4, .interactive, "b", at: 3)
        let order = [next(at: 4), next(at: 4), next(at: 4), next(at: 4)]
        #expect(order == [2, 4, 3, 1])
        try submit(5, .batch, "a", at: 10)
        try submit(6, .interactive, "a", at: 39)
        let later = [next(at: 45), next(at: 45), next(at: 45)]
        #expect(later == [5, 6, nil])
    }

    @Test("a slot that is still being filled has no part in passes, and stops no drafts of others")
    func filling() throws {
        var scheduler = BatchScheduler(BatchLimits(slots: 2))
        for id in 1...2 { try scheduler.submit(BatchRequest(id: id, prompt: prompt(40, Int32(1000 * id))), at: 0) }
        let placements = [scheduler.place(at: 0), scheduler.place(at: 0)].compactMap(\.self)
        scheduler.begin(slot: placements[1].slot, holding: 16, isFilling: true)
        let first = scheduler.nextStep(at: 0)
        #expect(first.map(\.slot) == [placements[0].slot] && first[0].ids.count == 40)
        scheduler.finishStep(seconds: 0.1)
        scheduler.append(7, to: 1)
        #expect(scheduler.draftable.map(\.id) == [1])
        #expect(scheduler.nextStep(at: 0).map(\.ids) == [[7]])
        scheduler.finishStep(seconds: 0.1)
        scheduler.begin(slot: placements[1].slot, holding: 32)
        #expect(scheduler.draftable.isEmpty)
        #expect(
            scheduler.nextStep(at: 0) == [
                SlotInput(slot: placements[1].slot, ids: Array(2032..<2040), wantsLogits: true)
            ])
    }

    @Test("refuses more than may wait, and takes more once there is room")
    func queue() throws {
        var limits = BatchLimits(slots: 2)
        limits.queue = 3
        var scheduler = BatchScheduler(limits)
        for id in 0..<5 { try scheduler.submit(BatchRequest(id: id, prompt: [1, 2]), at: 0) }
        #expect(throws: AdmissionError.queueFull(waiting: 5)) {
            var full = scheduler
            try full.submit(BatchRequest(id: 5, prompt: [1]), at: 0)
        }
        let found = scheduler.finish(3)
        try scheduler.submit(BatchRequest(id: 5, prompt: [1]), at: 0)
        let again = scheduler.finish(3)
        #expect(found && !again)
    }

    @Test("a request that ends in the middle of its prompt frees its slot with what was read")
    func cancelled() throws {
        var scheduler = BatchScheduler(BatchLimits(slots: 1))
        try scheduler.submit(BatchRequest(id: 1, prompt: prompt(2000)), at: 0)
        try scheduler.submit(BatchRequest(id: 2, prompt: prompt(2000)), at: 0)
        _ = scheduler.place(at: 0)
        let first = scheduler.nextStep(at: 0)
        #expect(first.map(\.ids.count) == [512])
        scheduler.finishStep(seconds: 1)
        scheduler.finish(1)
        let placement = scheduler.place(at: 1)
        #expect(placement == BatchScheduler.Placement(id: 2, slot: 0, shared: 512))
        // The engine could not go back to just there.
        scheduler.begin(slot: 0, holding: 500)
        let second = scheduler.nextStep(at: 1)
        #expect(second.first?.ids.first == 500)
        // A pass that was given up is asked for again.
        scheduler.begin(slot: 0, holding: 500)
        let third = scheduler.nextStep(at: 1)
        #expect(third == second)
    }

    @Test("clients that ask for more than there is get equal shares")
    func fairness() throws {
        var simulation = EngineSimulation(slots: 2, seed: 5)
        // One asks for much at a time, one for little, one began late.
        for index in 0..<400 {
            simulation.arrive(at: 0, prompt: 3000, output: 50, client: "greedy")
            simulation.arrive(at: 0, prompt: 150, output: 150, client: "small")
            if index < 200 { simulation.arrive(at: 100, prompt: 500, output: 20, client: "late") }
        }
        try simulation.run(until: 100)
        let early = simulation.served
        try simulation.run(until: 400)
        func served(_ client: String) -> Double { simulation.served[client, default: 0] - early[client, default: 0] }
        #expect(abs(early["greedy"]! / early["small"]! - 1) < 0.25)
        #expect(abs(served("greedy") / served("small") - 1) < 0.15)
        #expect(abs(served("late") / served("small") - 1) < 0.15)
    }

    @Test("drafts follow the next token of answers while no prompt is read; what was confirmed is held")
    func drafts() throws {
        var scheduler = BatchScheduler(BatchLimits(slots: 2))
        try scheduler.submit(BatchRequest(id: 1, prompt: [1, 2]), at: 0)
        _ = scheduler.place(at: 0)
        #expect(scheduler.draftable.isEmpty)
        _ = scheduler.nextStep(at: 0)
        scheduler.finishStep(seconds: 0.01)
        scheduler.append(3, to: 1)
        #expect(scheduler.draftable.map(\.id) == [1] && scheduler.draftSeconds == .infinity)
        let drafted = scheduler.nextStep(at: 0, drafts: [1: [4, 5, 9]])
        #expect(drafted == [SlotInput(slot: 0, ids: [3, 4, 5, 9], wantsLogits: true, drafts: 3)])
        scheduler.finishStep(seconds: 0.02)
        scheduler.confirm([4, 5], of: 1, holding: 5)
        scheduler.append(6, to: 1)
        let next = scheduler.nextStep(at: 0)
        #expect(next == [SlotInput(slot: 0, ids: [6], wantsLogits: true)])
        scheduler.append(7, to: 1)
        try scheduler.submit(BatchRequest(id: 2, prompt: prompt(100)), at: 0)
        _ = scheduler.place(at: 0)
        #expect(scheduler.draftable.isEmpty && scheduler.draftSeconds < 0.25)
        // A slot that could not go back to just there reads what it lost, and answers then.
        scheduler.finish(2)
        _ = scheduler.nextStep(at: 0, drafts: [1: [8, 8]])
        scheduler.confirm([8], of: 1, holding: 4)
        scheduler.append(10, to: 1)
        #expect(scheduler.draftable.isEmpty)
        let again = scheduler.nextStep(at: 0)
        #expect(again == [SlotInput(slot: 0, ids: [5, 6, 7, 8, 10], wantsLogits: true)])
        // An answer that ends in its drafts leaves them behind.
        scheduler.append(11, to: 1)
        _ = scheduler.nextStep(at: 0, drafts: [1: [12, 13]])
        scheduler.confirm([12], of: 1, holding: 11)
        scheduler.finish(1)
        try scheduler.submit(BatchRequest(id: 3, prompt: [1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14]), at: 0)
        let placement = scheduler.place(at: 0)
        #expect(placement?.shared == 11)
    }

    @Test(
        "running answers wait no longer than the limit while others read, and everything ends, drafts or not",
        arguments: 0..<20)
    func randomLoad(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let drafts = seed % 2 == 1
        var simulation = EngineSimulation(slots: 1 + random.below(8), seed: seed, drafts: drafts)
        for _ in 0..<60 {
            simulation.arrive(
                at: Double(random.below(60_000)) / 1000,
                prompt: 1 + random.below([20, 300, 3000, 30_000][random.below(4)]),
                output: random.below(120), client: ["", "a", "b"][random.below(3)],
                priority: random.below(3) == 0 ? .batch : .interactive,
                cancelledAfter: random.below(5) == 0 ? Double(random.below(20_000)) / 1000 : nil)
        }
        try simulation.run(until: .infinity)
        #expect(simulation.unfinished == 0)
        #expect(simulation.longestStall <= 0.25)
        #expect((simulation.confirmedDrafts > 0) == drafts)
        // Reading is not held up more than answers need: half of what the machine can do at least.
        #expect(simulation.smallestChunkShare > 0.3)
    }
}
