package import ModelFiles
package import Tensors

/// A model that turns whole texts into vectors, ready to run: weights that stay in the mapped file.
package final class EmbeddingEncoder: Sendable {
    /// The families that run, by their names in `general.architecture`.
    package static let architectures: Set<String> = ["bert"]

    package let source: any ModelSource
    private let bert: Bert
    package let pooling: Pooling
    /// Tokens of a text, its frame included: those that it was made for where the file says so, else its positions.
    package let longestText: Int

    package convenience init(path: String) throws(ModelError) {
        let source: any ModelSource
        do { source = try ModelFile.open(path: path) } catch { throw .file(error) }
        try self.init(source)
    }

    package init(_ source: any ModelSource) throws(ModelError) {
        self.source = source
        guard let architecture = source.metadata.string("general.architecture") else {
            throw .missingKey("general.architecture", file: source.path)
        }
        guard Self.architectures.contains(architecture) else {
            throw .unsupportedArchitecture(architecture, file: source.path)
        }
        let weights = WeightLoader(source: source)
        guard let embedding = try weights.shape(of: "token_embd.weight") else {
            throw .missingTensor("token_embd.weight", file: source.path)
        }
        let reader = HyperparameterReader(
            metadata: source.metadata, architecture: architecture, file: source.path,
            vocabulary: embedding.count == 2 ? embedding[1] : 0, wantedContext: 0)
        bert = try Bert(reader, weights)
        longestText = try reader.integer(
            "max_sequence_length", in: min(2, bert.hyperparameters.context)...bert.hyperparameters.context,
            default: bert.hyperparameters.context)
        pooling = try reader.pooling() ?? .mean
    }

    package var hyperparameters: Hyperparameters { bert.hyperparameters }

    /// Whether it can say how well two texts belong together.
    package var scoresPairs: Bool { bert.classifier != nil }

    /// A cache for one text; every layer of every pass writes over it. Nil when the system refuses the memory.
    package func makeCache() -> KVCache? {
        let p = bert.hyperparameters
        return KVCache(
            KVShape(heads: p.kvHeads, keyDim: p.headDim, valueDim: p.headDim), capacity: longestText, type: .f32)
    }

    /// Takes whole texts through the layers, one a segment.
    /// - Parameters:
    ///   - types: the type of each row's token: 0, and 1 from the second text of a pair on.
    ///   - caches: one for each segment.
    ///   - goOn: asked before each layer; false stops there.
    ///   - report: receives each text's rows, [count, width], valid during the call.
    /// - Returns: whether it came to the end.
    package func encode(
        _ pass: Pass, types: [Int], caches: [KVCache], goOn: () -> Bool,
        report: (_ text: Int, _ rows: UnsafePointer<Float>, _ count: Int) -> Void
    ) -> Bool {
        guard let rows = unsafe bert.encode(pass, types: types, caches: caches, goOn: goOn) else { return false }
        for (index, segment) in pass.segments.enumerated() {
            unsafe report(index, rows + segment.rows.lowerBound * hyperparameters.width, segment.rows.count)
        }
        return true
    }

    /// How well the two texts of a pair belong together, a logit; see `scoresPairs`.
    /// - Parameter rows: those of the pair, as `encode` reports them.
    package func pairScore(_ rows: UnsafePointer<Float>) -> Float {
        guard let classifier = bert.classifier else { preconditionFailure("a model without a classifier") }
        return unsafe classifier.score(rows)
    }
}

extension LanguageModel {
    /// How texts become vectors: as the file says, else by the mean over their tokens.
    package func pooling() throws(ModelError) -> Pooling {
        let architecture = hyperparameters.architecture
        let reader = HyperparameterReader(
            metadata: metadata, architecture: architecture, file: path, vocabulary: 0, wantedContext: 0)
        return try reader.pooling() ?? .mean
    }
}

extension HyperparameterReader {
    /// Numbered as in GGUF; nil where the file leaves it open.
    func pooling() throws(ModelError) -> Pooling? {
        switch try integer("pooling_type", in: 0...4, default: 0) {
        case 1: .mean
        // A ranking model's vector is that of the first token.
        case 2, 4: .first
        case 3: .last
        default: nil
        }
    }
}
