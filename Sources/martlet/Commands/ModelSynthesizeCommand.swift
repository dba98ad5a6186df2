import ArgumentParser
import Quantization

struct ModelSynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Write a file with a model's true shapes and random weights.",
        discussion: """
            For measuring speed and memory where the real weights cannot be had: such a model runs exactly as fast as the \
            real one and says nothing sensible. 'martlet model list --available' shows the names.
            """)

    @Argument(
        help: "Name in the catalogue of the model whose shapes to take.",
        completion: .custom { _ in ModelBlueprint.names })
    var model: String

    @Argument(help: "GGUF file to write.", completion: .file(extensions: ["gguf"]))
    var output: String

    @Option(
        help: ArgumentHelp("Q4_K_M, Q8_0, MXFP4 and the others of 'model quantize'.", valueName: "type"),
        completion: QuantisationMix.completion)
    var type = "Q4_K_M"

    @Option(help: "Layers, where the whole model would be too large. Default: all.")
    var layers: Int?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    func validate() throws { _ = try QuantisationMix(option: type) }

    func run() throws {
        let plan = SynthesisPlan(try ModelBlueprint.named(model, layers: layers), try QuantisationMix(option: type))
        try ConversionProgress.show(byteCount: plan.byteCount) { goOn, advance throws(ConversionError) in
            try plan.write(to: output, overwrites: force, goOn: goOn, advance: advance)
        }
        try TextOutput.results.print(output)
    }
}
