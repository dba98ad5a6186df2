import ArgumentParser
import Foundation
import ModelFiles

struct ModelSynthesizeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "synthesize",
        abstract: "Write a file with a model's true shapes and random weights.",
        discussion: """
            For measuring speed and memory where the real weights cannot be had: such a model runs exactly as fast as the \
            real one and says nothing sensible. Models: \(ModelBlueprint.names.joined(separator: ", ")).
            """)

    @Argument(help: "Name of the model whose shapes to take.")
    var model: String

    @Argument(help: "GGUF file to write.", completion: .file())
    var output: String

    @Option(
        help: ArgumentHelp(
            "Mix of types: \(ModelBlueprint.Mix.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "type"))
    var type = "Q4_K_M"

    @Option(help: "Layers, where the whole model would be too large. Default: all.")
    var layers: Int?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    func run() throws {
        let blueprint = try ModelBlueprint.named(model, layers: layers)
        let mix = try ModelBlueprint.Mix.named(type)
        let bar = ProgressBar(output: .notes)
        let start = ContinuousClock.now
        InterruptSignal.catchFromNowOn()
        defer { bar.clear() }
        try blueprint.write(to: output, name: model, mix: mix, force: force) { done, total in
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            let speed = seconds > 0 ? Double(done) / seconds : 0
            bar.update(
                received: done, total: total, bytesPerSecond: speed,
                secondsLeft: speed > 0 ? Double(total - done) / speed : nil)
            return !InterruptSignal.isNoted
        }
        bar.clear()
        try TextOutput.results.print(output)
    }
}
