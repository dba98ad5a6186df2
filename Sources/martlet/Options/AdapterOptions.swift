import Architectures
import ArgumentParser
import Generation
import Tensors

/// LoRA adapters that correct the model while it runs.
struct AdapterOptions: ParsableArguments {
    @Option(
        name: .customLong("adapter"),
        help: ArgumentHelp(
            "LoRA adapter: a GGUF file or a PEFT folder, with a factor on its strength. May be given several times.",
            valueName: "path[:scale]"), completion: .file())
    var adapters: [AdapterArgument] = []

    /// Puts them into force for sessions of `model`.
    func add(to options: inout SessionOptions, model: LanguageModel) throws {
        guard !adapters.isEmpty else { return }
        var set = AdapterSet()
        for adapter in adapters {
            try AdapterFile(path: adapter.path, model: model).add(to: &set, model: model, factor: adapter.scale)
        }
        options.adapters = set
    }
}

/// PATH or PATH:SCALE.
struct AdapterArgument: ExpressibleByArgument, Equatable {
    var path: String
    var scale: Float

    init?(argument: String) {
        guard !argument.isEmpty else { return nil }
        if let colon = argument.lastIndex(of: ":"), let scale = Float(argument[argument.index(after: colon)...]),
            scale.isFinite
        {
            self.path = String(argument[..<colon])
            self.scale = scale
        } else {
            (path, scale) = (argument, 1)
        }
    }
}
