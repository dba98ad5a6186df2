/// Why a file could not be read as GGUF. Offsets and sizes are in bytes.
package enum GGUFError: Error, Hashable, Sendable {
    case unreadable(FileError)
    case notGGUF(file: String, firstBytes: [UInt8])
    case bigEndian(file: String)
    case unsupportedVersion(file: String, version: UInt32)
    case truncated(file: String, item: String, offset: Int, needed: UInt64, available: Int)
    case countTooLarge(file: String, item: String, count: UInt64, limit: Int)
    case invalidText(file: String, item: String, offset: Int)
    case duplicateKey(file: String, key: String)
    case duplicateTensor(file: String, tensor: String)
    case unknownValueType(file: String, key: String, type: UInt32)
    case arraysTooDeep(file: String, key: String, limit: Int)
    case invalidAlignment(file: String, alignment: String)
    case tooManyDimensions(file: String, tensor: String, dimensions: UInt32)
    case unknownTensorType(file: String, tensor: String, type: UInt32)
    case invalidShape(file: String, tensor: String, shape: [UInt64])
    case brokenRow(file: String, tensor: String, rowLength: Int, type: String, block: Int)
    case misalignedTensor(file: String, tensor: String, offset: UInt64, alignment: Int)
    case tensorOutsideFile(file: String, tensor: String, end: UInt64, size: Int)
    case splitNameMismatch(file: String, parts: Int)
    case splitPartMismatch(file: String, expectedPart: Int, expectedParts: Int, part: Int?, parts: Int?)
    case splitTensorCount(file: String, expected: Int, found: Int)
}

extension GGUFError: CustomStringConvertible {
    package var description: String {
        switch self {
        case .unreadable(let error):
            return error.description
        case .notGGUF(let file, let firstBytes):
            return "\(file) is not a GGUF file\(Self.guess(firstBytes))."
        case .bigEndian(let file):
            return
                "\(file) is a big-endian GGUF file, which only big-endian machines read. Fetch the little-endian one."
        case .unsupportedVersion(let file, let version):
            return "\(file) is GGUF version \(version); versions 2 and 3 are read. Fetch or convert a newer file."
        case .truncated(let file, let item, let offset, let needed, let available):
            return
                "\(file) ends early: \(item) at byte \(offset) needs \(needed) bytes and \(available) are left. \(Self.again)"
        case .countTooLarge(let file, let item, let count, let limit):
            return "\(file) is damaged: \(item) is \(count), and the file has room for \(limit) at most. \(Self.again)"
        case .invalidText(let file, let item, let offset):
            return "\(file) is damaged: \(item) at byte \(offset) is not valid UTF-8. \(Self.again)"
        case .duplicateKey(let file, let key):
            return "\(file) has the metadata key '\(key)' twice. \(Self.again)"
        case .duplicateTensor(let file, let tensor):
            return "\(file) has the tensor '\(tensor)' twice. \(Self.again)"
        case .unknownValueType(let file, let key, let type):
            return "\(file) gives '\(key)' the value type \(type), which GGUF does not define. \(Self.again)"
        case .arraysTooDeep(let file, let key, let limit):
            return "\(file) nests arrays more than \(limit) deep in '\(key)'. \(Self.again)"
        case .invalidAlignment(let file, let alignment):
            return
                "\(file) asks for a tensor alignment of \(alignment); a power of two from 8 to 1048576 is needed. \(Self.again)"
        case .tooManyDimensions(let file, let tensor, let dimensions):
            return "\(file) gives tensor '\(tensor)' \(dimensions) dimensions; at most 4 are allowed. \(Self.again)"
        case .unknownTensorType(let file, let tensor, let type):
            return
                "\(file) stores tensor '\(tensor)' as type \(type), which is not supported. Fetch another quantisation, such as Q4_K_M or Q8_0."
        case .invalidShape(let file, let tensor, let shape):
            return "\(file) gives tensor '\(tensor)' the impossible shape \(shape). \(Self.again)"
        case .brokenRow(let file, let tensor, let rowLength, let type, let block):
            return
                "\(file) stores tensor '\(tensor)' with rows of \(rowLength) as \(type), which needs multiples of \(block). \(Self.again)"
        case .misalignedTensor(let file, let tensor, let offset, let alignment):
            return
                "\(file) places tensor '\(tensor)' at offset \(offset), which is no multiple of its alignment \(alignment). \(Self.again)"
        case .tensorOutsideFile(let file, let tensor, let end, let size):
            return
                "\(file) is incomplete: tensor '\(tensor)' ends at byte \(end) and the file has \(size). \(Self.again)"
        case .splitNameMismatch(let file, let parts):
            return
                "\(file) is one of \(parts) parts, but its name does not end in -NNNNN-of-\(GGUFSplitName.padded(parts)).gguf. Give the parts their original names."
        case .splitPartMismatch(let file, let expectedPart, let expectedParts, let part, let parts):
            let found = part.flatMap { part in parts.map { "part \(part) of \($0)" } } ?? "not part of a split"
            return
                "\(file) should be part \(expectedPart) of \(expectedParts) and is \(found). Fetch all parts from the same place."
        case .splitTensorCount(let file, let expected, let found):
            return
                "\(file) announces \(expected) tensors and its parts hold \(found). Fetch all parts from the same place."
        }
    }

    private static let again = "Pull the model again, or check it with 'martlet model verify'."

    /// What the file may be instead, from how it begins.
    private static func guess(_ bytes: [UInt8]) -> String {
        if bytes.isEmpty { return ": it is empty. Pull the model again" }
        if bytes.starts(with: "version ".utf8) {
            return ": it is a Git LFS pointer. Fetch the file itself (git lfs pull)"
        }
        if bytes.starts(with: "<".utf8) { return ": it looks like a web page. Use the address of the file itself" }
        if bytes.starts(with: [0x50, 0x4B]) { return ": it is a zip archive" }
        if bytes.starts(with: "ggjt".utf8.reversed()) || bytes.starts(with: "ggml".utf8.reversed()) {
            return " but its predecessor, GGML. Fetch a GGUF version of the model"
        }
        let hexadecimal = bytes.prefix(4).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
        return " (it begins with the bytes \(hexadecimal.joined(separator: " ")))"
    }
}
