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
    /// - Parameter limit: seconds that the step may take, as far as its length was measured.
    package func count(within limit: Double = .infinity) -> Int {
        guard maximum > 0 else { return 0 }
        let best = best(within: limit)
        var count = best
        if steps < 2 * (maximum + 1) {
            // Each length is tried twice before any is judged: a first step warms up.
            count = maximum - steps / 2
        } else if steps % Self.trialPeriod == 0 {
            // Neighbours in turn: costs and acceptance change along a text.
            count = steps / Self.trialPeriod % 2 == 0 ? min(maximum, best + 1) : max(0, best - 1)
        }
        return seconds[count] <= limit ? count : best
    }

    private func best(within limit: Double = .infinity) -> Int {
        (1...maximum).reduce(0) { seconds[$1] <= limit && tokensPerSecond($1) > tokensPerSecond($0) ? $1 : $0 }
    }

    /// Tokens per second at the length that pays most.
    var bestRate: Double { maximum > 0 ? tokensPerSecond(best()) : 0 }

    /// Takes note of a step: of `drafts`, the first of each text that were right. Texts of one step have as many.
    package mutating func record(drafts: Int, accepted: [Int], seconds duration: Double) {
        guard drafts <= maximum else { return }
        steps += 1
        seconds[drafts] = seconds[drafts] == 0 ? duration : 0.8 * seconds[drafts] + 0.2 * duration
        for accepted in accepted {
            for place in 0..<min(drafts, accepted + 1) {
                acceptance = 0.95 * acceptance + (place < accepted ? 0.05 : 0)
            }
        }
    }

    /// Of one text.
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
