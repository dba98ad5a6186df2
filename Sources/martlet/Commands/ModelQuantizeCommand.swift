import ArgumentParser
import Quantization

struct ModelQuantizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "quantize",
        abstract: "Write a model with fewer bits per weight.",
        discussion: """
            The types are the mixes that the field knows by these names: most weights get the type itself, those that \
            suffer most a finer one. The file loads in llama.cpp too. With --imatrix, columns that the model drives \
            hard keep more of their precision.
            """)

    @OptionGroup var arguments: ConversionArguments

    @Option(
        help: ArgumentHelp("Q4_K_M, Q5_K_M, Q6_K, Q8_0, IQ4_XS and others.", valueName: "type"),
        completion: QuantisationMix.completion)
    var type: String

    @OptionGroup var options: ConversionOptions
    @OptionGroup var report: ReportOptions

    func validate() throws { _ = try QuantisationMix(option: type) }

    func run() throws {
        try ConversionRun(
            arguments: arguments, mix: QuantisationMix(option: type), options: options, json: report.json
        ).run()
    }
}
