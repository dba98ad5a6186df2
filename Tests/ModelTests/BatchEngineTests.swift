import Architectures
import Generation
import Tensors
import TestSupport
import Testing

@Suite("Several sequences in one pass")
struct BatchEngineTests {
    private func engine(_ tiny: TinyModel, slots: Int, threads: Int = 2) throws -> BatchEngine {
        var options = SessionOptions()
        (options.kv, options.context, options.threads) = (.f32, 128, threads)
        return try BatchEngine(tiny.model, options, slots: slots)
    }

    /// Texts of different content and length.
    private func texts(_ tiny: TinyModel) -> [[Int32]] {
        let ids = tiny.prompt + tiny.decode
        return [ids, Array(ids.reversed()), Array((ids[30...] + ids[..<30]).prefix(70)), Array(ids[10..<55])]
    }

    /// Logits after every token of a text that is evaluated alone, in one batch.
    private func rows(_ tiny: TinyModel, _ ids: [Int32]) throws -> [[Float]] {
        var rows: [[Float]] = []
        let session = try tiny.session(threads: 2, kv: .f32)
        try session.evaluate(ids, wanted: 0..<ids.count) { _, logits in rows.append(Array(logits)) }
        return rows
    }

    /// Weights of less than 16 bits meet 8-bit activations, where the order of sums decides how a value rounds.
    private func tolerance(_ family: FamilyModel) -> Float { family.isExact ? 0.001 : 2 * family.tolerance }

    @Test(
        "sequences have the logits that each has alone, however they are cut and mixed",
        arguments: FamilyModel.all, [1, 2, 3] as [UInt64])
    func interleaved(_ family: FamilyModel, _ seed: UInt64) throws {
        let tiny = try family.load()
        let texts = texts(tiny)
        let expected = try texts.map { try rows(tiny, $0) }
        let engine = try engine(tiny, slots: texts.count)
        let worst = try engine.worstErrorInPieces(of: texts, expected, seed: seed)
        #expect(worst < tolerance(family))
        #expect(texts.indices.allSatisfy { engine.tokens(of: $0) == texts[$0] })
    }

    @Test(
        "drafts have logits after each, and slots go back to any of them",
        arguments: FamilyModel.all, [1, 2] as [UInt64])
    func drafts(_ family: FamilyModel, _ seed: UInt64) throws {
        let tiny = try family.load()
        let texts = Array(texts(tiny).prefix(3))
        let expected = try texts.map { try rows(tiny, $0) }
        let engine = try engine(tiny, slots: texts.count)
        var random = SplitMix64(seed: seed)
        for (slot, text) in texts.enumerated() {
            try engine.evaluate([SlotInput(slot: slot, ids: Array(text[..<20]), wantsLogits: false)]) { _, _ in }
        }
        var worst: Float = 0
        while texts.indices.contains(where: { engine.position(of: $0) < texts[$0].count }) {
            var inputs: [SlotInput] = []
            for (slot, text) in texts.enumerated() where engine.position(of: slot) < text.count {
                let next = engine.position(of: slot)
                // The right ones are logits to compare, the wrong ones have to leave no trace.
                let right = random.below(min(9, text.count - next))
                let ids = text[next...next + right] + [Int32](repeating: 1, count: random.below(5))
                inputs.append(SlotInput(slot: slot, ids: Array(ids), wantsLogits: true, drafts: ids.count - 1))
            }
            let starts = inputs.map { engine.position(of: $0.slot) }
            #expect(inputs.allSatisfy { $0.drafts <= engine.mostDrafts })
            var seen = inputs.map { _ in 0 }
            try engine.evaluate(inputs) { input, logits in
                let (text, place) = (inputs[input].slot, starts[input] + seen[input])
                let isRight = texts[text][starts[input]...].starts(with: inputs[input].ids.prefix(seen[input] + 1))
                if isRight { worst = max(worst, worstError(Array(logits), expected[text][place])) }
                seen[input] += 1
            }
            #expect(seen == inputs.map { $0.drafts + 1 })
            for (input, start) in zip(inputs, starts) {
                let right = zip(input.ids, texts[input.slot][start...]).prefix { $0 == $1 }.count
                let kept = start + 1 + random.below(right)
                #expect(engine.truncate(input.slot, to: kept) == kept)
            }
        }
        #expect(worst < tolerance(family))
    }

    @Test("a sequence alone has the very bits that a session gives it", arguments: FamilyModel.all)
    func alone(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let engine = try engine(tiny, slots: 2)
        let session = try tiny.session(threads: 2, kv: .f32)
        let ids = tiny.prompt + tiny.decode
        for count in [40, 1, 3, 1, 20, 9] {
            let next = Array(ids[session.position..<session.position + count])
            try session.evaluate(next)
            // What another slot holds is of no account.
            try engine.evaluate([SlotInput(slot: 0, ids: next, wantsLogits: false)]) { _, _ in }
            try engine.evaluate([SlotInput(slot: 1, ids: next, wantsLogits: true)]) { _, logits in
                #expect(Array(logits) == session.logits)
            }
        }
    }

    @Test("logits have the same bits whatever the threads", arguments: FamilyModel.all)
    func threads(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let texts = texts(tiny)
        let found = try (1...3).map { threads in
            let engine = try engine(tiny, slots: texts.count, threads: threads)
            var rows: [[Float]] = []
            for counts in [[40, 1, 7, 30], [1, 1, 1, 1], [1, 3, 1, 1]] {
                let inputs = counts.enumerated().map { slot, count in
                    let start = engine.position(of: slot)
                    return SlotInput(slot: slot, ids: Array(texts[slot][start..<start + count]), wantsLogits: true)
                }
                try engine.evaluate(inputs) { _, logits in rows.append(Array(logits)) }
            }
            return rows
        }
        #expect(found[1] == found[0] && found[2] == found[0])
    }

    @Test("slots are cut back, cancelled and used again, each by itself", arguments: FamilyModel.all)
    func reuse(_ family: FamilyModel) throws {
        let tiny = try family.load()
        let texts = texts(tiny)
        let expected = try texts.map { try rows(tiny, $0) }
        let engine = try engine(tiny, slots: 3)
        /// Evaluates what is missing of texts, in slots, up to a position; the logits are checked.
        func advance(_ goals: [(slot: Int, text: Int, to: Int)], goOn: () -> Bool = { true }) throws {
            let inputs = goals.map { goal in
                SlotInput(
                    slot: goal.slot, ids: Array(texts[goal.text][engine.position(of: goal.slot)..<goal.to]),
                    wantsLogits: true)
            }
            try engine.evaluate(inputs, goOn: goOn) { input, logits in
                let goal = goals[input]
                #expect(
                    worstError(Array(logits), expected[goal.text][goal.to - 1]) < tolerance(family),
                    "text \(goal.text) to \(goal.to)")
            }
        }
        try advance([(0, 0, 40), (1, 1, 30), (2, 2, 20)])
        try advance([(0, 0, 41), (1, 1, 50), (2, 2, 21)])
        // Back by some tokens while the others stay.
        #expect(engine.truncate(0, to: 35) <= 35)
        try advance([(0, 0, 60), (2, 2, 22)])
        // A pass that ends between layers leaves nothing behind.
        for layers in 0..<2 {
            let before = (0..<3).map { engine.tokens(of: $0) }
            var asked = 0
            #expect(throws: SessionError.cancelled) {
                try advance([(0, 0, 61), (1, 1, 80), (2, 2, 30)]) {
                    asked += 1
                    return asked <= layers
                }
            }
            for slot in 0..<3 { #expect(before[slot].starts(with: engine.tokens(of: slot))) }
        }
        try advance([(0, 0, 61), (1, 1, 80), (2, 2, 30)])
        // Another text takes over a slot.
        #expect(engine.truncate(1, to: 0) == 0)
        try advance([(1, 3, 45), (0, 0, 62)])
        try advance([(2, 2, 70), (0, 0, 80)])
    }

    @Test("a full slot, foreign ids and empty prompts are errors before anything is evaluated")
    func refusals() throws {
        let tiny = try TinyModel("llama-linear-f32")
        let engine = try engine(tiny, slots: 2)
        func evaluate(_ inputs: [(Int, [Int32])]) throws {
            try engine.evaluate(inputs.map { SlotInput(slot: $0.0, ids: $0.1, wantsLogits: false) }) { _, _ in }
        }
        try evaluate([(0, tiny.prompt)])
        #expect(throws: SessionError.contextFull(position: 64, adding: 65, capacity: 128)) {
            try evaluate([(1, [1]), (0, [Int32](repeating: 1, count: 65))])
        }
        #expect(throws: SessionError.tokenOutOfRange(267, vocabulary: 267)) { try evaluate([(1, [267])]) }
        #expect(throws: SessionError.emptyPrompt) { try evaluate([(1, [])]) }
        #expect(engine.position(of: 0) == 64 && engine.position(of: 1) == 0)
    }
}
