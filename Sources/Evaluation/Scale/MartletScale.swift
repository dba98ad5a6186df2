package import Statistics

/// A model in points from 0 to 1000 on five axes, and in one number, which is never told without them.
///
/// Capability is the Rasch ability, 500 points being the anchors' reference; reliability the share of tasks of which all of
/// several samples pass; coverage the mean pass rate over the anchors' domains, where what was not measured counts as
/// nothing; speed and cost are logarithmic around the anchors' values.
/// - SeeAlso: Rasch 1960; Yao et al. 2024, "tau-bench", arXiv:2406.12045.
package struct MartletScale: Hashable, Sendable, Codable {
    /// Whose points they are.
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
        axes = whole.reduce(into: [:]) { axes, entry in
            guard let values = found[entry.key], !values.isEmpty else { return }
            axes[entry.key] = Estimate(value: entry.value, interval: bootstrap.interval(of: values))
        }
        points = Self.composite(whole, anchors).map {
            Estimate(value: $0, interval: bootstrap.interval(of: composites))
        }
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
