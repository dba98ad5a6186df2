import Evaluation
import Foundation
import Statistics

/// How far a run is, when it will be done, and how the model does so far, on one line of a terminal.
struct EvalProgress {
    private let model: String
    private let total: Int
    private let before: Int
    private var results: [TaskResult]
    private let start = ContinuousClock.now

    /// - Parameter results: of an earlier run that this one goes on with.
    init(model: String, total: Int, results: [TaskResult]) {
        self.model = model
        self.total = total
        self.results = results
        before = results.count
    }

    mutating func add(_ result: TaskResult) {
        results.append(result)
        guard TextOutput.notes.isTerminal, let rate = SuiteScore(results).rate else { return }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let left = seconds / Double(results.count - before) * Double(total - results.count)
        let range = [rate.interval.low, rate.interval.high].map { format($0 * 100, places: 0) }.joined(
            separator: " to ")
        try? TextOutput.notes.write(
            """
            \r\(model): \(results.count) of \(total), \(format(rate.value * 100, places: 1)) % passed (\(range)), \
            \(ProgressFacts.duration(left)) left\u{1B}[K
            """)
    }

    func clear() { if TextOutput.notes.isTerminal { try? TextOutput.notes.write("\r\u{1B}[K") } }
}
