package import ModelFiles
package import Tensors

/// A model that is ready to run: hyper-parameters and weights that stay in the mapped file.
package final class LanguageModel: Sendable {
    /// Names as in `general.architecture`.
    package static let architectures = ["qwen2", "llama"]

    package let file: GGUFFile
    package let path: String
    private let decoder: DenseDecoder

    package var hyperparameters: Hyperparameters { decoder.hyperparameters }

    package convenience init(path: String) throws(ModelError) {
        let file: GGUFFile
        do { file = try GGUFFile.open(path: path) } catch { throw .file(error) }
        try self.init(file: file, path: path)
    }

    package init(file: GGUFFile, path: String) throws(ModelError) {
        self.file = file
        self.path = path
        guard let architecture = file.metadata.string("general.architecture") else {
            throw .missingKey("general.architecture", file: path)
        }
        let reader = HyperparameterReader(metadata: file.metadata, architecture: architecture, file: path)
        let weights = WeightLoader(file: file, path: path)
        guard Self.architectures.contains(architecture) else {
            throw .unsupportedArchitecture(architecture, file: path)
        }
        guard let embedding = file.tensors["token_embd.weight"] else {
            throw .missingTensor("token_embd.weight", file: path)
        }
        let vocabulary = embedding.shape.count == 2 ? embedding.shape[1] : 0
        switch architecture {
        case "qwen2": decoder = try Qwen2.load(reader, weights, vocabulary: vocabulary)
        default: decoder = try Llama.load(reader, weights, vocabulary: vocabulary)
        }
    }

    /// See `DenseDecoder.forward`.
    package func forward(
        _ ids: UnsafeBufferPointer<Int32>, position: Int, cache: KVCache, _ state: DecoderState, compute: Compute,
        wanted: Range<Int>, goOn: () -> Bool, report: (Int, UnsafeMutableBufferPointer<Float>) -> Void
    ) -> Bool {
        unsafe decoder.forward(
            ids, position: position, cache: cache, state, compute: compute, wanted: wanted, goOn: goOn, report: report)
    }
}
