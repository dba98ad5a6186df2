package import Tensors

/// Opens a model, whatever form its files have.
package enum ModelFile {
    /// - Parameters:
    ///   - path: a GGUF file, any part of a split one, or a Hugging Face folder.
    ///   - dequantised: what a folder's quantised weights become; see `HuggingFaceFolder`.
    package static func open(
        path: String, dequantised: TensorType? = nil
    ) throws(ModelFileError) -> any ModelSource {
        if HuggingFaceFolder.isModel(path) {
            do { return try HuggingFaceFolder(path: path, dequantised: dequantised) } catch { throw .folder(error) }
        }
        if WordVectorFolder.isOne(path) { throw .wordVectors(path) }
        do { return try GGUFFile.open(path: path) } catch { throw .gguf(error) }
    }
}

/// Why a model cannot be opened.
package enum ModelFileError: Error, Hashable, Sendable, CustomStringConvertible {
    case gguf(GGUFError)
    case folder(HuggingFaceError)
    /// They are here, and no model.
    case wordVectors(String)

    package var description: String {
        switch self {
        case .gguf(let error): error.description
        case .folder(let error): error.description
        case .wordVectors(let path):
            """
            \(path) holds vectors of words, for search; it is no model that writes or embeds. \
            Try: martlet model pull qwen2.5-coder:1.5b
            """
        }
    }
}
