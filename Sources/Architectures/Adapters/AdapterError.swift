package import ModelFiles

/// Why an adapter cannot be used.
package enum AdapterError: Error, Sendable, CustomStringConvertible {
    case file(GGUFError)
    case folder(HuggingFaceError)
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
        case .folder(let error): error.description
        case .tensor(let error): error.description
        case .notAnAdapter(let file):
            """
            \(file) is not an adapter. Give --adapter a LoRA file in GGUF or a PEFT folder, and the base model as the \
            argument.
            """
        case .unsupported(let what, let file):
            """
            \(file) has \(what), which is not applied. LoRA corrects linear layers outside experts that the model's file \
            holds as matrices of their own.
            """
        case .damaged(let reason, let file): "\(file) cannot be used as an adapter: \(reason). Convert it again."
        case .otherArchitecture(let name, let model, let file):
            "\(file) was made for a '\(name)' model, and this one is '\(model)'. Take the adapter's base model."
        case .noSuchTensor(let name, let file):
            """
            \(file) corrects '\(name)', which the model lacks, or its file has merged with others. Take the adapter's \
            base model, converted anew if it is an old file.
            """
        case .shapes(let name, let a, let b, let expected, let file):
            """
            \(file) corrects '\(name)' by matrices of \(a) and \(b), which do not fit its \(expected). \
            Take the adapter's base model.
            """
        }
    }
}
