import ArgumentParser
import Evaluation
import Foundation

struct EvalCostCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cost",
        abstract: "Work out what completions cost on a machine of your own, and from when on it pays.",
        discussion: """
            Speeds are what 'martlet bench' measures; tokens and pass rate come from a file of results, or are given. \
            Every assumption is printed with the answer.
            """)

    @Option(
        help: ArgumentHelp("Results that tokens and pass rate are taken from.", valueName: "results"),
        completion: .file(extensions: ["jsonl"]))
    var results: String?
    @Option(help: ArgumentHelp("Tokens of a prompt, without --results.", valueName: "count"))
    var promptTokens: Double?
    @Option(help: ArgumentHelp("Tokens of an answer, without --results.", valueName: "count"))
    var answerTokens: Double?
    @Option(help: ArgumentHelp("Tokens of prompts that the machine reads in a second.", valueName: "rate"))
    var prefill: Double
    @Option(
        help: ArgumentHelp("Tokens of answers that it writes in a second, of all answers together.", valueName: "rate"))
    var decode: Double
    @Option(help: ArgumentHelp("Price of the machine.", valueName: "amount"))
    var hardware: Double
    @Option(help: ArgumentHelp("Years that it is used. Default: 4.", valueName: "years"))
    var lifetime = 4.0
    @Option(help: ArgumentHelp("Watts while it works. Default: 150.", valueName: "watts"))
    var watts = 150.0
    @Option(help: ArgumentHelp("Watts while it waits. Default: 50.", valueName: "watts"))
    var idleWatts = 50.0
    @Option(help: ArgumentHelp("Price of a kilowatt-hour. Default: 0.30.", valueName: "amount"))
    var power = 0.30
    @Option(help: ArgumentHelp("Share of the time in which it can be kept busy. Default: 0.3.", valueName: "share"))
    var utilisation = 0.3
    @Option(help: ArgumentHelp("Upkeep a year, as a share of the machine's price. Default: 0.05.", valueName: "share"))
    var maintenance = 0.05
    @Option(
        name: .customLong("price"),
        help: ArgumentHelp("What a million tokens of prompts and of answers cost elsewhere.", valueName: "in/out"))
    var price: String
    @Option(
        help: ArgumentHelp(
            "Completions a month; may be given several times. Default: 1000 to 10,000,000.", valueName: "count"))
    var volume: [Double] = []
    @Option(help: "The unit of all amounts. Default: USD.")
    var currency = "USD"
    @Option(
        help: ArgumentHelp("Draw the costs into a file, as SVG.", valueName: "file"),
        completion: .file(extensions: ["svg"]))
    var plot: String?

    func validate() throws {
        guard results != nil || (promptTokens != nil && answerTokens != nil) else {
            throw ValidationError("give --results, or --prompt-tokens and --answer-tokens.")
        }
        guard tokenPrice != nil else { throw ValidationError("--price takes IN/OUT, such as 1.25/10.") }
    }

    private var tokenPrice: TokenPrice? {
        let numbers = price.split(separator: "/").compactMap { Double($0) }
        guard numbers.count == 2, numbers.allSatisfy({ $0 >= 0 && $0.isFinite }) else { return nil }
        return TokenPrice(input: numbers[0], output: numbers[1])
    }

    func run() throws {
        let comparison = try CostComparison(
            speed: ServingSpeed(prefillTokensPerSecond: prefill, decodeTokensPerSecond: decode), shape: try shape(),
            plan: HostingPlan(
                hardwarePrice: hardware, lifetimeYears: lifetime, idleWatts: idleWatts, busyWatts: watts,
                pricePerKilowattHour: power, utilisation: utilisation, maintenanceShare: maintenance),
            price: tokenPrice ?? TokenPrice(), currency: currency)
        let volumes = volume.isEmpty ? [1e3, 1e4, 1e5, 1e6, 1e7] : volume
        try TextOutput.results.print(comparison.markdown(volumes.map { .completions($0) }))
        let drawn = CostPlot(comparison)
        try TextOutput.results.print("\n" + drawn.text())
        if let plot {
            do { try Data(drawn.svg.utf8).write(to: URL(fileURLWithPath: plot), options: .atomic) } catch {
                throw EvaluationFileError.unwritable(plot)
            }
        }
    }

    private func shape() throws -> CompletionShape {
        if let promptTokens, let answerTokens {
            return CompletionShape(promptTokens: promptTokens, answerTokens: answerTokens)
        }
        guard let results, let shape = CompletionShape(try EvaluationFiles.run(results).results) else {
            throw ValidationError("these results do not say how many tokens prompts had: give --prompt-tokens.")
        }
        return shape
    }
}
