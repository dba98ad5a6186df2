/// How many tokens to draft: as many as pay.
///
/// A step of n drafts costs more than one of none and brings more tokens the more of them are right. Both are measured
/// while generating; now and then another length is tried. A pure state machine.
package struct DraftLength: Sendable {
    package let maximum: Int
    /// Seconds of a step by its number of drafts; 0 where none was measured.
    private var seconds: [Double]
    /// Estimated chance that a draft is right, given that those before it were.
    private var acceptance = 0.7
    private var steps = 0

    package init(maximum: Int) {
        self.maximum = maximum
        seconds = [Double](repeating: 0, count: maximum + 1)
    }

    /// Steps between two trials of another length: what they lose stays small.
    private static let trialPeriod = 32

    /// Drafts for the next step.
    package var count: Int {
        guard maximum > 0 else { return 0 }
        // Each length is tried twice before any is judged: a first step warms up.
        if steps < 2 * (maximum + 1) { return maximum - steps / 2 }
        let best = best
        guard steps % Self.trialPeriod == 0 else { return best }
        // Neighbours in turn: costs and acceptance change along a text.
        return steps / Self.trialPeriod % 2 == 0 ? min(maximum, best + 1) : max(0, best - 1)
    }

    private var best: Int { (0...maximum).max { tokensPerSecond($0) < tokensPerSecond($1) }! }

    /// Tokens per second at the length that pays most.
    var bestRate: Double { tokensPerSecond(best) }

    /// Takes note of a step: of `drafts`, the first `accepted` were right.
    package mutating func record(drafts: Int, accepted: Int, seconds duration: Double) {
        guard drafts <= maximum else { return }
        steps += 1
        seconds[drafts] = seconds[drafts] == 0 ? duration : 0.8 * seconds[drafts] + 0.2 * duration
        for place in 0..<min(drafts, accepted + 1) {
            acceptance = 0.95 * acceptance + (place < accepted ? 0.05 : 0)
        }
    }

    private func tokensPerSecond(_ drafts: Int) -> Double {
        guard seconds[drafts] > 0 else { return 0 }
        var (tokens, chance) = (1.0, 1.0)
        for _ in 0..<drafts {
            chance *= acceptance
            tokens += chance
        }
        return tokens / seconds[drafts]
    }
}
