import Testing

@testable import Localization

@Suite("Judging rankings")
struct RankingTests {
    @Test("the best rank of what was changed counts; a function's line may be that of its annotation")
    func outcome() {
        let task = LocalizationTask(
            repository: "r", commit: "c", parent: "p", question: "q", files: ["b.py", "c.py"],
            functions: [.init(path: "b.py", name: "load", lines: 10...20)])
        let ranking = Ranking(
            files: ["a.py", "c.py", "b.py"],
            functions: [
                .init(path: "a.py", line: 10, name: "load"), .init(path: "b.py", line: 12, name: "save"),
                .init(path: "b.py", line: 8, name: "Store.load"),
            ])
        let outcome = Outcome(ranking, of: task)
        #expect(outcome.file == 2 && outcome.function == 3)
        let nothing = Outcome(Ranking(files: ["a.py"]), of: task)
        #expect(nothing.file == nil && nothing.function == nil)
    }

    @Test("accuracies count ranks up to the limit, and their intervals hold them")
    func accuracy() {
        let ranks: [Int?] = [1, 1, 3, nil, 7, 12, 1, 2]
        let accuracy = Accuracies.accuracy(ranks, at: 5)
        #expect(accuracy.value == 5.0 / 8 && accuracy.low < accuracy.value && accuracy.value < accuracy.high)
        #expect(accuracy.low >= 0 && accuracy.high <= 1)
        let equal = Accuracies.difference(ranks, ranks, at: 1)
        #expect(equal.value == 0 && equal.low == 0 && equal.high == 0)
        #expect(Accuracies.meanReciprocalRank([1, nil, 4]) == (1 + 0.25) / 3)
    }

    @Test("BM25 prefers rare words, and knows the parts of identifiers")
    func words() {
        #expect(
            WordRanker.words("parseHTTPRequest max_size") == [
                "parsehttprequest", "parse", "http", "request", "max_size", "max", "size",
            ])
        let documents = [["the", "the", "cat"], ["the", "dog"], ["the", "zebra"]]
        #expect(WordRanker.order(documents, for: ["the", "zebra"]).first == 2)
        #expect(WordRanker.order(documents, for: ["unicorn"]) == [])
    }
}
