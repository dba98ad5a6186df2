/// A model's metadata and tensors under GGUF's names, whichever files they lie in.
package protocol ModelSource: AnyObject, Sendable {
    /// The file or folder, for messages.
    var path: String { get }
    var metadata: GGUFMetadata { get }
    func contains(_ tensor: String) -> Bool
    /// The tensor of that name, nil when there is none. Its bytes are valid while the source lives; a source that has
    /// to convert them first does so here.
    func tensor(_ name: String) throws(UnreadableTensor) -> GGUFTensor?
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
}
