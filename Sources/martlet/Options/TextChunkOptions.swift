import ArgumentParser
import Generation
import LocalChat
import Settings
import Tokenization

/// A text that a command reads in chunks.
struct TextChunkOptions: ParsableArguments {
    @Argument(help: "Text file; - for standard input.", completion: .file())
    var file: String

    @Option(help: ArgumentHelp("Read so many chunks at most.", valueName: "count"))
    var chunks: Int?

    func validate() throws {
        guard chunks ?? 1 > 0 else { throw ValidationError("--chunks must be at least 1.") }
    }
}

/// A model, and a text in chunks of as many tokens as its context has, each of which it reads from an empty one.
struct TextChunks {
    let plan: SettingsPlan
    let model: LoadedModel
    let session: Session
    /// Of the whole text.
    let ids: [TokenID]
    /// Tokens of a chunk.
    let size: Int
    let count: Int

    /// A model whose sequences begin with a token of their own gets it in every chunk, in place of the first.
    private let begin: TokenID?

    /// Loads the model and cuts the text; without `--context` into chunks of 512 tokens.
    init(
        _ options: TextChunkOptions, model: ModelArgument, engine: EngineOptions, adapters: AdapterOptions
    ) throws {
        var flags = SettingsLayer()
        try model.add(to: &flags)
        try engine.add(to: &flags)
        var plan = try ResolvedSettings(flags: flags).plan
        size = engine.context ?? 512
        plan.context = size
        let text = options.file == "-" ? try StandardInput.readAll() : try readFile(options.file)
        let loaded = try plan.loadModel()
        ids = text.withUnsafeBufferPointer { loaded.tokenizer.encode($0) }
        guard ids.count >= size else { throw CommandError.textTooShort(tokens: ids.count, needed: size) }
        count = min(ids.count / size, options.chunks ?? .max)
        begin = loaded.tokenizer.encode("").first
        session = try Session(loaded.language, plan.sessionOptions(for: loaded, adapters: adapters))
        (self.plan, self.model) = (plan, loaded)
    }

    /// Gives each chunk to `evaluate` with the context empty, and shows on a terminal how far it is.
    /// - Parameter state: what else to show after a chunk.
    func forEach(_ evaluate: ([TokenID]) throws -> Void, state: () -> String = { "" }) throws {
        for index in 0..<count {
            var chunk = Array(ids[index * size..<(index + 1) * size])
            if let begin { chunk[0] = begin }
            session.truncate(to: 0)
            try evaluate(chunk)
            if TextOutput.notes.isTerminal {
                try TextOutput.notes.write("\r\(index + 1) of \(count) chunks\(state()) ")
            }
        }
        if TextOutput.notes.isTerminal { try TextOutput.notes.write("\r\u{1B}[K") }
    }
}
