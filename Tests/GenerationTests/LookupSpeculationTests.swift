import Generation
import TestSupport
import Testing

@Suite("Speculation by lookup")
struct LookupSpeculationTests {
    /// One that knows what rows cost here.
    private func measured(_ seconds: (Int) -> Double = { 1 + 0.1 * Double($0) }) -> LookupSpeculation {
        var speculation = LookupSpeculation()
        for rows in [1, 1, 2, 4, 8, 16, 32] { speculation.record(rows: rows, seconds: seconds(rows)) }
        return speculation
    }

    private func drafts(_ speculation: inout LookupSpeculation, _ id: Int = 0, room: Int = 100) -> [Int32] {
        speculation.plan([LookupSpeculation.Candidate(id: id, room: room)])[id] ?? []
    }

    private let passage = (0..<60).map { Int32(1000 + $0) }

    @Test("what is repeated is drafted, in steps that grow with the match, as far as there is room")
    func repetition() {
        var speculation = measured()
        speculation.begin(0, prompt: passage + [1, 2, 3])
        var counts: [Int] = []
        var place = 0
        while place < passage.count - 1 {
            speculation.append(passage[place], to: 0)
            place += 1
            let found = drafts(&speculation)
            #expect(found.starts(with: []) && passage[place...].starts(with: found.prefix(passage.count - place)))
            counts.append(found.count)
            for token in found.prefix(passage.count - place - 1) {
                speculation.append(token, to: 0)
                place += 1
            }
        }
        // Far fewer passes than tokens.
        #expect(counts.count < 12 && counts.max()! > 8)
        let room = drafts(&speculation, room: 0)
        #expect(room.isEmpty)
    }

    @Test("the continuation that came most often is drafted, of several the latest")
    func votes() {
        var speculation = measured { 1 + 0.001 * Double($0) }
        speculation.begin(0, prompt: [5, 6, 7, 8, 1, 5, 6, 7, 9, 2, 5, 6, 7, 8, 3, 5, 6])
        speculation.append(7, to: 0)
        let most = drafts(&speculation)
        #expect(most.first == 8)
        speculation.begin(1, prompt: [5, 6, 7, 8, 1, 5, 6, 7, 9, 2, 5, 6])
        speculation.append(7, to: 1)
        let latest = drafts(&speculation, 1)
        #expect(latest.first == 9)
    }

    @Test("answers that ended are drafted from, prompts of others are not")
    func corpus() {
        var speculation = measured()
        speculation.begin(0, prompt: Array(1...40))
        for token in passage { speculation.append(token, to: 0) }
        speculation.finish(0)
        speculation.begin(1, prompt: [1, 2, 3])
        for token in passage.prefix(20) { speculation.append(token, to: 1) }
        let known = drafts(&speculation, 1)
        #expect(!known.isEmpty && passage[20...].starts(with: known))
        // The answer's end is no continuation of anything.
        for token in passage[20...] { speculation.append(token, to: 1) }
        let behind = drafts(&speculation, 1)
        #expect(behind.isEmpty)
        speculation.begin(2, prompt: Array(10...30))
        let foreign = drafts(&speculation, 2)
        #expect(foreign.isEmpty)
    }

    @Test("drafts end where they cost more than they bring: by passes, by acceptance, by a limit, by many rows")
    func costs() {
        func count(_ seconds: (Int) -> Double, within limit: Double = .infinity, others: Int = 0) -> Int {
            var speculation = measured(seconds)
            speculation.begin(0, prompt: passage + passage.prefix(40))
            let candidate = LookupSpeculation.Candidate(id: 0, room: 100)
            return speculation.plan([candidate], others: others, within: limit)[0]?.count ?? 0
        }
        #expect(count { 1 + 0.05 * Double($0) } > 15)
        #expect(count { Double($0) } == 0)
        // A step behind eight rows.
        #expect(count { $0 <= 8 ? 1 + 0.02 * Double($0) : 10 } <= 7)
        #expect(count({ 1 + 0.05 * Double($0) }, within: 1.3) <= 5)
        #expect(count({ 1 + 0.05 * Double($0) }, others: 64) == 0)
        var unmeasured = LookupSpeculation()
        unmeasured.begin(0, prompt: passage + passage.prefix(40))
        #expect(drafts(&unmeasured).isEmpty)
        // Where drafts are never right they are not made.
        var speculation = measured()
        var random = SplitMix64(seed: 1)
        speculation.begin(0, prompt: (0..<2000).map { _ in Int32(random.below(20)) })
        var late = 0
        for step in 0..<400 {
            speculation.append(Int32(random.below(20)), to: 0)
            let found = drafts(&speculation)
            if step >= 200 { late += found.count }
        }
        #expect(late < 20)
    }

    @Test("in a simulated edit most tokens come in drafts; in noise hardly a pass is wasted", arguments: 0..<5)
    func simulation(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        let source = (0..<1500).map { _ in Int32(random.below(400)) }
        // Every 40 tokens or so something is changed.
        let edited = source.map { random.below(40) == 0 ? Int32(random.below(400)) : $0 }
        let noise = (0..<1500).map { _ in Int32(random.below(60)) }
        func seconds(_ rows: Int) -> Double { 1 + 0.12 * Double(rows - 1) + (rows > 8 ? 0.5 : 0) }
        func speed(_ prompt: [Int32], _ answer: [Int32]) -> Double {
            var speculation = LookupSpeculation()
            speculation.begin(0, prompt: prompt)
            var (place, time) = (0, 0.0)
            while place < answer.count {
                speculation.append(answer[place], to: 0)
                place += 1
                let found = drafts(&speculation)
                time += seconds(1 + found.count)
                speculation.record(rows: 1 + found.count, seconds: seconds(1 + found.count))
                let right = zip(found, answer[place...]).prefix { $0 == $1 }.count
                for token in answer[place..<place + right] { speculation.append(token, to: 0) }
                place += right
            }
            return Double(answer.count) / time
        }
        #expect(speed(source, edited) > 2.5)
        #expect(speed(noise, noise.shuffled(using: &random)) > 0.98)
    }
}

@Suite("Cost of a pass")
struct PassCostTests {
    @Test("goes in straight lines between measurements and never falls with more rows", arguments: 0..<20)
    func interpolation(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var cost = PassCost(mostRows: 40)
        for _ in 0..<200 {
            let rows = 1 + random.below(40)
            cost.record(rows: rows, seconds: (1 + 0.1 * Double(rows)) * Double(80 + random.below(40)) / 100)
            for rows in 1..<40 { #expect(cost.seconds(rows) <= cost.seconds(rows + 1)) }
        }
        for rows in 1...40 { #expect(abs(cost.seconds(rows) / (1 + 0.1 * Double(rows)) - 1) < 0.25) }
    }

    @Test("a hiccup does not count for long, nor does what was long ago")
    func outliers() {
        var cost = PassCost(mostRows: 8)
        for _ in 0..<5 { cost.record(rows: 1, seconds: 1) }
        cost.record(rows: 1, seconds: 100)
        #expect(cost.seconds(1) < 1.5)
        cost.record(rows: 4, seconds: 50)
        for _ in 0..<600 { cost.record(rows: 1, seconds: 1) }
        #expect(cost.seconds(4) < 2)
    }
}
