import Evaluation
import Statistics
import Testing

@Suite("The Martlet scale")
struct MartletScaleTests {
    private func run(
        _ suite: String, passed: Int, of tasks: Int, samples: Int = 1, model: String = "m", tokens: Int = 20,
        domain: String? = "Python functions"
    ) -> EvaluationRun {
        let results = (0..<tasks).flatMap { task in
            (0..<samples).map {
                TaskResult(
                    task: "\(task)", sample: $0, passed: task < passed, seconds: 1, tokens: tokens, promptTokens: 100,
                    domain: domain)
            }
        }
        return EvaluationRun(RunDescription(suite: suite, model: model, date: "2026-01-01"), results)
    }

    @Test("the reference has 500 points, whoever does better more, whoever does worse fewer")
    func capability() throws {
        let reference = try #require(ScaleAnchors.own.suites["humaneval"])
        var found: [Double] = []
        for passed in [0, 40, reference.passed, 150, reference.tasks] {
            let scale = try MartletScale([run("humaneval", passed: passed, of: reference.tasks)])
            let axis = try #require(scale.axes[.capability])
            #expect(axis.interval.low <= axis.value && axis.value <= axis.interval.high)
            #expect(axis.value >= 0 && axis.value <= 1000)
            found.append(axis.value)
        }
        #expect(found == found.sorted() && Set(found).count == 5)
        #expect(abs(found[2] - 500) < 1)
    }

    @Test("speed and cost by doublings, reliability only from enough samples")
    func others() throws {
        let single = try MartletScale([run("humaneval", passed: 80, of: 160)])
        #expect(single.axes[.reliability] == nil && single.axes[.cost] == nil)
        #expect(single.axes[.speed]?.value == 500)
        let fast = try MartletScale([run("humaneval", passed: 80, of: 160, samples: 4, tokens: 40)])
        #expect(fast.axes[.speed]?.value == 600 && fast.axes[.reliability]?.value == 500)
        // 100 + 20 tokens at 10 a million are 0.0012 for a task, and 0.0024 for a solved one.
        let priced = try MartletScale(
            [run("humaneval", passed: 80, of: 160)], price: TokenPrice(input: 10, output: 10))
        let cost = try #require(priced.axes[.cost]?.value)
        #expect(abs(cost - 373.7) < 0.1)
        #expect(priced.text.contains("cost") && single.text.contains("give --price"))
    }

    @Test("coverage is the mean over the anchors' domains, and not measured where no result has one of them")
    func coverage() throws {
        let one = try MartletScale([run("humaneval", passed: 80, of: 160)])
        #expect(one.axes[.coverage]?.value == 500 / Double(ScaleAnchors.own.domains.count))
        for domain in [nil, "knitting"] {
            let none = try MartletScale([run("humaneval", passed: 80, of: 160, domain: domain)])
            #expect(none.axes[.coverage] == nil && none.text.contains("no result is of the anchors' domains"))
        }
    }

    @Test("suites without an anchor give no points, and say so")
    func unanchored() throws {
        let scale = try MartletScale([run("own", passed: 3, of: 6)])
        #expect(scale.points == nil && scale.unanchored == ["own"] && scale.text.contains("no points"))
    }

    @Test("refuses runs that do not belong together")
    func refusals() {
        #expect(throws: ScaleError.noRuns) { try MartletScale([]) }
        #expect(throws: ScaleError.severalModels("a", "b")) {
            try MartletScale([run("x", passed: 1, of: 2, model: "a"), run("y", passed: 1, of: 2, model: "b")])
        }
        #expect(throws: ScaleError.suiteTwice("x, x")) {
            try MartletScale([run("x", passed: 1, of: 2), run("x", passed: 1, of: 2)])
        }
    }
}
