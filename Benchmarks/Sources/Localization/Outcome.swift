import Foundation

/// How a ranker did on one task: the best rank of something that was changed, from 1; nil when it is not among those listed.
package struct Outcome: Codable, Hashable, Sendable {
    package var file: Int?
    package var function: Int?

    package init(_ ranking: Ranking, of task: LocalizationTask) {
        file = ranking.files.firstIndex { task.files.contains($0) }.map { $0 + 1 }
        function =
            ranking.functions.firstIndex { place in task.functions.contains { $0.isAt(place) } }.map { $0 + 1 }
    }
}

extension LocalizationTask.Function {
    /// Annotations and return types may stand above the line that names a function.
    func isAt(_ place: Ranking.Place) -> Bool {
        path == place.path && (lines.lowerBound - 5...lines.upperBound).contains(place.line)
            && place.name.split(whereSeparator: { ".:".contains($0) }).last.map(String.init) == lastName
    }

    private var lastName: String? { name.split(whereSeparator: { ".:".contains($0) }).last.map(String.init) }
}

/// A share of tasks with what chance makes of it.
package struct Accuracy: Codable, Hashable, Sendable {
    package var value: Double
    /// Of 95 %, by resampling the tasks.
    package var low: Double
    package var high: Double
}

package enum Accuracies {
    private static let rounds = 10_000

    /// The share of ranks that are at most `limit`.
    package static func accuracy(_ ranks: [Int?], at limit: Int) -> Accuracy {
        interval(ranks.map { $0.map { $0 <= limit } ?? false ? 1 : 0 })
    }

    /// By how much one ranker's accuracy is higher than another's on the same tasks.
    package static func difference(_ ranks: [Int?], _ others: [Int?], at limit: Int) -> Accuracy {
        interval(
            zip(ranks, others).map { own, other in
                (own.map { $0 <= limit } ?? false ? 1 : 0) - (other.map { $0 <= limit } ?? false ? 1 : 0)
            })
    }

    /// The mean of the reciprocal ranks.
    package static func meanReciprocalRank(_ ranks: [Int?]) -> Double {
        ranks.reduce(0) { $0 + ($1.map { 1 / Double($0) } ?? 0) } / Double(max(1, ranks.count))
    }

    private static func interval(_ values: [Double]) -> Accuracy {
        guard !values.isEmpty else { return Accuracy(value: .nan, low: .nan, high: .nan) }
        var generator = SeededGenerator(state: 7)
        let count = Double(values.count)
        let means = (0..<rounds).map { _ in
            values.indices.reduce(0.0) { sum, _ in sum + values.randomElement(using: &generator)! } / count
        }.sorted()
        return Accuracy(
            value: values.reduce(0, +) / count, low: means[rounds * 25 / 1000], high: means[rounds * 975 / 1000 - 1])
    }
}
