package import ModelFiles
package import Tensors

/// Why a model file cannot be run.
package enum ModelError: Error, Sendable, CustomStringConvertible {
    case file(ModelFileError)
    case unsupportedArchitecture(String, file: String)
    case missingKey(String, file: String)
    case invalidValue(key: String, value: String, expected: String, file: String)
    case missingTensor(String, file: String)
    case unreadableTensor(UnreadableTensor)
    case wrongShape(tensor: String, shape: [Int], expected: [Int], file: String)
    case wrongType(tensor: String, type: TensorType, expected: String, file: String)
    case outOfMemory(tensor: String, file: String)
    case onlyEmbeds(String, file: String)
    case contextTooLong(wanted: Int, trained: Int, longest: Int, file: String)

    package var description: String {
        switch self {
        case .file(let error): error.description
        case .unsupportedArchitecture(let name, let file):
            """
            \(file) holds a model of architecture '\(name)', which this version does not run. \
            It runs \(LanguageModel.architectures.joined(separator: ", ")).
            """
        case .missingKey(let key, let file):
            "\(file) lacks the key '\(key)' that its architecture needs. Was the file converted completely?"
        case .invalidValue(let key, let value, let expected, let file):
            "\(file) gives '\(key)' as \(value), expected \(expected). The file may be damaged: try `martlet model verify`."
        case .missingTensor(let name, let file):
            "\(file) has no tensor '\(name)'. Is it a file of another architecture, or one part of a split model?"
        case .unreadableTensor(let error): error.description
        case .wrongShape(let tensor, let shape, let expected, let file):
            "\(file): tensor '\(tensor)' has shape \(shape), expected \(expected) from the model's hyper-parameters."
        case .wrongType(let tensor, let type, let expected, let file):
            "\(file): tensor '\(tensor)' is \(type.name), expected \(expected)."
        case .outOfMemory(let tensor, let file):
            "\(file): the system refused the memory to rearrange tensor '\(tensor)'. Free some, or take a smaller model."
        case .onlyEmbeds(let name, let file):
            """
            \(file) holds an embedding model ('\(name)'): it makes vectors of texts and writes none. \
            Serve it: martlet serve \(file)
            """
        case .contextTooLong(let wanted, let trained, let longest, let file):
            """
            \(file) takes \(longest) tokens of context at most\(longest > trained ? ", \(trained) without YaRN" : ""), \
            and \(wanted) are wanted. Give --context \(longest) or less.
            """
        }
    }
}
