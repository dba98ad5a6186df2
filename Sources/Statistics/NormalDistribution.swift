internal import Foundation

/// The standard normal distribution.
package enum NormalDistribution {
    /// The probability of at most `value`.
    package static func cumulative(_ value: Double) -> Double { erfc(-value / 2.0.squareRoot()) / 2 }

    /// The value that a share of all lies below; infinite for 0 and 1.
    package static func quantile(_ share: Double) -> Double {
        precondition((0...1).contains(share), "a share is between 0 and 1")
        if share == 0 { return -.infinity }
        if share == 1 { return .infinity }
        if share > 0.5 { return -quantile(1 - share) }
        // Newton's method on the logarithm, which is concave: from the left it cannot overshoot.
        var value = share == 0.5 ? 0 : -(-2 * log(share)).squareRoot()
        for _ in 0..<60 {
            let below = cumulative(value)
            let density = exp(-value * value / 2) / (2 * Double.pi).squareRoot()
            let step = below / density * (log(share) - log(below))
            value += step
            if abs(step) <= 1e-15 * max(1, abs(value)) { break }
        }
        return value
    }

    /// How many standard errors an interval reaches to each side: 1.96 for a confidence of 0.95.
    package static func reach(confidence: Double) -> Double { quantile(0.5 + confidence / 2) }
}
