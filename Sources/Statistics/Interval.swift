/// Where a quantity lies, with a confidence that whoever made it states.
package struct Interval: Hashable, Sendable, Codable {
    package var low: Double
    package var high: Double

    package init(low: Double, high: Double) {
        self.low = low
        self.high = high
    }

    /// Around a value that is spread as the normal distribution is.
    package init(around value: Double, standardError: Double, confidence: Double) {
        let half = NormalDistribution.reach(confidence: confidence) * standardError
        self.init(low: value - half, high: value + half)
    }

    package func contains(_ value: Double) -> Bool { low <= value && value <= high }
}

/// A quantity and where it lies.
package struct Estimate: Hashable, Sendable, Codable {
    package var value: Double
    package var interval: Interval

    package init(value: Double, interval: Interval) {
        self.value = value
        self.interval = interval
    }
}
