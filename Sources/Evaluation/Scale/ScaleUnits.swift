internal import Foundation
internal import Statistics

/// What a run has of each task, to be drawn again.
struct ScaleUnits {
    private struct Task {
        var passed: Double
        var samples: Double
        var reliability: Double?
        var domain: String
        var tokens: Double
        var seconds: Double
        var cost: Double?
    }

    private var tasks: [Task]
    private let difficulty: Double?

    init(_ run: EvaluationRun, anchors: ScaleAnchors, price: TokenPrice?) {
        difficulty = anchors.suites[run.description.suite]?.difficulty
        tasks = Dictionary(grouping: run.results, by: \.task).sorted { $0.key < $1.key }.map { _, results in
            let passed = results.count { $0.passed }
            return Task(
                passed: Double(passed), samples: Double(results.count),
                reliability: PassRate.all(of: anchors.samples, passed: passed, samples: results.count),
                domain: results[0].domain ?? run.description.suite,
                tokens: results.reduce(0) { $0 + Double($1.tokens) }, seconds: results.reduce(0) { $0 + $1.seconds },
                cost: price.map { price in results.reduce(0) { $0 + price.cost(of: $1) } })
        }
    }

    /// The same run with tasks drawn from its own.
    func drawn(_ random: inout RandomStream) -> ScaleUnits {
        var units = self
        units.tasks = tasks.map { _ in tasks[Int.random(in: 0..<tasks.count, using: &random)] }
        return units
    }

    static func axes(_ units: [ScaleUnits], _ anchors: ScaleAnchors) -> [MartletScale.Axis: Double] {
        func clipped(_ points: Double) -> Double { max(0, min(1000, points)) }
        var axes: [MartletScale.Axis: Double] = [:]
        let anchored = units.filter { $0.difficulty != nil && !$0.tasks.isEmpty }
        if !anchored.isEmpty {
            // A weak prior, so that who did everything or nothing has an ability too.
            let ability = RaschModel.ability(
                passed: anchored.map { $0.tasks.reduce(0) { $0 + $1.passed } },
                tries: anchored.map { $0.tasks.reduce(0) { $0 + $1.samples } },
                difficulties: anchored.map { $0.difficulty ?? 0 }, prior: 0.01)
            axes[.capability] = ability.map { clipped(500 + anchors.pointsPerLogit * $0.value) }
        }
        let tasks = units.flatMap(\.tasks)
        let reliabilities = tasks.compactMap(\.reliability)
        if !reliabilities.isEmpty {
            axes[.reliability] = 1000 * reliabilities.reduce(0, +) / Double(reliabilities.count)
        }
        let domains = Dictionary(grouping: tasks, by: \.domain).mapValues { tasks in
            tasks.reduce(0) { $0 + $1.passed } / tasks.reduce(0) { $0 + $1.samples }
        }
        if anchors.domains.contains(where: domains.keys.contains) {
            let sum = anchors.domains.reduce(0) { $0 + (domains[$1] ?? 0) }
            axes[.coverage] = 1000 * sum / Double(anchors.domains.count)
        }
        let (tokens, seconds) = (tasks.reduce(0) { $0 + $1.tokens }, tasks.reduce(0) { $0 + $1.seconds })
        if tokens > 0, seconds > 0 {
            axes[.speed] = clipped(
                500 + anchors.pointsPerDoubling * log2(tokens / seconds / anchors.tokensPerSecond))
        }
        let (costs, solved) = (tasks.compactMap(\.cost), tasks.reduce(0) { $0 + $1.passed })
        if costs.count == tasks.count, !costs.isEmpty {
            let cost = costs.reduce(0, +) / max(solved, 0.5)
            axes[.cost] = clipped(
                500 - anchors.pointsPerDoubling * log2(max(cost, 1e-12) / anchors.costPerSolvedTask))
        }
        return axes
    }
}
