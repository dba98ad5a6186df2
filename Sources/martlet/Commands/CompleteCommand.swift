import ArgumentParser
import Chat
import Foundation
import LocalChat
import Settings
import Tokenization

struct CompleteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "complete",
        abstract: "Fill in the text between a prefix and a suffix.",
        discussion: """
            Prints what belongs between the two files, with the model's own fill-in-the-middle tokens. Files given with \
            --repo-file come first, the nearest last, as the model has seen repositories in its training.
            """)
    @Argument(
        help: "Catalogue name, or the path of a GGUF file. Default: the setting 'model'.", completion: .storedModels)
    var model: String?
    @Option(
        help: ArgumentHelp("File that holds what comes before; - for standard input.", valueName: "path"),
        completion: .file())
    var prefixFile: String
    @Option(
        help: ArgumentHelp("File that holds what comes after. Default: nothing.", valueName: "path"),
        completion: .file())
    var suffixFile: String?
    @Option(
        parsing: .upToNextOption,
        help: ArgumentHelp("Other files of the repository, for context.", valueName: "path"), completion: .file())
    var repoFile: [String] = []
    @Option(help: ArgumentHelp("Name of the repository. Default: that of the working folder.", valueName: "name"))
    var repoName: String?
    @Option(help: ArgumentHelp("Path of the file that is being completed, within the repository.", valueName: "path"))
    var path: String?
    @OptionGroup var adapters: AdapterOptions
    @OptionGroup var answer: AnswerOptions
    @OptionGroup(title: "Sampling") var sampling: SamplingFlags
    @OptionGroup(title: "Engine") var engine: EngineOptions
    @OptionGroup(title: "Engine") var speculation: SpeculationOptions
    @OptionGroup var report: ReportOptions

    private struct Report: Encodable {
        var completion: String
        var reason: String
        var promptTokens: Int
        var generatedTokens: Int
    }

    func run() throws {
        var flags = SettingsLayer()
        try flags.setFlag(.model, model.map(SettingValue.text))
        try engine.add(to: &flags)
        try speculation.add(to: &flags)
        try sampling.add(to: &flags)
        // Code wants the likeliest continuation, and no more than a screen of it, unless asked.
        if sampling.temperature == nil { try flags.setFlag(.temperature, .number(0)) }
        if sampling.repetitionPenalty == nil { try flags.setFlag(.repetitionPenalty, .number(1)) }
        if sampling.maxTokens == nil { try flags.setFlag(.maxTokens, .integer(256)) }
        let plan = try ResolvedSettings(flags: flags).plan
        let request = FillInTheMiddle(
            prefix: prefixFile == "-" ? try StandardInput.readAll() : try readFile(prefixFile),
            suffix: try suffixFile.map(readFile) ?? [],
            path: path ?? (prefixFile == "-" ? nil : prefixFile),
            repository: repoName ?? (FileManager.default.currentDirectoryPath as NSString).lastPathComponent,
            otherFiles: try repoFile.map { FillInTheMiddle.File(path: $0, content: try readFile($0)) })
        let loaded = try plan.loadModel()
        let prompt = try request.tokens(for: loaded)
        let generator = try TextGenerator(loaded, plan.sessionOptions(for: loaded, adapters: adapters))
        var completion = ""
        let summary = try generator.generate(
            prompt, plan.responseOptions(answer), rules: AnswerRules(ends: FillInTheMiddle.ends(of: loaded))
        ) { event in
            guard case .text(let piece) = event else { return }
            if report.json { completion += piece } else { try TextOutput.results.write(answer: piece) }
        }
        if report.json {
            try TextOutput.results.print(
                json: Report(
                    completion: completion, reason: summary.reason.rawValue, promptTokens: summary.promptTokens,
                    generatedTokens: summary.generatedTokens))
        } else if TextOutput.results.isTerminal {
            try TextOutput.results.print()
        }
    }
}
