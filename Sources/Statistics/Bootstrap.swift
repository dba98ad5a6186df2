/// Intervals for whatever can be computed of a sample: it is computed again of samples drawn from the sample.
/// - SeeAlso: Efron 1979, "Bootstrap methods: another look at the jackknife".
package struct Bootstrap: Sendable {
    package var resamples: Int
    package var confidence: Double
    /// The same seed gives the same interval.
    package var seed: UInt64

    package init(resamples: Int = 10_000, confidence: Double = 0.95, seed: UInt64 = 1) {
        precondition(resamples > 0 && confidence > 0 && confidence < 1)
        self.resamples = resamples
        self.confidence = confidence
        self.seed = seed
    }

    /// Of the mean of what each unit drawn has; for the difference of two systems, their difference in each task.
    /// - Parameter values: of units that are independent of each other; at least one.
    package func mean(of values: [Double]) -> Estimate {
        precondition(!values.isEmpty)
        let count = Double(values.count)
        let interval = interval(units: values.count) { drawn in
            drawn.reduce(0) { $0 + values[$1] } / count
        }
        return Estimate(value: values.reduce(0, +) / count, interval: interval)
    }

    /// Of the mean of values that come in clusters: whole clusters are drawn.
    package func mean(of values: [Double], clusters: [Int]) -> Estimate {
        precondition(!values.isEmpty && values.count == clusters.count)
        var sums: [Int: (sum: Double, count: Double)] = [:]
        for (value, cluster) in zip(values, clusters) {
            sums[cluster, default: (0, 0)].sum += value
            sums[cluster, default: (0, 0)].count += 1
        }
        let units = sums.sorted { $0.key < $1.key }.map(\.value)
        let interval = interval(units: units.count) { drawn in
            let total = drawn.reduce(into: (sum: 0.0, count: 0.0)) { total, unit in
                total.sum += units[unit].sum
                total.count += units[unit].count
            }
            return total.sum / total.count
        }
        return Estimate(value: values.reduce(0, +) / Double(values.count), interval: interval)
    }

    /// Of anything.
    /// - Parameter statistic: called with the numbers of the units drawn, as many as there are.
    package func interval(units: Int, _ statistic: ([Int]) -> Double) -> Interval {
        var random = RandomStream(seed: seed)
        var drawn = [Int](repeating: 0, count: units)
        var found: [Double] = []
        found.reserveCapacity(resamples)
        for _ in 0..<resamples {
            for index in drawn.indices { drawn[index] = Int.random(in: 0..<units, using: &random) }
            found.append(statistic(drawn))
        }
        return interval(of: found)
    }

    /// Of the differences of the means of two samples that have nothing to do with each other: each is drawn again by
    /// itself.
    /// - Parameters: at least one value each.
    package func difference(of first: [Double], and second: [Double]) -> Estimate {
        precondition(!first.isEmpty && !second.isEmpty)
        var random = RandomStream(seed: ~seed)
        func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
        let interval = interval(units: first.count) { drawn in
            var other = 0.0
            for _ in second { other += second[Int.random(in: 0..<second.count, using: &random)] }
            return drawn.reduce(0) { $0 + first[$1] } / Double(first.count) - other / Double(second.count)
        }
        return Estimate(value: mean(first) - mean(second), interval: interval)
    }

    /// Between the tails of what was computed of the samples drawn.
    /// - Parameter found: at least one.
    package func interval(of found: [Double]) -> Interval {
        let sorted = found.sorted()
        let tail = (1 - confidence) / 2
        return Interval(low: Self.quantile(sorted, tail), high: Self.quantile(sorted, 1 - tail))
    }

    /// Between the two values nearest to a share of all, as far as the share is between them.
    /// - Parameter sorted: at least one.
    static func quantile(_ sorted: [Double], _ share: Double) -> Double {
        let place = share * Double(sorted.count - 1)
        let below = Int(place)
        guard below + 1 < sorted.count else { return sorted[sorted.count - 1] }
        return sorted[below] + (place - Double(below)) * (sorted[below + 1] - sorted[below])
    }
}
