import Evaluation
import Foundation
import Statistics
import Testing

@Suite("A ranking of runs")
struct RunRankingTests {
    private let weak = ComparedRuns.numbered("weak", passing: Set(0..<4))
    private let strong = ComparedRuns.numbered("strong", passing: Set(1..<16))
    private let middle = ComparedRuns.numbered("middle", passing: Set(0..<9))

    @Test("puts the strongest first, with strengths of mean 0 inside their intervals")
    func order() throws {
        let found = try RunRanking([weak, strong, middle])
        #expect(found.places.map(\.figures.model) == ["strong", "middle", "weak"])
        #expect(found.tasks == 20 && found.sharedTasks == 20)
        #expect(abs(found.places.reduce(0) { $0 + $1.strength }) < 1e-9)
        #expect(found.places.allSatisfy { $0.interval.contains($0.strength) && $0.interval.low < $0.interval.high })
        #expect(try RunRanking([weak, strong, middle]) == found)
    }

    @Test("has the strengths of wins where one did a task and the other did not")
    func strengths() throws {
        let found = try RunRanking([weak, strong, middle])
        // weak beat strong in task 0, which middle did too; strong beat weak in 4..<16 and middle in 9..<16;
        // middle beat weak in 4..<9.
        let wins: [[Double]] = [[0, 1, 0], [12, 0, 7], [5, 1, 0]]
        let expected = try #require(BradleyTerry.strengths(wins: wins))
        let strengths = Dictionary(uniqueKeysWithValues: found.places.map { ($0.figures.model, $0.strength) })
        for (model, value) in zip(["weak", "strong", "middle"], expected) {
            #expect(abs((strengths[model] ?? 9) - value) < 1e-9)
        }
    }

    @Test("corrects the probabilities of all pairs together")
    func pairs() throws {
        let found = try RunRanking([weak, strong, middle])
        #expect(
            found.pairs.map { [$0.first, $0.second] } == [
                ["strong", "middle"], ["strong", "weak"], ["middle", "weak"],
            ])
        let probabilities = [
            McNemarTest.exact(onlyFirst: 7, onlySecond: 1), McNemarTest.exact(onlyFirst: 12, onlySecond: 1),
            McNemarTest.exact(onlyFirst: 5, onlySecond: 0),
        ]
        #expect(found.pairs.map(\.probability) == probabilities)
        #expect(found.pairs.map(\.adjusted) == HolmCorrection.adjusted(probabilities))
        let pair = try RunComparison(strong, middle)
        #expect(found.pairs[0].difference == pair.difference && found.pairs[0].interval == pair.interval)
        #expect(found.pairs[0].difference == -0.3)
    }

    @Test("ranks runs that do not have the same tasks")
    func incomplete() throws {
        var part = strong
        part.description.model = "part"
        part.results = Array(strong.results[..<12])
        let found = try RunRanking([weak, part, middle])
        #expect(found.tasks == 20 && found.sharedTasks == 12 && found.places[0].figures.model == "part")
        #expect(found.places[0].figures.tasks == 12 && found.pairs.map(\.tasks) == [12, 12, 20])
    }

    @Test("refuses one run, other words, and runs with nothing")
    func refused() throws {
        #expect(throws: ComparisonError.tooFewRuns(1)) { try RunRanking([weak]) }
        var other = strong
        other.description.prompt = try ComparedRuns.prompt(version: 3)
        let error = ComparisonError.differentPrompts(suite: "s", models: ["weak", "strong"], versions: [nil, 3])
        #expect(throws: error) { try RunRanking([weak, other]) }
        let empty = EvaluationRun(weak.description, [])
        #expect(throws: ComparisonError.noSharedTask(suite: "s", models: ["weak", "weak"])) {
            try RunRanking([empty, empty])
        }
    }

    @Test("tells several runs of a model apart")
    func labels() throws {
        var warm = weak.description
        warm.temperature = 0.8
        var later = weak.description
        later.date = "2026-11-22"
        #expect(RunLabels.labels(of: [weak.description, strong.description]) == ["weak", "strong"])
        #expect(
            RunLabels.labels(of: [weak.description, warm]) == ["weak, temperature 0.0", "weak, temperature 0.8"])
        #expect(RunLabels.labels(of: [weak.description, later]) == ["weak, 2026-11-21", "weak, 2026-11-22"])
        #expect(RunLabels.labels(of: [weak.description, weak.description]) == ["weak #1", "weak #2"])
    }

    @Test("is read from its JSON, and stands in tables")
    func rendered() throws {
        let found = try RunRanking([weak, strong, middle])
        #expect(try JSONDecoder().decode(RunRanking.self, from: Data(found.json.utf8)) == found)
        #expect(found.json.contains(#""holm_p":"#) && found.json.contains(#""shared_tasks":20"#))
        let lines = found.plainText.split(separator: "\n")
        #expect(lines[0] == "s: 3 runs, 20 tasks, 20 of them in all runs" && lines[2].hasPrefix("strong "))
        #expect(lines[1...4].allSatisfy { $0.count == lines[1].count })
        #expect(found.markdown.contains("| strong | middle | 20 | -30.0 | "))
    }
}
