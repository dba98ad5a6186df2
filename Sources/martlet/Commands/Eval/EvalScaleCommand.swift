import ArgumentParser
import Evaluation

struct EvalScaleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scale",
        abstract: "Place a model on the Martlet scale, from 0 to 1000.",
        discussion: """
            Capability, reliability, coverage, speed and cost, each with its interval, and one number of all of them. What \
            the points mean is written in a file with a version.
            """)

    @Argument(
        help: ArgumentHelp("Files of results of one model, a suite each.", valueName: "results"),
        completion: .file(extensions: ["jsonl"]))
    var files: [String]
    @Flag(help: "Print one line of JSON.")
    var json = false
    @OptionGroup var prices: PriceOptions

    func run() throws {
        let runs = try files.map { try EvaluationFiles.run($0) }
        let price = try prices.table()[runs.first?.description.model ?? ""]
        let scale = try MartletScale(runs, price: price)
        try TextOutput.results.print(json ? scale.json : scale.text)
    }
}
