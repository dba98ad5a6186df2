package import Statistics

/// How much worse a model is at tasks that are the same but for their names and words: what it knew by heart, it
/// then no longer does.
package struct MutationGap: Hashable, Sendable, Codable {
    /// Tasks with results of both kinds.
    package var tasks: Int
    package var originalRate: Double
    package var mutatedRate: Double
    /// The rate of the originals less that of the mutated, task by task.
    package var gap: Estimate
    /// Tasks that were done more often as they are, and those that were done more often mutated.
    package var onlyOriginal: Int
    package var onlyMutated: Int
    /// The probability of tasks as unevenly divided, were both alike.
    package var probability: Double

    /// - Returns: nil where no task has results of both kinds.
    package init?(originals: [TaskResult], mutated: [TaskResult], bootstrap: Bootstrap = Bootstrap()) {
        func rates(_ results: [TaskResult]) -> [String: Double] {
            Dictionary(grouping: results, by: \.task).mapValues { results in
                Double(results.count { $0.passed }) / Double(results.count)
            }
        }
        let (first, second) = (rates(originals), rates(mutated))
        let pairs = first.keys.sorted().compactMap { task in
            second[task].map { (original: first[task] ?? 0, mutated: $0) }
        }
        guard !pairs.isEmpty else { return nil }
        tasks = pairs.count
        originalRate = pairs.reduce(0) { $0 + $1.original } / Double(pairs.count)
        mutatedRate = pairs.reduce(0) { $0 + $1.mutated } / Double(pairs.count)
        gap = bootstrap.mean(of: pairs.map { $0.original - $0.mutated })
        onlyOriginal = pairs.count { $0.original > $0.mutated }
        onlyMutated = pairs.count { $0.original < $0.mutated }
        probability = McNemarTest.exact(onlyFirst: onlyOriginal, onlySecond: onlyMutated)
    }
}
