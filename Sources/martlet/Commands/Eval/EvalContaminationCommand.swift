import ArgumentParser
import Evaluation
import Foundation
import Settings
import Statistics

struct EvalContaminationCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "contamination",
        abstract: "Find out whether a model may have seen a suite before.",
        discussion: """
            With --corpus: problems that are in files of text or code, word for word or with other names. With --model: \
            whether the model goes on with the beginning of a problem as the original does, more than with --controls. \
            With --originals and --mutated: whether it does worse when functions have other names and words, from two \
            runs, the second of which was asked with 'eval run --mutate'.
            """)

    @Argument(help: "humaneval, or humaneval+ with --data.")
    var suite = "humaneval"
    @Option(
        help: ArgumentHelp("The suite's data set. Default: fetched.", valueName: "file"), completion: .file())
    var data: String?
    @Option(
        help: ArgumentHelp(
            "A file or folder to look into; may be given several times. JSON Lines are documents, a line each.",
            valueName: "path"), completion: .file())
    var corpus: [String] = []
    @Option(help: "Who goes on with the beginnings.", completion: .storedModels)
    var model: String?
    @Option(
        help: ArgumentHelp(
            "Problems in the suite's form that the model cannot have seen, such as your own.", valueName: "file"),
        completion: .file())
    var controls: String?
    @Option(help: ArgumentHelp("Results of the suite as it is.", valueName: "results"), completion: .file())
    var originals: String?
    @Option(help: ArgumentHelp("Results of the suite with other names.", valueName: "results"), completion: .file())
    var mutated: String?
    @Flag(help: "Print one line of JSON for each probe.")
    var json = false
    @OptionGroup(title: "Engine") var engine: EngineOptions

    func validate() throws {
        guard (originals == nil) == (mutated == nil) else {
            throw ValidationError("--originals and --mutated go together.")
        }
        guard (model == nil) == (controls == nil) else {
            throw ValidationError(
                "--model and --controls go together: what a model knows of a suite is told by what it knows of others.")
        }
        guard !corpus.isEmpty || model != nil || originals != nil else {
            throw ValidationError(
                "nothing to do: give --corpus, --model with --controls, or --originals with --mutated.")
        }
    }

    func run() async throws {
        if !corpus.isEmpty { try await overlap() }
        if let model, let controls { try await probe(model, controls) }
        if let originals, let mutated { try gap(originals, mutated) }
    }

    private func problems() async throws -> HumanEval {
        if let data { return try HumanEval(lines: SuiteData(path: data).lines) }
        let entry = try SuiteEntry(named: suite)
        return try HumanEval(lines: try await SuiteData(entry, ResolvedSettings().folders).lines)
    }

    private func overlap() async throws {
        let items = try await problems().problems.map {
            ContaminationItem(id: $0.id, text: $0.prompt + $0.solution)
        }
        var scan = ContaminationScan(items)
        let bar = ProgressBar(output: .notes)
        var looked = 0
        let unreadable = try CorpusFiles(corpus).visit { piece in
            scan.scan(piece.bytes, document: piece.document, firstLine: piece.firstLine)
            looked += piece.bytes.count
            bar.update(received: looked, total: nil, bytesPerSecond: 0, secondsLeft: nil)
        }
        bar.clear()
        for path in unreadable { try TextOutput.notes.print("\(path) could not be read, and was left out.") }
        try show(scan.report, scan.report.markdown)
    }

    private func probe(_ name: String, _ controls: String) async throws {
        func items(_ suite: HumanEval) -> [ContaminationItem] {
            suite.problems.map { ContaminationItem(id: $0.id, text: $0.prompt + $0.solution) }
        }
        let model = try AskedModel(name, engine: engine)
        let probe = PrefixProbe(try model.load([]))
        let suspects = try await probe.scores(of: items(problems()))
        let others = try await probe.scores(of: items(HumanEval(lines: SuiteData(path: controls).lines)))
        guard let comparison = PrefixComparison(suspects: suspects, controls: others) else {
            throw ValidationError("\(controls) has no problem that is long enough to be cut in two.")
        }
        try show(
            comparison,
            """
            \(model.name) reproduced \(percent(comparison.reproduced.suspects)) of the runs of ten words of \(suite), and \
            \(percent(comparison.reproduced.controls)) of those of the controls (95 % of the difference: \
            \(percent(comparison.reproduced.difference.interval.low)) to \
            \(percent(comparison.reproduced.difference.interval.high))). \
            \(comparison.isSuspicious ? "It may have seen them." : "That is no sign of having seen them.")
            """)
    }

    private func gap(_ originals: String, _ mutated: String) throws {
        let runs = try [originals, mutated].map { try EvaluationFiles.run($0).results }
        guard let gap = MutationGap(originals: runs[0], mutated: runs[1]) else {
            throw ValidationError("\(originals) and \(mutated) have no task in common.")
        }
        try show(
            gap,
            """
            \(gap.tasks) tasks: \(percent(gap.originalRate)) passed as they are, \(percent(gap.mutatedRate)) with other \
            names and words; \(percent(gap.gap.value)) less (95 %: \(percent(gap.gap.interval.low)) to \
            \(percent(gap.gap.interval.high))), McNemar p = \(format(gap.probability, places: 3)). \
            \(gap.gap.interval.low > 0 ? "It may have learnt them by heart." : "That is no sign of it.")
            """)
    }

    private func show(_ result: some Encodable, _ text: String) throws {
        try TextOutput.results.print(json ? JSONLine.text(result) : text)
    }

    private func percent(_ share: Double) -> String { format(share * 100, places: 1) + " %" }
}
