/// Repeated measurements of one quantity, in the order they were taken.
package struct Samples: Codable, Hashable, Sendable {
    package var values: [Double]

    package init(_ values: [Double] = []) { self.values = values }

    package var median: Double? {
        guard !values.isEmpty else { return nil }
        let sorted = values.sorted()
        let middle = sorted.count / 2
        return sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
    }

    package var minimum: Double? { values.min() }
    package var maximum: Double? { values.max() }
}

/// Which end of a scale is the good one.
package enum Preference: String, Codable, Sendable {
    case higher, lower

    /// True when `first` is better than `second` by more than the fraction `margin` of `second`.
    package func prefers(_ first: Double, to second: Double, margin: Double = 0) -> Bool {
        switch self {
        case .higher: first > second * (1 + margin)
        case .lower: first < second * (1 - margin)
        }
    }
}
