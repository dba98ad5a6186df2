/// A mean of values that come in clusters, whose members are alike: several samples of a task, several tasks of a file.
package struct ClusteredMean: Hashable, Sendable {
    package let value: Double
    /// The standard error, corrected for the number of clusters; infinite when there is but one.
    package let standardError: Double

    /// - Parameters:
    ///   - values: at least one.
    ///   - clusters: of each value.
    /// - SeeAlso: Miller 2024, "Adding error bars to evals", arXiv:2411.00640; Liang and Zeger 1986.
    package init(_ values: [Double], clusters: [Int]) {
        precondition(!values.isEmpty && values.count == clusters.count)
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        value = mean
        var residuals: [Int: Double] = [:]
        for (value, cluster) in zip(values, clusters) { residuals[cluster, default: 0] += value - mean }
        let groups = Double(residuals.count)
        guard groups > 1 else {
            standardError = .infinity
            return
        }
        let sum = residuals.sorted { $0.key < $1.key }.reduce(0) { $0 + $1.value * $1.value }
        standardError = (sum * groups / (groups - 1)).squareRoot() / count
    }

    package func interval(confidence: Double = 0.95) -> Interval {
        Interval(around: value, standardError: standardError, confidence: confidence)
    }
}
