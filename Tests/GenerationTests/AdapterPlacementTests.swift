import Generation
import TestSupport
import Testing

@Suite("Slots and pages of sequences with different adapters")
struct AdapterPlacementTests {
    private static let keys = ["", "a 1.0", "a 0.5", "a 1.0\nb 1.0"]

    @Test(
        "a prompt keeps nothing of what was read with other adapters, and all that it can of its own", arguments: 0..<20
    )
    func slots(_ seed: UInt64) throws {
        var random = SplitMix64(seed: seed)
        let slots = 1 + random.below(4)
        var limits = BatchLimits(slots: slots)
        limits.prefixesOutliveSlots = seed % 2 == 1
        var scheduler = BatchScheduler(limits)
        var held = [(key: String, tokens: [Int32])](repeating: ("", []), count: slots)
        var shared = 0
        for id in 0..<300 {
            let key = Self.keys[random.below(Self.keys.count)]
            // Few texts, so that most are found again.
            let prompt = [Int32](repeating: Int32(random.below(2)), count: 4) + (0..<Int32(1 + random.below(12)))
            try scheduler.submit(BatchRequest(id: id, prompt: prompt, adapters: key), at: 0)
            let found = scheduler.place(at: 0)
            let placement = try #require(found)
            let slot = held[placement.slot]
            let common = zip(slot.tokens, prompt).prefix { $0 == $1 }.count
            #expect(placement.shared == (slot.key == key ? min(common, prompt.count - 1) : 0))
            shared += placement.shared
            let step = scheduler.nextStep(at: 0)
            #expect(step.map(\.ids) == [Array(prompt[placement.shared...])])
            scheduler.finishStep(seconds: 0.01)
            scheduler.finish(id)
            held[placement.slot] = (key, prompt)
        }
        #expect(shared > 0)
    }

    @Test("pages of one key never serve another, and keys whose pages gave way leave nothing", arguments: 0..<20)
    func pages(_ seed: UInt64) {
        var random = SplitMix64(seed: seed)
        var tree = PageTree<String>(pageTokens: 4, pageBytes: 1, byteLimit: 12)
        for round in 0..<400 {
            // A new key now and then, as when clients choose a scale of their own.
            let key = random.below(4) == 0 ? "a \(round)" : Self.keys[random.below(Self.keys.count)]
            let tokens = [Int32](repeating: Int32(random.below(2)), count: 1 + random.below(20))
            let match = tree.match(tokens, key: key)
            #expect(tree.pages(match).allSatisfy { $0 == key })
            tree.use(match)
            tree.insert(tokens, key: key) { _ in key }
            #expect(tree.byteCount <= 12 && tree.keyCount <= 13)
        }
    }
}
