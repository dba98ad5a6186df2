/// How often drafts of each kind of evidence are right, with more weight on the latest. A pure state machine.
struct DraftAcceptance: Sendable {
    private var right: [Double]
    private var tried: [Double]

    /// Trials after which an old one counts for a third.
    private static let memory = 64.0

    init() {
        right = [Double](repeating: 0, count: DraftEvidence.kinds)
        tried = right
    }

    /// The chance that a draft is right; `expectation` counts as much as `weight` trials.
    func chance(of kind: Int, expectation: Double, weight: Double) -> Double {
        (right[kind] + weight * expectation) / (tried[kind] + weight)
    }

    mutating func record(_ kind: Int, isRight: Bool) {
        let kept = 1 - 1 / Self.memory
        right[kind] = kept * right[kind] + (isRight ? 1 : 0)
        tried[kind] = kept * tried[kind] + 1
    }
}
