import ArgumentParser
import Architectures
import Generation
import LocalChat
import ModelFiles
import Quantization

struct ModelImatrixCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "imatrix",
        abstract: "Measure which of a model's weights a text needs most.",
        discussion: """
            Reads the text in chunks, each from an empty context, and writes the mean squared input of every column of \
            every matrix, for 'martlet model quantize --imatrix'. The file is in llama.cpp's format. Take text like that \
            which the model is for: some hundred thousand tokens of code and prose.
            """)

    @OptionGroup var model: ModelArgument
    @OptionGroup var text: TextChunkOptions

    @Argument(help: "File to write.", completion: .file())
    var destination: String

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var adapters: AdapterOptions

    func run() throws {
        guard force || !FileTree.exists(destination) else { throw ConversionError.exists(path: destination) }
        let chunks = try TextChunks(text, model: model, engine: engine, adapters: adapters)
        let collector = try ImportanceCollector(chunks.model.language.source)
        chunks.session.observe(with: collector)
        try chunks.forEach { chunk in try chunks.session.evaluate(chunk, wanted: 0..<0) { _, _ in } }
        let matrix = collector.matrix(datasets: [text.file], chunkCount: chunks.count, chunkSize: chunks.size)
        try matrix.write(to: destination)
        let missing = matrix.incompleteTensors.count
        if missing > 0 {
            try TextOutput.notes.print(
                "In \(missing) tensors some experts read nothing. A longer text would reach them.")
        }
        try TextOutput.notes.print(
            "\(matrix.entries.count) tensors, \(grouped(chunks.count * chunks.size)) tokens in \(chunks.count) chunks")
        try TextOutput.results.print(destination)
    }
}
