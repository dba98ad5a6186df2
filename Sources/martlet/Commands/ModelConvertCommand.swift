import ArgumentParser
import Quantization

struct ModelConvertCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convert",
        abstract: "Write a model as one GGUF file.",
        discussion: """
            Joins split models. Without --type every tensor keeps its type. The file appears only when it is whole; \
            memory for a few rows is enough, however large the model is.
            """)

    @OptionGroup var arguments: ConversionArguments

    @Option(
        help: ArgumentHelp("Type of the weights: BF16, Q8_0, Q6_K, Q5_K_M, Q4_K_M and others.", valueName: "type"),
        completion: QuantisationMix.completion)
    var type: String?

    @OptionGroup var options: ConversionOptions
    @OptionGroup var report: ReportOptions

    func validate() throws { _ = try type.map { try QuantisationMix(option: $0) } }

    func run() throws {
        try ConversionRun(
            arguments: arguments, mix: type.map { try QuantisationMix(option: $0) }, options: options, json: report.json
        ).run()
    }
}
