internal import ModelFiles
package import Tensors

extension Adapter {
    /// Loads a GGUF adapter or a PEFT folder whole: the files may change afterwards.
    /// - Parameter model: what it will correct, and has to outlive it.
    package static func load(path: String, for model: LanguageModel) throws(AdapterError) -> Adapter {
        try AdapterFile(path: path, model: model).adapter(for: model)
    }
}

/// A file with a LoRA adapter: pairs of small matrices by the tensor that they correct.
/// - SeeAlso: Hu et al. 2021, arXiv:2106.09685.
struct AdapterFile: Sendable {
    struct Pair: Sendable {
        /// The tensor that they correct.
        var target: String
        /// [rank, columns]
        var a: GGUFTensor
        /// [rows, rank]
        var b: GGUFTensor
        /// Factor on the product of the two.
        var scale: Float
        /// The rows of `b` that make up the correction, in order; nil for all.
        var rows: [Int]?
    }

    let path: String
    private let pairs: [Pair]
    /// Keeps the mapped bytes.
    private let file: GGUFFile?
    private let folder: PEFTAdapter?

    /// Opens a GGUF adapter or a PEFT folder.
    /// - Parameter model: what it will correct.
    init(path: String, model: LanguageModel) throws(AdapterError) {
        self.path = path
        guard !PEFTAdapter.isAdapter(path) else {
            let folder: PEFTAdapter
            do { folder = try PEFTAdapter(folder: path, model: model.metadata) } catch { throw .folder(error) }
            file = nil
            self.folder = folder
            pairs = folder.pairs.map {
                Pair(target: $0.target, a: $0.a, b: $0.b, scale: folder.scale, rows: $0.rows)
            }
            return
        }
        let file: GGUFFile
        do { file = try GGUFFile.open(path: path) } catch { throw .file(error) }
        (self.file, folder) = (file, nil)
        pairs = try Self.pairs(file, architecture: model.metadata.string("general.architecture") ?? "")
    }

    /// `NAME.lora_a` and `NAME.lora_b` for each tensor NAME, scaled by `adapter.lora.alpha` over their rank.
    private static func pairs(_ file: GGUFFile, architecture: String) throws(AdapterError) -> [Pair] {
        let (path, metadata) = (file.path, file.metadata)
        guard metadata.string("general.type") == "adapter" else { throw .notAnAdapter(path) }
        if let type = metadata.string("adapter.type"), type != "lora" { throw .unsupported(type, file: path) }
        if let name = metadata.string("general.architecture"), name != architecture {
            throw .otherArchitecture(name, model: architecture, file: path)
        }
        let alpha = metadata.float("adapter.lora.alpha") ?? 0
        guard alpha.isFinite else { throw .damaged("adapter.lora.alpha is \(alpha)", file: path) }
        var pairs: [Pair] = []
        for a in file.orderedTensors {
            guard a.name.hasSuffix(".lora_a") else {
                guard a.name.hasSuffix(".lora_b") else { throw .unsupported("the tensor '\(a.name)'", file: path) }
                continue
            }
            let target = String(a.name.dropLast(".lora_a".count))
            guard let b = file.tensors[target + ".lora_b"] else {
                throw .damaged("'\(target).lora_b' is missing", file: path)
            }
            guard a.shape.count == 2, b.shape.count == 2 else {
                throw .unsupported("a correction of '\(target)' in more than two dimensions", file: path)
            }
            pairs.append(
                Pair(target: target, a: a, b: b, scale: alpha == 0 ? 1 : alpha / Float(max(1, a.shape[1]))))
        }
        guard !pairs.isEmpty else { throw .damaged("it has no lora_a tensors", file: path) }
        return pairs
    }

    /// Copies all matrices, having checked that they fit those of the model.
    func adapter(for model: LanguageModel) throws(AdapterError) -> Adapter {
        var corrections: [(matrix: Matrix, correction: LowRankAdapter)] = []
        for pair in pairs {
            let (name, target) = (pair.target, try tensor(pair.target, of: model))
            guard model.adaptable.contains(name), target.shape.count == 2,
                let matrix = unsafe Matrix(
                    type: target.type, rows: target.shape[1], columns: target.shape[0], data: target.data)
            else { throw .unsupported("a correction of '\(name)'", file: path) }
            let rank = pair.a.shape[1]
            guard pair.a.shape[0] == matrix.columns, pair.b.shape[0] == rank,
                (pair.rows?.count ?? pair.b.shape[1]) == matrix.rows, rank > 0,
                let a = unsafe Matrix(type: pair.a.type, rows: rank, columns: matrix.columns, data: pair.a.data),
                let b = unsafe Matrix(type: pair.b.type, rows: pair.b.shape[1], columns: rank, data: pair.b.data),
                let correction = LowRankAdapter(a: a, b: b, scale: pair.scale, rows: pair.rows)
            else {
                throw .shapes(name, a: pair.a.shape, b: pair.b.shape, expected: target.shape, file: path)
            }
            corrections.append((matrix, correction))
        }
        return Adapter(identity: identity.hexadecimal, corrections: corrections)
    }

    /// Digest of targets, scales and all matrices.
    private var identity: ContentHash {
        var hasher = ContentHasher()
        for pair in pairs {
            let text = "\(pair.target) \(pair.a.shape) \(pair.b.shape) \(pair.scale)\n"
            unsafe Array(text.utf8).withUnsafeBytes { unsafe hasher.update($0) }
            for tensor in [pair.a, pair.b] { unsafe hasher.update(tensor.data) }
        }
        return hasher.finish()
    }

    private func tensor(_ name: String, of model: LanguageModel) throws(AdapterError) -> GGUFTensor {
        let tensor: GGUFTensor?
        do { tensor = try model.source.tensor(name) } catch { throw .tensor(error) }
        guard let tensor else { throw .noSuchTensor(name, file: path) }
        return tensor
    }
}
