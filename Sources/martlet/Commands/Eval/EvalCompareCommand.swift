import ArgumentParser
import Evaluation

struct EvalCompareCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "compare",
        abstract: "Compare runs of the same suite, task by task.",
        discussion: """
            Two runs: the difference with its interval, McNemar's exact test, the tasks that one of them alone passed, cost \
            and time per solved task. With --many, any number: a ranking by Bradley and Terry with intervals, and all \
            pairs with Holm's correction.
            """)

    @Argument(help: ArgumentHelp("Files of results.", valueName: "results"), completion: .file(extensions: ["jsonl"]))
    var files: [String]
    @Flag(help: "Rank any number of runs.")
    var many = false
    @Flag(help: "Print one line of JSON.")
    var json = false
    @Flag(help: "Print Markdown.")
    var markdown = false
    @OptionGroup var prices: PriceOptions

    func validate() throws {
        guard files.count == 2 || many && files.count > 1 else {
            throw ValidationError("compare takes two files of results; with --many two or more.")
        }
        guard !(json && markdown) else { throw ValidationError("--json and --markdown exclude each other.") }
    }

    func run() throws {
        let runs = try files.map { try EvaluationFiles.run($0) }
        let table = try prices.table()
        if many {
            let ranking = try RunRanking(runs, prices: table)
            try TextOutput.results.print(json ? ranking.json : markdown ? ranking.markdown : ranking.plainText)
        } else {
            let comparison = try RunComparison(runs[0], runs[1], prices: table)
            try TextOutput.results.print(
                json ? comparison.json : markdown ? comparison.markdown : comparison.plainText)
        }
    }
}
