import ArgumentParser
import Architectures
import Foundation
import Generation
import LocalChat
import ModelFiles
import Quantization
import Settings
import Tokenization

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

    @Argument(help: "Text file; - for standard input.", completion: .file())
    var file: String

    @Argument(help: "File to write.", completion: .file())
    var destination: String

    @Option(help: ArgumentHelp("Read so many chunks at most.", valueName: "count"))
    var chunks: Int?

    @Flag(help: "Replace the file if it exists.")
    var force = false

    @OptionGroup var engine: EngineOptions
    @OptionGroup var adapters: AdapterOptions

    func validate() throws {
        guard chunks ?? 1 > 0 else { throw ValidationError("--chunks must be at least 1.") }
    }

    func run() throws {
        guard force || !FileTree.exists(destination) else { throw ConversionError.exists(path: destination) }
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try engine.add(to: &flags)
        var plan = try ResolvedSettings(flags: flags).plan
        let chunk = engine.context ?? 512
        plan.context = chunk
        let text = file == "-" ? try StandardInput.readAll() : try readFile(file)
        let loaded = try plan.loadModel()
        let ids = text.withUnsafeBufferPointer { loaded.tokenizer.encode($0) }
        guard ids.count >= chunk else { throw CommandError.textTooShort(tokens: ids.count, needed: chunk) }
        let session = try Session(loaded.language, plan.sessionOptions(for: loaded, adapters: adapters))
        let collector = try ImportanceCollector(loaded.language.source)
        session.observe(with: collector)
        let count = min(ids.count / chunk, chunks ?? .max)
        let begin = loaded.tokenizer.encode("").first
        for index in 0..<count {
            var part = Array(ids[index * chunk..<(index + 1) * chunk])
            if let begin { part[0] = begin }
            session.truncate(to: 0)
            try session.evaluate(part, wanted: 0..<0) { _, _ in }
            if TextOutput.notes.isTerminal { try TextOutput.notes.write("\r\(index + 1) of \(count) chunks ") }
        }
        if TextOutput.notes.isTerminal { try TextOutput.notes.write("\r\u{1B}[K") }
        let matrix = collector.matrix(datasets: [file], chunkCount: count, chunkSize: chunk)
        try matrix.write(to: destination)
        let missing = matrix.incompleteTensors.count
        if missing > 0 {
            try TextOutput.notes.print(
                "In \(missing) tensors some experts read nothing. A longer text would reach them.")
        }
        try TextOutput.notes.print(
            "\(matrix.entries.count) tensors, \(grouped(count * chunk)) tokens in \(count) chunks")
        try TextOutput.results.print(destination)
    }
}
