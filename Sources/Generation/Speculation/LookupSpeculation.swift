/// Drafts tokens of running answers from what was read and written before, as many as pay.
///
/// A pass over more rows costs more and brings more tokens the more drafts are right. What rows cost is measured, and so
/// is how often drafts of each kind are right: every token that is drawn is compared with what would have been drafted,
/// whether it was or not, so that learning costs nothing. A pure state machine; see Docs/Decisions/0018-speculation.md.
package struct LookupSpeculation: Sendable {
    private struct Text: Sendable {
        var drafter: LookupDrafter
        var acceptance = DraftAcceptance()
        /// What was thought to come next, how many of it came, and how many were drafted.
        var expected = LookupDraft()
        var arrived = 0
        var drafted = 0
    }

    /// An answer that may get drafts.
    package struct Candidate: Hashable, Sendable {
        package var id: Int
        /// Drafts that there is room for.
        package var room: Int

        package init(id: Int, room: Int) { (self.id, self.room) = (id, room) }
    }

    /// Drafts of one pass, all answers together and each of them. The unembedding takes 32 rows at a time, and matrix
    /// products gain nothing from more.
    package static let mostDrafts = 31
    /// Rows of a pass beyond which nobody gets drafts.
    private static let mostRows = 64
    /// A gain that is smaller may be none.
    private static let leastGain = 1.05
    /// Tokens of earlier answers that are kept.
    package static let corpusTokens = 1 << 16
    /// Trials that the experience with other texts counts as much as.
    private static let sharedWeight = 8.0
    /// Trials that the first expectations count as much as.
    private static let priorWeight = 4.0

    private var texts: [Int: Text] = [:]
    private var acceptance = DraftAcceptance()
    private var cost = PassCost(mostRows: mostRows)
    private var corpus = SuffixIndex(capacity: corpusTokens)
    /// Drafts that were made, and those of them that were right.
    package private(set) var drafted = 0
    package private(set) var accepted = 0

    package init() {}

    // MARK: Answers come and go

    package mutating func begin(_ id: Int, prompt: [Int32]) {
        texts[id] = Text(drafter: LookupDrafter(prompt: prompt))
    }

    /// Takes note of a token that was drawn.
    package mutating func append(_ token: Int32, to id: Int) {
        guard var text = texts.removeValue(forKey: id) else { return }
        if text.arrived < text.expected.ids.count {
            let isRight = text.expected.ids[text.arrived] == token
            let kind = text.expected.evidence[text.arrived].kind
            text.acceptance.record(kind, isRight: isRight)
            acceptance.record(kind, isRight: isRight)
            if isRight, text.arrived < text.drafted { accepted += 1 }
            text.arrived = isRight ? text.arrived + 1 : .max
        }
        text.drafter.append(token)
        texts[id] = text
    }

    /// Ends an answer; others may draft from it.
    package mutating func finish(_ id: Int) {
        guard let text = texts.removeValue(forKey: id), !text.drafter.generated.isEmpty else { return }
        let answer = text.drafter.generated.suffix(Self.corpusTokens / 4)
        corpus.append(-1)
        corpus.append(contentsOf: answer)
        corpus.append(-1)
    }

    // MARK: Passes

    /// Drafts for the next pass, which continues `candidates` by a token each.
    /// - Parameters:
    ///   - others: rows of answers beside them.
    ///   - limit: seconds that the pass may take.
    ///   - rate: tokens per second that another way of drafting brings; 0 for none.
    package mutating func plan(
        _ candidates: [Candidate], others: Int = 0, within limit: Double = .infinity, beating rate: Double = 0
    ) -> [Int: [Int32]] {
        let rows = candidates.count + others
        guard rows < Self.mostRows else { return [:] }
        var offers: [(id: Int, chance: Double)] = []
        for candidate in candidates where candidate.room > 0 {
            guard var text = texts.removeValue(forKey: candidate.id) else { continue }
            text.expected = text.drafter.draft(min(candidate.room, Self.mostDrafts), corpus: corpus)
            (text.arrived, text.drafted) = (0, 0)
            var chance = 1.0
            for evidence in text.expected.evidence {
                chance *= self.chance(of: evidence.kind, in: text)
                offers.append((candidate.id, chance))
            }
            texts[candidate.id] = text
        }
        // Chances fall along each draft, so any first ones in this order are beginnings of drafts.
        offers.sort { $0.chance > $1.chance }
        var counts: [Int: Int] = [:]
        for offer in offers.prefix(number(of: offers.map(\.chance), rows: rows, within: limit, beating: rate)) {
            counts[offer.id, default: 0] += 1
        }
        var drafts: [Int: [Int32]] = [:]
        for (id, count) in counts {
            texts[id]!.drafted = count
            drafted += count
            drafts[id] = Array(texts[id]!.expected.ids.prefix(count))
        }
        return drafts
    }

    /// How many of the offers bring the most tokens per second.
    private func number(of chances: [Double], rows: Int, within limit: Double, beating rate: Double) -> Int {
        // Without a pass as a measure nothing can be weighed.
        guard cost.isMeasured else { return 0 }
        var tokens = Double(rows)
        var (best, bestRate) = (0, Self.leastGain * max(rate, tokens / cost.seconds(rows)))
        for (index, chance) in chances.prefix(min(Self.mostDrafts, Self.mostRows - rows)).enumerated() {
            tokens += chance
            let seconds = cost.seconds(rows + index + 1)
            guard seconds <= limit else { break }
            if tokens / seconds > bestRate { (best, bestRate) = (index + 1, tokens / seconds) }
        }
        return best
    }

    private func chance(of kind: Int, in text: Text) -> Double {
        let prior = DraftEvidence.expectation(of: kind)
        let shared = acceptance.chance(of: kind, expectation: prior, weight: Self.priorWeight)
        return text.acceptance.chance(of: kind, expectation: shared, weight: Self.sharedWeight)
    }

    /// Takes note of what a pass took that only continued answers.
    /// - Parameter rows: tokens of answers, and drafts.
    package mutating func record(rows: Int, seconds: Double) { cost.record(rows: rows, seconds: seconds) }
}
