import ArgumentParser
import Evaluation
import Foundation

struct EvalReportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "report",
        abstract: "Draw what runs came to, as a page to look at.",
        discussion: """
            The page is one file without scripts, and loads nothing: tables, intervals, frontiers of cost and speed, \
            domains, and every task with what each model answered.
            """)

    @Argument(help: ArgumentHelp("Files of results.", valueName: "results"), completion: .file(extensions: ["jsonl"]))
    var files: [String]
    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The page to write, or - for standard output. Default: evaluation.html.", valueName: "file"),
        completion: .file())
    var output = "evaluation.html"
    @Option(help: "What it is called.")
    var title = "Evaluation report"
    @Flag(help: "Print one line of JSON instead.")
    var json = false
    @Flag(help: "Print Markdown instead.")
    var markdown = false
    @OptionGroup var prices: PriceOptions

    func validate() throws {
        guard !(json && markdown) else { throw ValidationError("--json and --markdown exclude each other.") }
    }

    func run() throws {
        let report = EvaluationReport(
            try files.map { try EvaluationFiles.run($0) }, title: title, prices: try prices.table())
        if json { return try TextOutput.results.print(report.json) }
        if markdown { return try TextOutput.results.print(report.markdown) }
        if output == "-" { return try TextOutput.results.print(report.html) }
        do { try Data(report.html.utf8).write(to: URL(fileURLWithPath: output), options: .atomic) } catch {
            throw EvaluationFileError.unwritable(output)
        }
        try TextOutput.results.print(report.plainText)
        try TextOutput.notes.print("The page: \(output)")
    }
}
