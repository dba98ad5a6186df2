import Architectures
import ArgumentParser
import Foundation
import ModelFiles

struct ModelShowCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Describe a model: what it is, what it needs, what its licence allows.")

    @Argument(help: "A model on this machine, the path of a GGUF file, or a name of the catalogue.")
    var model: String

    @Option(help: "Tokens of context to compute the memory for. Default: the model's own.")
    var context: Int?

    @OptionGroup var storeOptions: ModelStoreOptions
    @OptionGroup var report: ReportOptions

    func validate() throws {
        if let context, !(1...1 << 30).contains(context) {
            throw ValidationError("--context \(context) is not from 1 to \(1 << 30)")
        }
    }

    func run() throws {
        let home = ProcessInfo.processInfo.environment["HOME"]
        let summary = try storeOptions.store().summary(of: model, home: home)
        if let context { try summary.model?.check(context: context, of: summary.name) }
        let context = context ?? summary.model?.context ?? 0
        let memory = MemoryEstimate.CacheType.allCases.compactMap { summary.memory(context: context, cacheType: $0) }
        if report.json {
            try TextOutput.results.print(json: SummaryReport(summary, memory: memory))
        } else {
            try TextOutput.results.write(text(summary, memory: memory))
        }
    }

    private func text(_ summary: ModelSummary, memory: [MemoryEstimate]) -> String {
        let about = summary.isExact ? "" : "about "
        var table = Table()
        table.add("name", summary.name)
        if let model = summary.model {
            table.add("architecture", model.architecture)
            table.add("runs", runs(model))
            table.add("parameters", about + parameters(model))
        }
        table.add(
            "quantisation", "\(summary.quantisation), \(summary.bitsPerWeight.fixed(decimals: 2)) bits per weight")
        table.add("size", "\(about)\(ByteCount(summary.byteCount))")
        if let model = summary.model {
            table.add("context", self.context(model))
            table.add("layers", layers(model))
        }
        for (index, estimate) in memory.enumerated() {
            table.add(
                index == 0 ? "memory" : "",
                """
                \(about)\(ByteCount(estimate.total)) at \(grouped(estimate.context)) tokens with \
                \(estimate.cacheType.rawValue) cache: weights \(ByteCount(estimate.weights)), \
                cache \(ByteCount(estimate.cache)), other \(ByteCount(estimate.overhead))
                """)
        }
        table.add("licence", summary.licence.text)
        if let source = summary.source { table.add("source", source) }
        table.add("file", summary.path ?? "not on this machine. Try: martlet model pull \(summary.name)")
        return table.text
    }

    private func runs(_ model: ModelDimensions) -> String {
        let families = LanguageModel.architectures
        return families.contains(model.architecture)
            ? "yes" : "no: this version runs \(families.joined(separator: ", "))"
    }

    private func context(_ model: ModelDimensions) -> String {
        let more = model.longContext.map { "; up to \(grouped($0.longest)) with --context, by YaRN" } ?? ""
        return "\(grouped(model.context)) tokens\(more)"
    }

    private func parameters(_ model: ModelDimensions) -> String {
        let all = count(model.parameters)
        return model.activeParameters.map { "\(all), \(count($0)) active" } ?? all
    }

    /// 1.54 billion
    private func count(_ parameters: Int) -> String {
        parameters < 999_500_000
            ? "\((Double(parameters) / 1e6).rounded(significantDigits: 3)) million"
            : "\((Double(parameters) / 1e9).rounded(significantDigits: 3)) billion"
    }

    private func layers(_ model: ModelDimensions) -> String {
        let attending = model.attentionLayers.map { ", \($0) with attention" } ?? ""
        let cache = model.latentSize.map { "compressed cache of \($0)" } ?? "\(model.keyValueHeads) key-value heads"
        return
            "\(model.layers)\(attending); \(model.heads) heads of \(model.headSize), \(cache); width \(model.embedding)"
    }
}

/// `model show --json`.
private struct SummaryReport: Encodable {
    struct Memory: Encodable {
        var context: Int
        var cacheType: String
        var weightsBytes: Int
        var cacheBytes: Int
        var overheadBytes: Int
        var totalBytes: Int

        init(_ estimate: MemoryEstimate) {
            context = estimate.context
            cacheType = estimate.cacheType.rawValue
            weightsBytes = estimate.weights
            cacheBytes = estimate.cache
            overheadBytes = estimate.overhead
            totalBytes = estimate.total
        }
    }

    var name: String
    /// `store`, `file`, or `catalogue` for one that is not on this machine.
    var origin: String
    var path: String?
    var source: String?
    var architecture: String?
    /// Whether this version can run that architecture.
    var runs: Bool?
    var parameters: Int?
    var activeParameters: Int?
    var quantisation: String
    var bitsPerWeight: Double
    var bytes: Int
    var exact: Bool
    var context: Int?
    /// The longest by YaRN, where it is longer.
    var longestContext: Int?
    var layers: Int?
    var heads: Int?
    var keyValueHeads: Int?
    var headSize: Int?
    var width: Int?
    var vocabulary: Int?
    var licence: LicenceReport
    var memory: [Memory]

    init(_ summary: ModelSummary, memory estimates: [MemoryEstimate]) {
        name = summary.name
        origin = summary.origin.rawValue
        path = summary.path
        source = summary.source
        architecture = summary.model?.architecture
        runs = summary.model.map { LanguageModel.architectures.contains($0.architecture) }
        parameters = summary.model?.parameters
        activeParameters = summary.model?.activeParameters
        quantisation = summary.quantisation
        bitsPerWeight = (summary.bitsPerWeight * 1000).rounded() / 1000
        bytes = summary.byteCount
        exact = summary.isExact
        context = summary.model?.context
        longestContext = summary.model?.longContext?.longest
        layers = summary.model?.layers
        heads = summary.model?.heads
        keyValueHeads = summary.model?.keyValueHeads
        headSize = summary.model?.headSize
        width = summary.model?.embedding
        vocabulary = summary.model?.vocabulary
        licence = LicenceReport(summary.licence)
        memory = estimates.map(Memory.init)
    }
}
