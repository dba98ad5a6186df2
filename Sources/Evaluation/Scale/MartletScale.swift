internal import Foundation
package import Statistics

/// A model in points from 0 to 1000 on five axes, and in one number, which is never told without them.
///
/// Capability is the Rasch ability, 500 points being the anchors' reference; reliability the share of tasks of which all of
/// several samples pass; coverage the mean pass rate over the anchors' domains, where what was not measured counts as
/// nothing; speed and cost are logarithmic around the anchors' values.
/// - SeeAlso: Rasch 1960; Yao et al. 2024, "tau-bench", arXiv:2406.12045.
package struct MartletScale: Hashable, Sendable, Codable {
    package var model: String
    /// Of the anchors.
    package var version: Int
    package var reference: String
    /// Points by axis, of those that were measured.
    package var axes: [Axis: Estimate]
    /// The weighted mean of those, as if there were no others; nil without capability.
    package var points: Estimate?
    /// Suites that the anchors do not have; they count for nothing but coverage, speed and cost.
    package var unanchored: [String]

    /// What a model is measured by.
    package enum Axis: String, CaseIterable, Hashable, Sendable, Codable, CodingKeyRepresentable {
        case capability, reliability, coverage, speed, cost
    }

    /// - Parameters:
    ///   - runs: of one model; every suite once.
    ///   - price: of its tokens; nil leaves cost out.
    ///   - bootstrap: draws tasks, within their suites.
    package init(
        _ runs: [EvaluationRun], anchors: ScaleAnchors = .own, price: TokenPrice? = nil,
        bootstrap: Bootstrap = Bootstrap(resamples: 2000)
    ) throws(ScaleError) {
        guard let model = runs.first?.description.model else { throw .noRuns }
        for run in runs {
            guard run.description.model == model else { throw .severalModels(model, run.description.model) }
        }
        let suites = runs.map(\.description.suite)
        guard Set(suites).count == suites.count else { throw .suiteTwice(suites.sorted().joined(separator: ", ")) }
        self.model = model
        version = anchors.version
        reference = anchors.reference
        unanchored = suites.filter { anchors.suites[$0] == nil }
        let units = runs.map { ScaleUnits($0, anchors: anchors, price: price) }
        let drawnAxes = { (random: inout RandomStream) in
            ScaleUnits.axes(units.map { $0.drawn(&random) }, anchors)
        }
        let whole = ScaleUnits.axes(units, anchors)
        var found: [Axis: [Double]] = [:]
        var composites: [Double] = []
        var random = RandomStream(seed: bootstrap.seed)
        for _ in 0..<bootstrap.resamples {
            let axes = drawnAxes(&random)
            for (axis, value) in axes { found[axis, default: []].append(value) }
            if let points = Self.composite(axes, anchors) { composites.append(points) }
        }
        func interval(_ values: [Double]) -> Interval {
            let sorted = values.sorted()
            let tail = Int((1 - bootstrap.confidence) / 2 * Double(sorted.count))
            return Interval(low: sorted[tail], high: sorted[sorted.count - 1 - tail])
        }
        axes = whole.reduce(into: [:]) { axes, entry in
            guard let values = found[entry.key], !values.isEmpty else { return }
            axes[entry.key] = Estimate(value: entry.value, interval: interval(values))
        }
        points = Self.composite(whole, anchors).map { Estimate(value: $0, interval: interval(composites)) }
    }

    private static func composite(_ axes: [Axis: Double], _ anchors: ScaleAnchors) -> Double? {
        guard axes[.capability] != nil else { return nil }
        var (sum, weights) = (0.0, 0.0)
        for axis in Axis.allCases {
            guard let value = axes[axis], let weight = anchors.weights[axis.rawValue] else { continue }
            sum += weight * value
            weights += weight
        }
        return weights > 0 ? sum / weights : nil
    }
}

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
        axes[.coverage] =
            1000 * anchors.domains.reduce(0) { $0 + (domains[$1] ?? 0) } / Double(max(1, anchors.domains.count))
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

/// Why a model has no place on the scale.
package enum ScaleError: Error, Hashable, CustomStringConvertible {
    case noRuns
    case severalModels(String, String)
    case suiteTwice(String)

    package var description: String {
        switch self {
        case .noRuns: "the scale takes at least one file of results."
        case .severalModels(let first, let second):
            "these runs are of several models, \(first) and \(second). Give those of one at a time."
        case .suiteTwice(let suites): "a suite is there twice among \(suites). Give each once."
        }
    }
}
