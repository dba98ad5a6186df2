import ArgumentParser
import Foundation
import Generation
import ModelFiles
import Quantization
import Settings
import Tensors

/// Which model a command writes again, and where to.
struct ConversionArguments: ParsableArguments {
    @OptionGroup var source: ModelArgument

    @Argument(help: "File to write.", completion: .file(extensions: ["gguf"]))
    var destination: String
}

/// What the commands that write models have in common.
struct ConversionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Importance of the weights' columns, as 'martlet model imatrix' or llama-imatrix measures it.",
            valueName: "file"),
        completion: .file())
    var imatrix: String?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("Threads that compute. Default: the cores that this process may use.", valueName: "count"))
    var threads: Int?

    @OptionGroup var store: ModelStoreOptions

    /// The settings in force.
    func plan(model: String) throws -> SettingsPlan {
        var flags = SettingsLayer()
        try flags.setFlag(.model, .text(model))
        try flags.setFlag(.threads, threads.map(SettingValue.integer))
        try store.add(to: &flags)
        return try ResolvedSettings(flags: flags).plan
    }
}

extension QuantisationMix {
    /// The mix of that name, or an error that lists them.
    init(option name: String) throws {
        if let found = QuantisationMix(named: name) {
            self = found
            return
        }
        let names = Self.all.map(\.name)
        let nearest = nearestName(to: name.uppercased(), among: names).map { " Did you mean \($0)?" } ?? ""
        throw ValidationError("There is no type '\(name)'.\(nearest) There are: \(names.joined(separator: ", ")).")
    }

    static var completion: CompletionKind { .list(all.map(\.name)) }
}

/// Writes a model in another form, and says how far it is and what to be aware of.
struct ConversionRun {
    var arguments: ConversionArguments
    var mix: QuantisationMix?
    var options: ConversionOptions
    var json: Bool

    private var model: String { arguments.source.model }
    private var destination: String { arguments.destination }

    private struct Report: Encodable {
        var model: String
        var path: String
        var type: String
        var bytes: Int
        var bitsPerWeight: Double
        var seconds: Double
    }

    func run() throws {
        let settings = try options.plan(model: model)
        // Before anything is read: a long conversion must not end with this.
        guard options.force || !FileTree.exists(destination) else { throw ConversionError.exists(path: destination) }
        // Weights that are to be quantised again are decoded without loss.
        let source = try ModelFile.open(
            path: settings.modelFile(), dequantised: mix?.isQuantised == true ? .f32 : nil)
        (source as? GGUFFile)?.advise(.sequential)
        let importance = try options.imatrix.map { try ImportanceMatrix.read($0) }
        let plan = try ConversionPlan(source, mix: mix, importance: importance, importancePath: options.imatrix)
        try warn(of: plan)
        let threads = max(1, settings.threads ?? Machine.usableCores)
        let level = try KernelLevel.named(ProcessInfo.processInfo.environment["MARTLET_CPU"])
        let compute = Compute(level: level, pool: ComputePool(threadCount: threads))
        let start = ContinuousClock.now
        try ConversionProgress.show(byteCount: plan.sourceByteCount) { goOn, advance throws(ConversionError) in
            try ModelConversion(source, plan, compute: compute).write(
                to: destination, overwrites: options.force, goOn: goOn, advance: advance)
        }
        let seconds = (ContinuousClock.now - start) / .seconds(1)
        let byteCount = FileTree.fileSize(destination) ?? plan.byteCount
        if json {
            let type = try GGUFFile.open(path: destination).quantisation
            try TextOutput.results.print(
                json: Report(
                    model: model, path: destination, type: type, bytes: byteCount, bitsPerWeight: plan.bitsPerWeight,
                    seconds: seconds))
        } else {
            try TextOutput.notes.print(
                """
                \(ByteCount(byteCount)), \(format(plan.bitsPerWeight, places: 2)) bits per weight, \
                \(format(seconds, places: 1)) s
                """)
            try TextOutput.results.print(destination)
        }
    }

    private func warn(of plan: ConversionPlan) throws {
        if plan.bitsPerWeight < 4 {
            try TextOutput.notes.print(
                """
                Warning: \(format(plan.bitsPerWeight, places: 2)) bits per weight. Below 4, code models begin to \
                misspell names and break syntax; Q4_K_M is the usual choice.
                """)
        }
        if plan.requantises {
            try TextOutput.notes.print(
                "Note: the weights are quantised already, and what they lost stays lost. Original weights give a better file."
            )
        }
        if let mix = plan.mix, !plan.misfits.isEmpty {
            let example = plan.misfits[0]
            try TextOutput.notes.print(
                """
                Note: the rows of \(plan.misfits.count) tensors do not fit \(mix.type.name) \
                (\(example.source.name): \(example.source.shape[0]) columns); they get the next type that fits.
                """)
        }
        if let missing = plan.importance?.incompleteTensors.count, missing > 0 {
            try TextOutput.notes.print(
                "Note: in \(missing) tensors the importance matrix knows nothing of some experts. A longer text would reach them."
            )
        }
    }
}
