package import JSON

/// Why a Hugging Face folder cannot be read as a model.
package enum HuggingFaceError: Error, Hashable, Sendable {
    case unreadable(FileError)
    case tooLarge(file: String, byteCount: Int, limit: Int)
    case malformedJSON(file: String, JSONReadError)
    case missingKey(String, file: String)
    case unexpectedValue(key: String, value: String, expected: String, file: String)
    case unsupportedArchitecture(String, file: String)
    case notSafetensors(file: String, reason: String)
    case brokenTensor(String, file: String, reason: String)
    case duplicateTensor(String, files: [String])
    case brokenIndex(file: String, reason: String)
    case missingShard(String, index: String)
    case noWeights(folder: String, pickled: Bool)
    case missingTensor(String, folder: String)
    case unknownTensors([String], count: Int, architecture: String, folder: String)
    case unsupportedQuantisation(String, folder: String)
    case unsupportedTokenizer(String, file: String)
    case notWordVectors(file: String)
}

extension HuggingFaceError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error):
            error.description
        case .tooLarge(let file, let byteCount, let limit):
            "\(file) takes \(ByteCount(byteCount)), and no such file needs more than \(ByteCount(limit)). \(Self.again)"
        case .malformedJSON(let file, let error):
            "\(file) cannot be read: \(error). \(Self.again)"
        case .missingKey(let key, let file):
            "\(file) lacks '\(key)', which its architecture needs. \(Self.again)"
        case .unexpectedValue(let key, let value, let expected, let file):
            "\(file) gives '\(key)' as \(value), expected \(expected). \(Self.again)"
        case .unsupportedArchitecture(let name, let file):
            """
            \(file) describes a model of architecture '\(name)', which is not read from folders. Read are \
            \(HuggingFaceFamily.architectures.joined(separator: ", ")). A GGUF file of the model may run: see Docs/Models.md.
            """
        case .notSafetensors(let file, let reason):
            "\(file) is not a whole safetensors file: \(reason). \(Self.again)"
        case .brokenTensor(let tensor, let file, let reason):
            "\(file) cannot be used: of tensor '\(tensor)', \(reason). \(Self.again)"
        case .duplicateTensor(let tensor, let files):
            "The tensor '\(tensor)' is there twice, in \(files.joined(separator: " and ")). \(Self.again)"
        case .brokenIndex(let file, let reason):
            "\(file) cannot be used: \(reason). \(Self.again)"
        case .missingShard(let name, let index):
            "\(index) lists \(name), which is not beside it. Fetch all safetensors files of the model."
        case .noWeights(let folder, let pickled):
            pickled
                ? "\(folder) holds its weights as Python pickles, which can run code when read. Fetch a version with .safetensors files."
                : "\(folder) holds no safetensors files. Fetch the whole repository of the model."
        case .missingTensor(let tensor, let folder):
            "\(folder) has no tensor '\(tensor)'. Are all of the model's safetensors files there?"
        case .unknownTensors(let names, let count, let architecture, let folder):
            """
            \(folder) has \(count) tensor\(count == 1 ? "" : "s") that a model of architecture '\(architecture)' has no use \
            for, such as \(names.map { "'\($0)'" }.joined(separator: ", ")). Is config.json that of another model?
            """
        case .unsupportedQuantisation(let reason, let folder):
            """
            \(folder) cannot be run as it is quantised: \(reason). Read are FP8, AWQ, GPTQ, NVFP4, MXFP4 and \
            compressed-tensors; see Docs/Models.md. Fetch another version of the model.
            """
        case .unsupportedTokenizer(let reason, let file):
            "\(file) cannot be used: \(reason). Convert the model with another tool, or give token ids."
        case .notWordVectors(let file):
            "\(file) holds no word vectors, which are a single F16 matrix. Try: martlet model pull wordllama --force"
        }
    }

    private static let again = "Fetch the model again, or ask where it came from."
}
