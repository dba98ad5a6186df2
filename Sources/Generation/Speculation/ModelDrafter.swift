package import Architectures

/// Drafts tokens of several answers with a smaller model of the same vocabulary.
///
/// It has caches of its own, a slot for each slot of the engine that it drafts for, and reads there what the answers
/// have grown by since it last drafted. Of each answer it drafts as many tokens as pay: what passes cost and how often
/// drafts are right is measured. Not for use from several threads at a time.
/// - SeeAlso: Leviathan et al. 2023, arXiv:2211.17192.
package final class ModelDrafter {
    /// An answer that is to be continued.
    package struct Candidate: Hashable, Sendable {
        package var slot: Int
        /// Prompt and answer, to the last token that was drawn.
        package var tokens: [Int32]
        /// Drafts that there is room for.
        package var room: Int

        package init(slot: Int, tokens: [Int32], room: Int) {
            (self.slot, self.tokens, self.room) = (slot, tokens, room)
        }
    }

    /// Drafts of an answer at a time.
    package static let mostDrafts = 8
    /// Tokens of an answer that are read before it gets drafts; the rest is read in later passes.
    private static let catchUp = 128

    private let engine: BatchEngine
    /// Ids from here on are not the other model's.
    private let vocabulary: Int
    /// By the number of answers that a pass continues, from one.
    private var lengths: [DraftLength]
    /// What was handed out last, where all answers got as many drafts as were wanted.
    private var step: (answers: Int, drafts: Int, seconds: Double)?
    private let clock = ContinuousClock()

    /// - Parameters:
    ///   - model: the smaller one.
    ///   - options: how to run it; `context` as long as that of the other engine.
    ///   - slots: as many as the other engine has.
    ///   - vocabulary: ids of the other model.
    package init(
        _ model: LanguageModel, _ options: SessionOptions, slots: Int, vocabulary: Int
    ) throws(SessionError) {
        engine = try BatchEngine(model, options, slots: slots)
        self.vocabulary = vocabulary
        lengths = Array(repeating: DraftLength(maximum: Self.mostDrafts), count: slots)
    }

    /// Tokens per second that passes with drafts for so many answers bring; 0 where none was made.
    package func rate(answers: Int) -> Double { Double(answers) * lengths[answers - 1].bestRate }

    /// Drafts for the next pass, by slot; none where they would not pay.
    /// - Parameter limit: seconds that drafting and the pass may take together.
    package func draft(_ candidates: [Candidate], within limit: Double = .infinity) -> [Int: [Int32]] {
        step = nil
        guard !candidates.isEmpty else { return [:] }
        let wanted = lengths[candidates.count - 1].count(within: limit)
        let start = clock.now
        var drafts: [Int: [Int32]] = [:]
        // Drafts may be missing, for whatever reason; answers go on without.
        if wanted > 0 { try? draft(wanted, candidates, into: &drafts) }
        if candidates.allSatisfy({ drafts[$0.slot, default: []].count == wanted }) {
            step = (candidates.count, wanted, (clock.now - start) / .seconds(1))
        }
        return drafts
    }

    private func draft(
        _ wanted: Int, _ candidates: [Candidate], into drafts: inout [Int: [Int32]]
    ) throws(SessionError) {
        var inputs: [SlotInput] = []
        var rooms: [Int: Int] = [:]
        for candidate in candidates {
            let held = rewind(candidate)
            let room = min(wanted, candidate.room, engine.capacity - candidate.tokens.count)
            let missing = candidate.tokens[held...].prefix(Self.catchUp)
            let isWhole = held + missing.count == candidate.tokens.count
            guard room > 0 || !isWhole, candidate.tokens.count <= engine.capacity else { continue }
            rooms[candidate.slot] = room
            inputs.append(SlotInput(slot: candidate.slot, ids: Array(missing), wantsLogits: isWhole))
        }
        while !inputs.isEmpty {
            var next: [SlotInput] = []
            try engine.evaluate(inputs) { input, logits in
                let slot = inputs[input].slot
                guard let best = UnsafeBufferPointer(logits).indexOfMaximum, best < vocabulary else { return }
                drafts[slot, default: []].append(Int32(best))
                guard drafts[slot]!.count < rooms[slot]! else { return }
                next.append(SlotInput(slot: slot, ids: [Int32(best)], wantsLogits: true))
            }
            inputs = next
        }
    }

    /// Takes a slot back to what it shares with the answer, without its last token.
    private func rewind(_ candidate: Candidate) -> Int {
        let held = zip(engine.tokens(of: candidate.slot), candidate.tokens).prefix { $0 == $1 }.count
        return engine.truncate(candidate.slot, to: min(held, candidate.tokens.count - 1))
    }

    /// Takes note of the pass that was last drafted for.
    /// - Parameters:
    ///   - accepted: of each answer, how many of its drafts were right.
    ///   - seconds: what the pass took.
    package func record(accepted: [Int], seconds: Double) {
        guard let step, step.answers == accepted.count else { return }
        lengths[step.answers - 1].record(
            drafts: step.drafts, accepted: accepted, seconds: step.seconds + seconds)
        self.step = nil
    }
}
