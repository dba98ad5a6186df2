internal import Foundation

/// How able someone is who did tasks of known difficulty: the chance to do one is the logistic function of ability less
/// difficulty.
/// - SeeAlso: Rasch 1960, "Probabilistic models for some intelligence and attainment tests".
package enum RaschModel {
    /// An ability in logits, and its standard error.
    package struct Ability: Hashable, Sendable {
        package var value: Double
        package var standardError: Double

        package func interval(confidence: Double = 0.95) -> Interval {
            Interval(around: value, standardError: standardError, confidence: confidence)
        }
    }

    /// The likeliest ability.
    /// - Parameters:
    ///   - passed: how often each task was done; [tasks].
    ///   - tries: how often each was tried; [tasks].
    ///   - difficulties: in logits; [tasks].
    ///   - prior: precision of a normal prior around 0; 0 for none.
    /// - Returns: nil where it would be infinite: when all or nothing was done and there is no prior.
    package static func ability(
        passed: [Double], tries: [Double], difficulties: [Double], prior: Double = 0
    ) -> Ability? {
        precondition(passed.count == tries.count && passed.count == difficulties.count && prior >= 0)
        let (done, all) = (passed.reduce(0, +), tries.reduce(0, +))
        guard prior > 0 || (done > 0 && done < all) else { return nil }
        var value = 0.0
        for _ in 0..<200 {
            let (slope, information) = derivatives(value, passed, tries, difficulties, prior)
            let step = slope / information
            value += max(-2, min(2, step))
            if abs(step) < 1e-13 * max(1, abs(value)) { break }
        }
        let (_, information) = derivatives(value, passed, tries, difficulties, prior)
        return Ability(value: value, standardError: 1 / information.squareRoot())
    }

    private static func derivatives(
        _ ability: Double, _ passed: [Double], _ tries: [Double], _ difficulties: [Double], _ prior: Double
    ) -> (slope: Double, information: Double) {
        var (slope, information) = (-prior * ability, prior)
        for task in passed.indices {
            let chance = BradleyTerry.logistic(ability - difficulties[task])
            slope += passed[task] - tries[task] * chance
            information += tries[task] * chance * (1 - chance)
        }
        return (slope, information)
    }
}
