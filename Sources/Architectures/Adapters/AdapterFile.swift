package import ModelFiles
package import Tensors

/// A LoRA adapter as a file gives it: pairs of small matrices by the tensor that they correct.
package struct AdapterFile: Sendable {
    struct Pair: Sendable {
        /// [rank, columns]
        var a: GGUFTensor
        /// [rows, rank]
        var b: GGUFTensor
    }

    let source: any ModelSource
    /// The alpha that the scale is computed from; 0 where the file has none.
    let alpha: Float
    private let pairs: [String: Pair]

    /// Reads a GGUF adapter: `NAME.lora_a` and `NAME.lora_b` for each tensor NAME, and `adapter.lora.alpha`.
    package init(_ source: any ModelSource) throws(AdapterError) {
        self.source = source
        let metadata = source.metadata
        guard metadata.string("general.type") == "adapter" else { throw .notAnAdapter(source.path) }
        if let type = metadata.string("adapter.type"), type != "lora" {
            throw .unsupported(type, file: source.path)
        }
        alpha = metadata.float("adapter.lora.alpha") ?? 0
        guard alpha.isFinite else { throw .damaged("adapter.lora.alpha is \(alpha)", file: source.path) }
        var pairs: [String: Pair] = [:]
        for name in source.tensorDescriptions.map(\.name) {
            guard let target = name.dropping(suffix: ".lora_a") else {
                guard name.hasSuffix(".lora_b") else { throw .unsupported("the tensor '\(name)'", file: source.path) }
                continue
            }
            pairs[target] = Pair(a: try Self.tensor(name, source), b: try Self.tensor(target + ".lora_b", source))
        }
        guard !pairs.isEmpty else { throw .damaged("it has no lora_a tensors", file: source.path) }
        self.pairs = pairs
    }

    private static func tensor(_ name: String, _ source: any ModelSource) throws(AdapterError) -> GGUFTensor {
        let tensor: GGUFTensor?
        do { tensor = try source.tensor(name) } catch { throw .tensor(error) }
        guard let tensor else { throw .damaged("'\(name)' is missing", file: source.path) }
        guard tensor.shape.count == 2 else {
            throw .unsupported("'\(name)' with \(tensor.shape.count) dimensions", file: source.path)
        }
        return tensor
    }

    /// Adds the adapter to `set` with a factor on its own scale.
    package func add(to set: inout AdapterSet, model: LanguageModel, factor: Float) throws(AdapterError) {
        let architecture = source.metadata.string("general.architecture")
        let expected = model.metadata.string("general.architecture")
        guard architecture == nil || architecture == expected else {
            throw .otherArchitecture(architecture ?? "", model: expected ?? "", file: source.path)
        }
        for (name, pair) in pairs.sorted(by: { $0.key < $1.key }) {
            let target: GGUFTensor?
            do { target = try model.source.tensor(name) } catch { throw .tensor(error) }
            guard let target else { throw .noSuchTensor(name, file: source.path) }
            guard target.shape.count == 2, name != "token_embd.weight", let start = unsafe target.data.baseAddress
            else { throw .unsupported("a correction of '\(name)'", file: source.path) }
            let (columns, rows) = (target.shape[0], target.shape[1])
            let rank = pair.a.shape[1]
            guard pair.a.shape[0] == columns, pair.b.shape == [rank, rows], rank > 0,
                let a = unsafe Matrix(type: pair.a.type, rows: rank, columns: columns, data: pair.a.data),
                let b = unsafe Matrix(type: pair.b.type, rows: rows, columns: rank, data: pair.b.data),
                let adapter = LowRankAdapter(
                    a: a, b: b, scale: factor * (alpha == 0 ? 1 : alpha / Float(rank)))
            else {
                throw .shapes(
                    name, a: pair.a.shape, b: pair.b.shape, expected: target.shape, file: source.path)
            }
            unsafe set.add(adapter, to: start)
        }
    }
}

/// Why an adapter cannot be used.
package enum AdapterError: Error, Sendable, CustomStringConvertible {
    case file(GGUFError)
    case tensor(UnreadableTensor)
    case notAnAdapter(String)
    case unsupported(String, file: String)
    case damaged(String, file: String)
    case otherArchitecture(String, model: String, file: String)
    case noSuchTensor(String, file: String)
    case shapes(String, a: [Int], b: [Int], expected: [Int], file: String)

    package var description: String {
        switch self {
        case .file(let error): error.description
        case .tensor(let error): error.description
        case .notAnAdapter(let file):
            "\(file) is not an adapter: give --adapter a LoRA file in GGUF or a PEFT folder, and the model as the argument."
        case .unsupported(let what, let file):
            "\(file) has \(what), which this version does not apply. It takes LoRA of linear layers outside experts."
        case .damaged(let reason, let file): "\(file) cannot be used as an adapter: \(reason). Convert it again."
        case .otherArchitecture(let name, let model, let file):
            "\(file) was made for a '\(name)' model, and this one is '\(model)'. Take the adapter's base model."
        case .noSuchTensor(let name, let file):
            "\(file) corrects '\(name)', which the model lacks. Take the adapter's base model."
        case .shapes(let name, let a, let b, let expected, let file):
            """
            \(file) corrects '\(name)' by matrices of \(a) and \(b), which do not fit its \(expected). \
            Take the adapter's base model.
            """
        }
    }
}
