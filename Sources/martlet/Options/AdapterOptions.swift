import Architectures
import ArgumentParser
import Generation
import LocalChat
import Tensors

/// LoRA adapters that correct the model while it runs.
struct AdapterOptions: ParsableArguments {
    @Option(
        name: .customLong("adapter"),
        help: ArgumentHelp(
            """
            LoRA adapter: a GGUF file or a PEFT folder, with a factor on its strength. May be given several times. With a \
            name before it, 'serve' keeps it for the requests that ask for that name.
            """,
            valueName: "name=path[:scale]"), completion: .file())
    var adapters: [AdapterArgument] = []

    /// Puts them into force for sessions of `model`.
    func add(to options: inout SessionOptions, model: LanguageModel) throws {
        options.adapters = AdapterSelection(
            try adapters.map { (try Adapter.load(path: $0.path, for: model), $0.scale) })
    }

    /// Loads them for requests to `model`: those with a name for whoever asks for it, the others for whoever does not ask.
    /// - Parameter taken: names that requests call models by.
    func add(to table: AdapterTable, taken: [String]) throws {
        let names = try AdapterNames(adapters, taken: taken)
        for (adapter, name) in zip(adapters, names.names) {
            let scale = Double(adapter.scale)
            try table.load(
                name, from: adapter.path, usualScale: scale, scale: adapter.name == nil ? scale : 0)
        }
    }
}

/// What requests call adapters by: the given names, or what the files are called.
struct AdapterNames: Equatable {
    var names: [String] = []

    init(_ adapters: [AdapterArgument], taken: [String]) throws {
        var used = Set(taken)
        for name in adapters.compactMap(\.name) where !used.insert(name).inserted {
            throw CommandError.adapterNameTaken(name)
        }
        for adapter in adapters {
            if let name = adapter.name {
                names.append(name)
                continue
            }
            let stem = ServeCommand.name(of: "/" + adapter.path)
            var name = stem
            var number = 1
            while !used.insert(name).inserted {
                number += 1
                name = "\(stem)-\(number)"
            }
            names.append(name)
        }
    }
}

/// PATH or PATH:SCALE, either with NAME= before it.
struct AdapterArgument: ExpressibleByArgument, Equatable {
    var name: String?
    var path: String
    var scale: Float = 1

    init?(argument: String) {
        path = argument
        // A path may have the sign, too, but no name has a slash.
        if let sign = argument.firstIndex(of: "="), !argument[..<sign].contains("/"), sign > argument.startIndex {
            name = String(argument[..<sign])
            path = String(argument[argument.index(after: sign)...])
        }
        if let colon = path.lastIndex(of: ":"), let scale = Float(path[path.index(after: colon)...]), scale.isFinite {
            path = String(path[..<colon])
            self.scale = scale
        }
        guard !path.isEmpty else { return nil }
    }
}
