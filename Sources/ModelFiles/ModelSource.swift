package import Tensors

/// A model's metadata and tensors under GGUF's names, whichever files they lie in.
package protocol ModelSource: AnyObject, Sendable {
    /// The file or folder, for messages.
    var path: String { get }
    var metadata: GGUFMetadata { get }
    /// Bytes of all its files.
    var fileByteCount: Int { get }
    /// All tensors in the order that a file of them should have; nothing is read or converted for it.
    var tensorDescriptions: [TensorDescription] { get }
    func contains(_ tensor: String) -> Bool
    /// The tensor of that name, nil when there is none. Its bytes are valid while the source lives and until
    /// `release`; a source that has to convert them first does so here and keeps the result.
    func tensor(_ name: String) throws(UnreadableTensor) -> GGUFTensor?
    /// Gives back memory that `tensor` took for this one: its bytes are void then. For those who read tensors one
    /// after another, so that they never need room for all.
    func release(_ tensor: String)
}

/// What is known of a tensor before its bytes are.
package struct TensorDescription: Hashable, Sendable {
    package let name: String
    package let type: TensorType
    /// Extents in GGUF order: the row length comes first.
    package let shape: [Int]

    package init(name: String, type: TensorType, shape: [Int]) {
        self.name = name
        self.type = type
        self.shape = shape
    }

    package var elementCount: Int { shape.reduce(1) { $0.clampedProduct($1) } }
    package var byteCount: Int {
        shape.dropFirst().reduce(type.rowBytes(shape.first ?? 1) ?? 0) { $0.clampedProduct($1) }
    }
}

/// Why a tensor that a model has cannot be used.
package struct UnreadableTensor: Error, Hashable, Sendable, CustomStringConvertible {
    package let name: String
    package let file: String
    /// Reads on after "tensor 'x' of file: ".
    package let reason: String

    package init(name: String, file: String, reason: String) {
        self.name = name
        self.file = file
        self.reason = reason
    }

    package var description: String { "\(file): tensor '\(name)' cannot be used: \(reason)" }
}

extension GGUFFile: ModelSource {
    package var path: String { paths[0] }
    package func contains(_ tensor: String) -> Bool { tensors[tensor] != nil }
    package func tensor(_ name: String) -> GGUFTensor? { tensors[name] }
    package func release(_ tensor: String) { letGoOfPages(of: tensor) }
    package var tensorDescriptions: [TensorDescription] {
        orderedTensors.map { TensorDescription(name: $0.name, type: $0.type, shape: $0.shape) }
    }
}
