/// What came of checking an answer.
package struct Verdict: Hashable, Sendable, Codable {
    package var passed: Bool
    /// Why it did not pass, in a line.
    package var reason: String?
    /// What whoever tries again is told: what the tests printed. Nil: the reason.
    package var feedback: String?
    /// That the check took.
    package var seconds: Double

    package init(passed: Bool, reason: String? = nil, feedback: String? = nil, seconds: Double = 0) {
        self.passed = passed
        self.reason = reason
        self.feedback = feedback
        self.seconds = seconds
    }
}
