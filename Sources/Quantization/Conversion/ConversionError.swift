package import ModelFiles
package import Tensors

/// Why a model could not be written in another form.
package enum ConversionError: Error, Hashable, Sendable {
    case unreadable(UnreadableTensor)
    case exists(path: String)
    case diskFull(path: String, needed: Int, free: UInt64)
    case file(FileError)
    case notFinite(tensor: String, row: Int, file: String)
    case tooLarge(tensor: String, row: Int, value: Float, type: TensorType, file: String)
    case unencodable(tensor: String, shape: [Int], type: TensorType, file: String)
    case importanceMismatch(tensor: String, expected: Int, found: Int)
    case importanceOfAnotherModel(tensors: Int)
    case scaledApart(tensor: String, type: TensorType, file: String)
    case cancelled
}

extension ConversionError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error):
            "\(error)."
        case .exists(let path):
            "\(path) exists already. Choose another name, or replace it with --force."
        case .diskFull(let path, let needed, let free):
            "\(path) would take \(ByteCount(needed)) and the disk has room for \(ByteCount(free)). Free some space, or choose another disk."
        case .file(let error):
            error.description
        case .notFinite(let tensor, let row, let file):
            "\(file): row \(row) of tensor '\(tensor)' holds values that are infinite or no numbers. Get the model again."
        case .tooLarge(let tensor, let row, let value, let type, let file):
            "\(file): row \(row) of tensor '\(tensor)' reaches \(value), more than \(type.name) holds. Take --type BF16 or F32."
        case .unencodable(let tensor, let shape, let type, let file):
            "\(file): tensor '\(tensor)' of shape \(shape) cannot be kept as \(type.name). Take another --type."
        case .importanceMismatch(let tensor, let expected, let found):
            "the importance matrix has \(found) values of '\(tensor)', which has \(expected) columns. Measure it on this model."
        case .importanceOfAnotherModel(let tensors):
            "none of the \(tensors) tensors in the importance matrix is in the model. Measure it on this model."
        case .scaledApart(let tensor, let type, let file):
            "\(file): tensor '\(tensor)' is \(type.name) with a scale of its own, which cannot be converted further. Convert the original weights."
        case .cancelled:
            "cancelled; nothing was written."
        }
    }
}
