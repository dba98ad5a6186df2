import ArgumentParser
import Evaluation
import Foundation
import Settings
import Statistics
import Workspaces

struct EvalRunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run",
        abstract: "Ask models the tasks of a suite, and check what they answer.",
        discussion: """
            Results are added to a file, a line for each, as they come: an interrupted run goes on where it was when it is \
            started again. Suites: \(SuiteEntry.names.joined(separator: ", ")), or a file of your own tasks, which \
            'martlet eval init' makes.

            A model is a catalogue name or a path; an endpoint, as openai:MODEL@URL or anthropic:MODEL, with its key in \
            OPENAI_API_KEY or ANTHROPIC_API_KEY; or recorded:FILE, an earlier run whose answers are checked once more.
            """)

    @Argument(help: "What to ask: a suite's name, or a file of own tasks.")
    var suite: String
    @Option(
        name: .customLong("model"), help: "Who answers; may be given several times.", completion: .storedModels)
    var models: [String] = []
    @Option(
        help: ArgumentHelp(
            "The suite's data: JSON Lines, also gzipped, or a track's folder. Default: fetched, where that can be.",
            valueName: "file"), completion: .file())
    var data: String?
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
        help: ArgumentHelp(
            "humaneval: ask for the same functions with other names and words, drawn by this number.",
            valueName: "number"))
    var mutate: UInt64?
    @Flag(
        inversion: .prefixedNo,
        help: "Begin answers for the model, as the suite's prompt says. Default: models of this machine only.")
    var prefill: Bool?
    @Option(
        name: .customLong("stop"),
        help: ArgumentHelp(
            "A text that ends a model's answers, beside the suite's own. May be given several times.",
            valueName: "model=text"))
    var stops: [String] = []
    @Option(
        help: ArgumentHelp(
            "Tasks with two attempts: tokens of prompts and answers after which a task is not tried again.",
            valueName: "count"))
    var budgetTokens: Int?
    @Option(
        help: ArgumentHelp(
            "Tasks with two attempts: seconds of the model after which a task is not tried again.", valueName: "seconds"
        ))
    var budgetSeconds: Double?
    @Option(
        help: ArgumentHelp(
            "Tasks with two attempts: money, by --price, after which a task is not tried again.", valueName: "amount"))
    var budgetMoney: Double?
    @Option(
        help: ArgumentHelp("Folder of the results. Default: evaluations, in the data folder.", valueName: "folder"),
        completion: .directory)
    var results: String?
    @Flag(help: "Print a line of JSON for each model.")
    var json = false
    @OptionGroup(title: "Own tasks") var tests: OwnTestOptions
    @OptionGroup(title: "Prices") var prices: PriceOptions
    @OptionGroup(title: "Engine") var engine: EngineOptions

    func validate() throws {
        guard limit ?? 1 > 0, samples > 0, jobs > 0 else {
            throw ValidationError("--limit, --samples and --jobs take 1 or more.")
        }
        guard temperature >= 0, temperature.isFinite else { throw ValidationError("--temperature takes 0 or more.") }
        guard samples == 1 || temperature > 0 else {
            throw ValidationError("--samples goes with --temperature above 0: the likeliest answer is always the same.")
        }
        guard budgetTokens ?? 1 > 0, budgetSeconds ?? 1 > 0, budgetMoney ?? 1 > 0 else {
            throw ValidationError("--budget-tokens, --budget-seconds and --budget-money take more than 0.")
        }
        guard budgetMoney == nil || !prices.prices.isEmpty else {
            throw ValidationError("--budget-money goes with --price: what do tokens cost?")
        }
    }

    func run() async throws {
        let settings = try ResolvedSettings()
        let names = models.isEmpty ? [settings.plan.model] : models
        let stops = try names.map(stops(of:))
        if let unknown = self.stops.first(where: { stop in !names.contains { stop.hasPrefix($0 + "=") } }) {
            throw ValidationError("--stop takes MODEL=TEXT, with one of the models; '\(unknown)' is not so.")
        }
        let suite = try await ChosenSuite(
            suite, data: data, mutation: mutate.map(ProblemMutation.init(seed:)), folders: settings.folders,
            tests: tests)
        let models = try names.map { try AskedModel($0, engine: engine) }
        for (model, stops) in zip(models, stops) {
            let report = try await run(suite, model, stops: stops, settings.folders)
            try TextOutput.results.print(json ? report.line : report.text)
        }
    }

    /// Those that were given for a model.
    private func stops(of model: String) throws -> [String] {
        let texts = stops.filter { $0.hasPrefix(model + "=") }.map { String($0.dropFirst(model.count + 1)) }
        guard !texts.contains("") else { throw ValidationError("--stop \(model)= has no text.") }
        return texts
    }

    private func run(
        _ suite: ChosenSuite, _ asked: AskedModel, stops: [String], _ folders: StandardFolders
    ) async throws -> ScoreReport {
        let prefilled = prefill ?? asked.continuesAnswers
        let tasks = Array(try suite.tasks(prefilled: prefilled).prefix(limit ?? .max))
        let log = try ResultLog(path: resultPath(suite, asked.name, prefilled: prefilled, folders))
        try describe(suite, asked, prefilled: prefilled, stops: stops, besides: log.path)
        var run = SuiteRun(tasks, try asked.load(tasks), log)
        (run.samples, run.jobs, run.temperature, run.stops) = (samples, jobs, temperature, stops)
        (run.budget.tokens, run.budget.seconds, run.budget.money) = (budgetTokens, budgetSeconds, budgetMoney)
        run.budget.price = try prices.table()[asked.name] ?? TokenPrice()
        let wanted = Set(tasks.map(\.id))
        func kept() async -> [TaskResult] {
            await log.results.filter { wanted.contains($0.task) && $0.sample < samples }
        }
        var progress = EvalProgress(model: asked.name, total: tasks.count * samples, results: await kept())
        defer { progress.clear() }
        try await run.run { progress.add($0) }
        let score = SuiteScore(await kept())
        await log.close()
        return ScoreReport(suite: suite.name, model: asked.name, score: score, results: log.path)
    }

    /// The first run's description stays; one that asked for something else does not go on in its file.
    private func describe(
        _ suite: ChosenSuite, _ asked: AskedModel, prefilled: Bool, stops: [String], besides path: String
    ) throws {
        var prompt = suite.prompt
        prompt?.stops += stops
        if let first = EvaluationFiles.description(besides: path) {
            let isLike = first.prompt == prompt && first.dataHash == suite.dataHash
            guard isLike else { throw EvaluationFileError.otherRun(path) }
            return
        }
        let date = Date.now.formatted(.iso8601.year().month().day())
        try EvaluationFiles.write(
            RunDescription(
                suite: suite.name, model: asked.name, temperature: temperature, prompt: prompt,
                prefilled: prefilled, dataHash: suite.dataHash, licence: suite.licence, date: date), besides: path)
    }

    private func resultPath(
        _ suite: ChosenSuite, _ model: String, prefilled: Bool, _ folders: StandardFolders
    ) -> String {
        func plain(_ name: String) -> String {
            String(name.map { $0.isLetter || $0.isNumber || ".-_+".contains($0) ? $0 : "-" })
        }
        let folder = results ?? folders.data + "/evaluations"
        let version = suite.prompt.map { "-v\($0.version)" } ?? ""
        let begins = suite.prompt?.answerBegins.isEmpty == false
        let form = begins && !prefilled ? "-chat" : ""
        let heat = temperature == 0 ? "" : "-t\(temperature)"
        return "\(folder)/\(plain(suite.name))\(version)\(form)-\(plain(model))\(heat).jsonl"
    }
}
