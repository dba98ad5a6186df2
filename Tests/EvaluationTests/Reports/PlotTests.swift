import Evaluation
import Testing

@Suite("Plots of a report")
struct PlotTests {
    /// Runs of one task each, at costs in seconds; of `passed` of 10 tasks.
    private func report(_ runs: [(seconds: Double, passed: Int)]) -> EvaluationReport {
        EvaluationReport(
            runs.enumerated().map { number, run in
                let results = (0..<10).map {
                    TaskResult(task: "t\($0)", passed: $0 < run.passed, seconds: run.seconds, tokens: 1)
                }
                return EvaluationRun(RunDescription(suite: "s", model: "m\(number)", date: "2026-11-21"), results)
            })
    }

    private func frontier(_ runs: [(seconds: Double, passed: Int)]) -> String? {
        report(runs).html.firstMatch(of: #/On the Pareto frontier: ([^"]*)"/#).map { String($0.1) }
    }

    @Test("have on the frontier what nothing beats in both respects")
    func pareto() {
        #expect(frontier([(3, 9), (1, 2), (2, 5), (2, 4), (4, 9), (5, 10)]) == "m1, m2, m0, m5")
        #expect(frontier([(1, 5), (1, 5)]) == "m0, m1")
        #expect(frontier([(1, 5), (2, 5)]) == "m0")
        #expect(frontier([(2, 0)]) == "m0")
    }

    @Test("keep every point, whisker and label inside", arguments: [1, 1.001, 7, 9, 1e3, 1e9])
    func inside(_ factor: Double) throws {
        let html = report([(0.5, 0), (0.5 * factor, 10), (0.5 * factor.squareRoot(), 3)]).html
        let pictures = html.matches(of: #/<svg viewBox="0 0 440 (\d+)[^>]*>(?s:.*?)<\/svg>/#)
        #expect(pictures.count == 2)
        for picture in pictures {
            let height = try #require(Double(picture.1))
            let across = picture.0.matches(of: #/ (?:x|cx|x1|x2)="([-.\da-z]*)"/#).map { Double($0.1) }
            let up = picture.0.matches(of: #/ (?:y|cy|y1|y2)="([-.\da-z]*)"/#).map { Double($0.1) }
            #expect(!across.isEmpty && across.allSatisfy { $0.map { (0...440).contains($0) } ?? false })
            #expect(!up.isEmpty && up.allSatisfy { $0.map { (0...height).contains($0) } ?? false })
            #expect(picture.0.matches(of: #/class="grid"/#).count >= 4)
        }
    }

    @Test("give each run another shape or color")
    func told() {
        let html = report((0..<12).map { (Double($0 + 1), 5) }).html
        let marks = html.firstMatch(of: #/<h3>pass@1<(?s:.*?)<\/svg>/#).map { picture in
            picture.0.matches(of: #/<(circle|polygon) [^>]*class="mark (s\d)"/#).map { match in
                let corners = match.0.firstMatch(of: #/points="([^"]*)"/#)?.1.split(separator: " ").count ?? 0
                let first = match.0.contains("points") && corners == 4 ? String(match.0.contains("-")) : ""
                return "\(match.1) \(corners) \(first) \(match.2)"
            }
        }
        #expect(marks?.count == 12 && Set(marks ?? []).count >= 11)
    }
}
