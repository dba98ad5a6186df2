internal import Foundation

/// What the points of the Martlet scale mean: a file with a version, so that points of one version can be compared for ever.
package struct ScaleAnchors: Hashable, Sendable, Codable {
    /// How the reference did in a suite.
    package struct Suite: Hashable, Sendable, Codable {
        package var passed: Int
        package var tasks: Int

        /// Of its tasks, in logits, where the reference's ability is 0. All are taken to be equally difficult.
        var difficulty: Double { log(Double(tasks - passed) / Double(passed)) }
    }

    package var version: Int
    /// Whose ability is 500 points.
    package var reference: String
    /// By name.
    package var suites: [String: Suite]
    /// What coverage is of.
    package var domains: [String]
    package var pointsPerLogit: Double
    /// Of answers; 500 points.
    package var tokensPerSecond: Double
    /// Of speed upwards, and of cost downwards.
    package var pointsPerDoubling: Double
    /// 500 points.
    package var costPerSolvedTask: Double
    /// That reliability is of: all of so many have to pass.
    package var samples: Int
    /// Of the axes in the whole, by name; 1 together.
    package var weights: [String: Double]

    /// The newest.
    package static let own: ScaleAnchors = {
        // A file of our own that does not decode is a bug of ours.
        guard let anchors = try? JSONDecoder().decode(Self.self, from: Data(PackageResources.anchors_json)) else {
            preconditionFailure("the anchors of the scale cannot be read")
        }
        return anchors
    }()
}
