import ArgumentParser
import Foundation
import Generation
import ModelFiles
import Quantization

struct ModelFitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "fit",
        abstract: "Say what fits in this machine's memory, and which quantisation to take.",
        discussion: """
            Nothing is downloaded. Without a model, every model of the catalogue is looked at. Sizes of \
            models outside it are estimates to within a few percent; below 4 bits per weight code models lose names and \
            syntax, so nothing smaller is offered.
            """)

    @Argument(help: "A name of the catalogue, or a model on this machine.", completion: .storedModels)
    var model: String?

    @Option(help: "Tokens of context. Default: 32768, or the model's own where that is less.")
    var context: Int?

    @Option(help: "How keys and values are kept: f16 or q8_0.")
    var kv = MemoryEstimate.CacheType.f16

    @Option(
        help: ArgumentHelp("Memory in gigabytes, for another machine. Default: what is free here.", valueName: "GB"))
    var memory: Double?

    @OptionGroup var storeOptions: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        if let context, !(1...1 << 30).contains(context) {
            throw ValidationError("--context \(context) is not from 1 to \(1 << 30)")
        }
        if let memory, !(memory > 0 && memory < 1e9) {
            throw ValidationError("--memory \(memory) is not a number of gigabytes")
        }
    }

    func run() throws {
        guard let available = memory.map({ Int($0 * 1e9) }) ?? Machine.availableMemory else {
            throw CommandError.unknownMemory
        }
        let store = try storeOptions.store()
        var summaries: [ModelSummary] = []
        if let model {
            summaries = [try store.summary(of: model, home: ProcessInfo.processInfo.environment["HOME"])]
            if let context { try summaries[0].model?.check(context: context, of: summaries[0].name) }
        } else {
            summaries = store.catalogue.entries.map { ModelSummary($0) }
                .filter { summary in context.map { summary.model?.takes($0) == true } ?? true }
        }
        let fits = summaries.compactMap { summary in
            summary.model.map { (summary: summary, context: context(of: $0), fit: fit($0, summary, available)) }
        }
        if report.json {
            return try TextOutput.results.print(
                json: ["models": fits.map { FitReport($0.summary, context: $0.context, kv: kv, $0.fit) }])
        }
        guard let only = fits.first, model != nil else {
            return try TextOutput.results.write(overview(fits, available))
        }
        try TextOutput.results.write(detail(only.summary, context: only.context, only.fit))
    }

    private func context(of model: ModelDimensions) -> Int { context ?? min(model.context, 32768) }

    private func fit(_ model: ModelDimensions, _ summary: ModelSummary, _ available: Int) -> ModelFit {
        let blueprint = try? ModelBlueprint.named(summary.name)
        return ModelFit(
            model, context: context(of: model), cacheType: kv, available: available,
            known: (summary.quantisation, summary.weightByteCount)
        ) { name in
            guard let blueprint, let mix = QuantisationMix(named: name) else { return nil }
            return SynthesisPlan(blueprint, mix).byteCount
        }
    }

    private func detail(_ summary: ModelSummary, context: Int, _ fit: ModelFit) -> String {
        var table = Table(.left, .right, .right, .right, .left)
        table.add("quantisation", "weights", "cache", "in all", "")
        for choice in fit.choices {
            table.add(
                choice.quantisation, "\(ByteCount(choice.memory.weights))", "\(ByteCount(choice.memory.cache))",
                "\(ByteCount(choice.memory.total))", choice.verdict.rawValue)
        }
        let stretched = summary.model.map { context > $0.context } == true ? " by YaRN" : ""
        let heading =
            "\(summary.name) at \(grouped(context)) tokens\(stretched) (\(kv.rawValue)), \(ByteCount(fit.available)) free:\n"
        return heading + table.text + advice(summary, fit) + "\n"
    }

    private func advice(_ summary: ModelSummary, _ fit: ModelFit) -> String {
        if let best = fit.recommended {
            return "Take \(best.quantisation)."
        }
        if let usual = fit.usual, fit.choices.contains(where: { $0.verdict == .fromDisk }) {
            let sparse =
                summary.model?.activeParameters == nil ? "" : ", bearably for a model that reads a part of itself"
            return
                "None fits whole. \(usual.quantisation) runs from disk, slowly\(sparse). A shorter --context or --kv q8_0 saves memory."
        }
        return "Too large for this machine. Try a shorter --context, --kv q8_0, or a smaller model: martlet model fit"
    }

    private func overview(
        _ fits: [(summary: ModelSummary, context: Int, fit: ModelFit)], _ available: Int
    ) -> String {
        var table = Table(.left, .left, .right, .right)
        table.add("model", "take", "memory", "context")
        for (summary, context, fit) in fits {
            let shown = fit.recommended ?? fit.usual
            table.add(
                summary.name,
                fit.recommended?.quantisation ?? "nothing: \(shown?.verdict.rawValue ?? "")",
                shown.map { "\(ByteCount($0.memory.total))" } ?? "", grouped(context))
        }
        let asked = context.map { ", models that take \(grouped($0)) tokens" } ?? ""
        return "\(ByteCount(available)) of memory, \(kv.rawValue) cache\(asked):\n" + table.text
    }
}

extension MemoryEstimate.CacheType: ExpressibleByArgument {}

/// `model fit --json`.
private struct FitReport: Encodable {
    struct Choice: Encodable {
        var quantisation: String
        var weightsBytes: Int
        var cacheBytes: Int
        var totalBytes: Int
        var verdict: String
    }

    var name: String
    var context: Int
    var cacheType: String
    var availableBytes: Int
    var recommended: String?
    var choices: [Choice]

    init(_ summary: ModelSummary, context: Int, kv: MemoryEstimate.CacheType, _ fit: ModelFit) {
        name = summary.name
        self.context = context
        cacheType = kv.rawValue
        availableBytes = fit.available
        recommended = fit.recommended?.quantisation
        choices = fit.choices.map {
            Choice(
                quantisation: $0.quantisation, weightsBytes: $0.memory.weights, cacheBytes: $0.memory.cache,
                totalBytes: $0.memory.total, verdict: $0.verdict.rawValue)
        }
    }
}
