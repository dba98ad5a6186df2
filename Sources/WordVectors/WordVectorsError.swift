package import ModelFiles
package import Tokenization

/// Why a folder cannot be used as word vectors.
package enum WordVectorsError: Error, Hashable, Sendable {
    case files(HuggingFaceError)
    case tokenizer(TokenizerError, folder: String)
    case tooFewRows(Int, tokens: Int, folder: String)
}

extension WordVectorsError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .files(let error): error.description
        case .tokenizer(let error, let folder): "\(folder)/tokenizer.json cannot be used: \(error)"
        case .tooFewRows(let rows, let tokens, let folder):
            """
            \(folder) has vectors for \(rows) of the \(tokens) tokens of its tokenizer. Are both files of one model? \
            Try: martlet model pull wordllama --force
            """
        }
    }
}
