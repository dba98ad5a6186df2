import Generation
import TestSupport
import Testing

extension BatchEngine {
    /// Evaluates texts, each in the slot of its index, cut and mixed at random.
    /// - Parameter expected: logits after every token of each text.
    /// - Returns: how far the logits that were reported are from them at worst.
    func worstErrorInPieces(of texts: [[Int32]], _ expected: [[[Float]]], seed: UInt64) throws -> Float {
        var random = SplitMix64(seed: seed)
        var worst: Float = 0
        while texts.indices.contains(where: { position(of: $0) < texts[$0].count }) {
            var inputs: [SlotInput] = []
            for slot in texts.indices.shuffled(using: &random) where random.below(4) > 0 {
                let start = position(of: slot)
                let count = min([1, 1, 1, 2, 5, 17, 70][random.below(7)], texts[slot].count - start)
                guard count > 0 else { continue }
                inputs.append(
                    SlotInput(
                        slot: slot, ids: Array(texts[slot][start..<start + count]), wantsLogits: random.below(5) > 0))
            }
            let ends = inputs.map { position(of: $0.slot) + $0.ids.count }
            var reported: [Int] = []
            try evaluate(inputs) { input, logits in
                reported.append(input)
                worst = max(worst, worstError(Array(logits), expected[inputs[input].slot][ends[input] - 1]))
            }
            // Those that share adapters are neighbours in a pass, the others in their order.
            let wanted = inputs.indices.filter { inputs[$0].wantsLogits }
            let areAlike = Set(texts.indices.map { adapters(of: $0) }).count == 1
            #expect((areAlike ? reported : reported.sorted()) == wanted)
        }
        return worst
    }
}
