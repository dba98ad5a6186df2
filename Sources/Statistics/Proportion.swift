/// How many of some trials succeeded.
package struct Proportion: Hashable, Sendable {
    package var successes: Int
    package var trials: Int

    package init(_ successes: Int, of trials: Int) {
        precondition(trials >= 0 && (0...trials).contains(successes), "no more can succeed than were tried")
        self.successes = successes
        self.trials = trials
    }

    /// Nil without trials.
    package var value: Double? { trials == 0 ? nil : Double(successes) / Double(trials) }

    /// Where the true rate lies; everywhere without trials.
    /// - SeeAlso: Wilson 1927, "Probable inference, the law of succession, and statistical inference".
    package func interval(confidence: Double = 0.95) -> Interval {
        guard let rate = value else { return Interval(low: 0, high: 1) }
        let reach = NormalDistribution.reach(confidence: confidence)
        let count = Double(trials)
        let scale = 1 + reach * reach / count
        let centre = (rate + reach * reach / (2 * count)) / scale
        let half = reach / scale * (rate * (1 - rate) / count + reach * reach / (4 * count * count)).squareRoot()
        return Interval(
            low: successes == 0 ? 0 : max(0, centre - half), high: successes == trials ? 1 : min(1, centre + half))
    }
}
