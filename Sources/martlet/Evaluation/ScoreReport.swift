import Evaluation
import Foundation
import Statistics

/// How a model did in a suite.
struct ScoreReport: Encodable {
    var suite: String
    var model: String
    var passed: Int
    var total: Int
    var rate: Double
    /// Where the rate lies in 95 of 100 cases: from, to.
    var interval: [Double]
    /// The file that they are in.
    var results: String

    enum CodingKeys: String, CodingKey {
        case suite, model, passed, total, interval, results
        case rate = "pass@1"
    }

    init(suite: String, model: String, score: SuiteScore, results: String) {
        self.suite = suite
        self.model = model
        self.results = results
        (passed, total) = (score.passed, score.samples)
        rate = score.rate?.value ?? 0
        interval = score.rate.map { [$0.interval.low, $0.interval.high] } ?? [0, 1]
    }

    /// As JSON, in one line.
    var line: String { JSONLine.text(self) }

    var text: String {
        let range = interval.map { format($0 * 100, places: 1) }.joined(separator: " to ")
        return """
            \(suite), \(model): \(passed) of \(total) passed, pass@1 \(format(rate * 100, places: 1)) % (95 %: \(range))
            results: \(results)
            """
    }
}
