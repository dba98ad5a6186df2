import Evaluation
import Foundation
import Statistics
import Testing

@Suite("A comparison of two runs")
struct RunComparisonTests {
    private let first = ComparedRuns.run(
        "a", ["w": [true], "x": [true], "y": [false], "z": [true], "only a": [true]], seconds: 2, tokens: 10)
    private let second = ComparedRuns.run(
        "b", ["w": [true], "x": [false], "y": [true], "z": [false], "b1": [true], "b2": [false]], seconds: 3, tokens: 30
    )

    @Test("counts what both have, and says what one alone has")
    func figures() throws {
        let found = try RunComparison(first, second, prices: ["a": TokenPrice(input: 1, output: 10)])
        #expect(found.tasks == 4 && found.tasksOnlyInFirst == 1 && found.tasksOnlyInSecond == 2)
        #expect(found.first.passed == 3 && found.first.samples == 4 && found.first.rate == 0.75)
        #expect(found.second.passed == 2 && found.second.rate == 0.5 && found.difference == -0.25)
        #expect(found.first.interval == Proportion(3, of: 4).interval())
        #expect(found.first.seconds == 8 && found.first.secondsPerSolved == 8.0 / 3)
        #expect(found.second.tokens == 120 && found.second.tokensPerSolved == 60)
        #expect(found.first.promptTokens == 400)
        // 400 tokens at one for a million, 40 at ten.
        #expect(abs((found.first.cost ?? 0) - 0.0008) < 1e-12)
        #expect(abs((found.first.costPerSolved ?? 0) - 0.0008 / 3) < 1e-12)
        #expect(found.second.cost == nil && found.second.costPerSolved == nil)
        #expect(Set(found.passedOnlyFirst) == ["x", "z"] && found.passedOnlySecond == ["y"])
        // One of three or fewer, and as many the other way round: 2 (1 + 3) / 8.
        #expect(found.probability == 1)
    }

    @Test("has the interval and the probability that Statistics computes")
    func agrees() throws {
        let first = ComparedRuns.numbered("a", passing: Set(0..<14))
        let second = ComparedRuns.numbered("b", passing: Set([0, 1, 2, 3, 19]))
        let found = try RunComparison(first, second)
        let differences = (0..<20).map { $0 == 19 ? 1.0 : (4..<14).contains($0) ? -1 : 0 }
        let expected = Bootstrap().mean(of: differences)
        #expect(found.difference == expected.value && found.interval == expected.interval)
        #expect(found.interval.low < -0.45 && found.interval.high > -0.45 && found.interval.high < 0)
        #expect(found.probability == McNemarTest.exact(onlyFirst: 10, onlySecond: 1))
        // 2 (1 + 11) / 2^11
        #expect(abs(found.probability - 24.0 / 2048) < 1e-12)
        let half = try RunComparison(first, second, bootstrap: Bootstrap(confidence: 0.5))
        #expect(half.interval == Bootstrap(confidence: 0.5).mean(of: differences).interval)
    }

    @Test("of several samples takes the mean for rates, and the first for whether a task passed")
    func samples() throws {
        let first = ComparedRuns.run("a", ["x": [false, true, true, true], "y": [true, true, true, true]])
        let second = ComparedRuns.run("b", ["x": [true, false], "y": [false, false]])
        let found = try RunComparison(first, second)
        #expect(found.first.rate == 0.875 && found.second.rate == 0.25 && found.difference == -0.625)
        #expect(found.passedOnlyFirst == ["y"] && found.passedOnlySecond == ["x"])
        #expect(found.first.samples == 8 && found.second.samples == 4)
    }

    @Test("has no cost where prompts cost something and nobody counted them")
    func unknownCost() throws {
        let old = ComparedRuns.run("a", ["x": [true]], promptTokens: nil)
        let (paid, free) = (TokenPrice(input: 1, output: 1), TokenPrice(input: 0, output: 1_000_000))
        #expect(RunFigures(old.description, old.results, price: paid).cost == nil)
        #expect(RunFigures(old.description, old.results, price: free).cost == 10)
        #expect(RunFigures(old.description, old.results, price: paid).promptTokens == nil)
    }

    @Test("has nothing per solved task where none was solved")
    func noneSolved() throws {
        let none = ComparedRuns.run("a", ["x": [false]])
        let figures = RunFigures(none.description, none.results, price: TokenPrice(output: 1))
        #expect(figures.secondsPerSolved == nil && figures.tokensPerSolved == nil && figures.costPerSolved == nil)
        #expect(figures.cost != nil)
    }

    @Test("refuses other suites, other words, and runs without a task in common")
    func refused() throws {
        let run = ComparedRuns.run("a", ["x": [true]], prompt: try ComparedRuns.prompt(version: 1))
        let suite = ComparedRuns.run("b", ["x": [true]], suite: "other", prompt: run.description.prompt)
        #expect(throws: ComparisonError.differentSuites("s", "other")) { try RunComparison(run, suite) }
        for prompt in [try ComparedRuns.prompt(version: 2), try ComparedRuns.prompt(version: 1, user: "Now"), nil] {
            let asked = ComparedRuns.run("b", ["x": [true]], prompt: prompt)
            let error = ComparisonError.differentPrompts(
                suite: "s", models: ["a", "b"], versions: [1, prompt?.version])
            #expect(throws: error) { try RunComparison(run, asked) }
        }
        let task = ComparedRuns.run("b", ["y": [true]], prompt: run.description.prompt)
        #expect(throws: ComparisonError.noSharedTask(suite: "s", models: ["a", "b"])) { try RunComparison(run, task) }
    }

    @Test("is read from the JSON that it is written as, whose keys stay")
    func json() throws {
        let found = try RunComparison(first, second, prices: ["a": TokenPrice(input: 1, output: 10)])
        #expect(try JSONDecoder().decode(RunComparison.self, from: Data(found.json.utf8)) == found)
        let object = try #require(
            try JSONSerialization.jsonObject(with: Data(found.json.utf8)) as? [String: Any])
        #expect(
            object.keys.sorted() == [
                "data_differs", "difference", "first", "interval", "mcnemar_p", "passed_only_first",
                "passed_only_second", "second", "suite", "tasks", "tasks_only_in_first", "tasks_only_in_second",
            ])
        let figures = try #require(object["first"] as? [String: Any])
        #expect(
            figures.keys.sorted() == [
                "cost", "cost_per_solved", "date", "interval", "label", "model", "pass@1", "passed", "prompt_tokens",
                "samples", "seconds", "seconds_per_solved", "tasks", "temperature", "tokens", "tokens_per_solved",
            ])
        #expect((object["interval"] as? [Double])?.count == 2)
        let long = found.json.replacing(#""interval":["#, with: #""interval":[0,"#)
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(RunComparison.self, from: Data(long.utf8)) }
    }

    @Test("stands in aligned columns on a terminal, and in a table of Markdown")
    func text() throws {
        let found = try RunComparison(first, second)
        let lines = found.plainText.split(separator: "\n", omittingEmptySubsequences: false)
        let rows = lines[2...4]
        #expect(rows.allSatisfy { $0.count == rows[2].count } && !found.plainText.contains("cost"))
        #expect(rows[3].hasPrefix("a         3/4  75.0 %  30.1 to 95.4 %"))
        #expect(found.plainText.contains("b less a: -25.0 points (95 %: -100.0 to +50.0, of"))
        #expect(found.plainText.contains("Left out: 1 task that only a has, 2 tasks that only b has."))
        #expect(found.plainText.contains("Passed by b only:\n  y\n"))
        #expect(found.markdown.contains("| a | 3/4 | 75.0 % | 30.1 to 95.4 % | 8.00 | 40 | 2.67 | 13.3 |"))
        #expect(found.markdown.contains("Passed by b only: y\n"))
    }

    @Test("keeps names from giving orders to a terminal or to Markdown")
    func hostile() throws {
        let name = "\u{1B}[31m|<img src=x>\n# `a`\u{202E}"
        let found = try RunComparison(
            ComparedRuns.run(name, [name: [true], "x": [true]]), ComparedRuns.run("b", [name: [false], "x": [true]]))
        let unwanted = found.plainText.unicodeScalars.filter { $0.value < 0x20 && $0 != "\n" || $0 == "\u{202E}" }
        #expect(unwanted.isEmpty && found.plainText.contains("[U+001B][31m|<img src=x>[U+000A]# `a`[U+202E]"))
        #expect(
            !found.markdown.contains(#/[^\\]</#) && found.markdown.contains(##"\|\<img src=x\>\[U+000A\]\# \`a\`"##))
    }

    @Test("says that data differed")
    func data() throws {
        var other = second
        other.description.dataHash = "11"
        let found = try RunComparison(first, other)
        #expect(found.dataDiffers && found.plainText.contains("different files"))
        other.description.dataHash = nil
        #expect(try !RunComparison(first, other).dataDiffers)
    }
}
