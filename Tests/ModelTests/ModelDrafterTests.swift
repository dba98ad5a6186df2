import Architectures
import Generation
import Tensors
import TestSupport
import Testing

@Suite("Drafts of a smaller model")
struct ModelDrafterTests {
    private let tiny: TinyModel

    init() throws { tiny = try FamilyModel.named("qwen3").load() }

    private var options: SessionOptions {
        var options = SessionOptions()
        (options.kv, options.context, options.threads) = (.f32, 400, 2)
        return options
    }

    private func drafter(slots: Int, vocabulary: Int? = nil) throws -> ModelDrafter {
        try ModelDrafter(
            tiny.model, options, slots: slots, vocabulary: vocabulary ?? tiny.model.hyperparameters.vocabulary)
    }

    /// The likeliest continuation.
    private func continuation(of text: [Int32], count: Int) throws -> [Int32] {
        let session = try Session(tiny.model, options)
        try session.evaluate(text)
        for _ in 0..<count {
            try session.evaluate([Int32(session.logits.indices.max { session.logits[$0] < session.logits[$1] }!)])
        }
        return Array(session.tokens[text.count...])
    }

    @Test("are what the model itself goes on with, for each answer, whatever its slot held before")
    func right() throws {
        let drafter = try drafter(slots: 3)
        var random = SplitMix64(seed: 5)
        let ids = tiny.prompt + tiny.decode
        var texts = [ids, Array(ids.reversed()), Array(ids[20..<50])]
        for round in 0..<24 {
            // Answers grow, are cut, and make room for others.
            for index in texts.indices {
                switch random.below(4) {
                case 0: texts[index] = Array(texts[index].prefix(10 + random.below(texts[index].count - 9)))
                case 1: texts[index] = Array(texts[index].suffix(20)) + [Int32(random.below(50))]
                default: texts[index].append(Int32(random.below(50)))
                }
            }
            let candidates = texts.indices.shuffled(using: &random).map {
                ModelDrafter.Candidate(slot: $0, tokens: texts[$0], room: random.below(4) == 0 ? 1 : 8)
            }
            let drafts = drafter.draft(candidates)
            let most = drafts.values.map(\.count).max() ?? 0
            #expect(most > 0)
            for candidate in candidates {
                let draft = drafts[candidate.slot, default: []]
                #expect(draft.count == min(most, candidate.room), "round \(round)")
                #expect(try continuation(of: candidate.tokens, count: draft.count) == draft, "round \(round)")
            }
            drafter.record(accepted: candidates.map { drafts[$0.slot, default: []].count }, seconds: 1e-6)
        }
    }

    @Test("wait until a long text has been read, and end where there is no room or no such token")
    func limits() throws {
        let drafter = try drafter(slots: 1)
        let text = (0..<300).map { Int32($0 * 7 % 50) }
        let long = ModelDrafter.Candidate(slot: 0, tokens: text, room: 8)
        #expect(drafter.draft([long]).isEmpty && drafter.draft([long]).isEmpty)
        #expect(drafter.draft([long])[0] == (try continuation(of: text, count: 8)))
        let full = ModelDrafter.Candidate(slot: 0, tokens: text + text.prefix(97), room: 8)
        #expect(drafter.draft([full])[0]?.count == 3)
        let beyond = ModelDrafter.Candidate(slot: 0, tokens: text + text, room: 8)
        #expect(drafter.draft([beyond]).isEmpty)
        let foreign = ModelDrafter.Candidate(slot: 0, tokens: [1, 2, 1 << 20], room: 8)
        #expect(drafter.draft([foreign]).isEmpty)
        // Ids that only the smaller model has end a draft.
        let short = ModelDrafter.Candidate(slot: 0, tokens: text, room: 8)
        let ids = try continuation(of: text, count: 8)
        let other = try self.drafter(slots: 1, vocabulary: Int(ids.max()!))
        _ = (other.draft([short]), other.draft([short]))
        #expect(other.draft([short])[0, default: []] == Array(ids.prefix { $0 < ids.max()! }))
    }

    @Test("are as many as pay: all when they are right, none when they are wrong")
    func paying() throws {
        let drafter = try drafter(slots: 2)
        func settled(accepted: (Int) -> Int, cost: (Int) -> Double) -> Int {
            var counts = [Int](repeating: 0, count: ModelDrafter.mostDrafts + 1)
            for step in 0..<300 {
                let candidates = (0..<2).map {
                    ModelDrafter.Candidate(slot: $0, tokens: Array(tiny.prompt.prefix(20 + step % 2)), room: 8)
                }
                let drafts = drafter.draft(candidates)
                let count = drafts[0]?.count ?? 0
                if step >= 150 { counts[count] += 1 }
                drafter.record(accepted: [accepted(count), accepted(count)], seconds: cost(count))
            }
            return counts.indices.max { counts[$0] < counts[$1] }!
        }
        #expect(settled(accepted: { $0 }, cost: { 10 + Double($0) }) == 8)
        #expect(drafter.rate(answers: 2) > 0 && drafter.rate(answers: 1) == 0)
        #expect(settled(accepted: { _ in 0 }, cost: { 10 + Double($0) }) == 0)
    }
}
