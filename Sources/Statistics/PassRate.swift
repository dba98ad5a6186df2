internal import Foundation

/// What is said of a task of which several samples were drawn.
package enum PassRate {
    /// pass@k: the probability that of `k` samples at least one passes, without bias from `passed` of `samples`.
    /// - Returns: nil where fewer than `k` samples were drawn.
    /// - SeeAlso: Chen et al. 2021, "Evaluating large language models trained on code", arXiv:2107.03374.
    package static func atLeastOne(of k: Int, passed: Int, samples: Int) -> Double? {
        precondition(k > 0 && (0...samples).contains(passed))
        guard samples >= k else { return nil }
        if samples - passed < k { return 1 }
        // 1 - C(n-c, k) / C(n, k), without numbers that overflow.
        var none = 1.0
        for count in (samples - passed + 1)..<(samples + 1) { none *= 1 - Double(k) / Double(count) }
        return 1 - none
    }

    /// pass^k: the probability that `k` samples all pass.
    /// - Returns: nil where fewer than `k` samples were drawn.
    /// - SeeAlso: Yao et al. 2024, "tau-bench", arXiv:2406.12045.
    package static func all(of k: Int, passed: Int, samples: Int) -> Double? {
        precondition(k > 0 && (0...samples).contains(passed))
        guard samples >= k else { return nil }
        var every = 1.0
        for index in 0..<k { every *= Double(max(0, passed - index)) / Double(samples - index) }
        return every
    }
}
