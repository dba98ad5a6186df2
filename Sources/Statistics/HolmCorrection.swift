/// What is left of the evidence of each comparison when many are made at once.
package enum HolmCorrection {
    /// Adjusted probabilities, in the order of those given.
    /// - SeeAlso: Holm 1979, "A simple sequentially rejective multiple test procedure".
    package static func adjusted(_ probabilities: [Double]) -> [Double] {
        let order = probabilities.indices.sorted { (probabilities[$0], $0) < (probabilities[$1], $1) }
        var adjusted = probabilities
        var least = 0.0
        for (rank, index) in order.enumerated() {
            least = max(least, min(1, Double(probabilities.count - rank) * probabilities[index]))
            adjusted[index] = least
        }
        return adjusted
    }
}
