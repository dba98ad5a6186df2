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

    @Argument(
        help: "Catalogue name, hf:owner/repo/file.gguf, or the path of a GGUF file or a Hugging Face folder.",
        completion: .storedModels)
    var model: String

    @Argument(help: "File to write.", completion: .file(extensions: ["gguf"]))
    var destination: String

    @Option(
        help: ArgumentHelp("Type of the weights: BF16, Q8_0, Q6_K, Q5_K_M, Q4_K_M and others.", valueName: "type"),
        completion: QuantisationMix.completion)
    var type: String?

    @OptionGroup var options: ConversionOptions
    @OptionGroup var report: ReportOptions

    func validate() throws { _ = try type.map { try QuantisationMix(option: $0) } }

    func run() throws {
        try ConversionRun(
            model: model, destination: destination, mix: type.map { try QuantisationMix(option: $0) },
            options: options, json: report.json
        ).run()
    }
}
