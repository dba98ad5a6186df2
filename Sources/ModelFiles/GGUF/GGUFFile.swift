/// A GGUF model, version 2 or 3, mapped read-only; a model split over several files opens as one.
///
/// Opening checks everything that a damaged or hostile file could get wrong: afterwards every tensor lies inside
/// its file and every metadata value inside the header.
/// - SeeAlso: the GGUF specification, ggml/docs/gguf.md.
package final class GGUFFile: Sendable {
    /// The paths of the parts, in order: one unless the model is split.
    package let paths: [String]
    package let version: UInt32
    /// The metadata of the first part, which holds the model's.
    package let metadata: GGUFMetadata
    /// All tensors in file order.
    package let orderedTensors: [GGUFTensor]
    package let tensors: [String: GGUFTensor]
    private let images: [MappedFile]

    /// Opens the model at `path`; of a split model, any part may be named.
    package static func open(path: String) throws(GGUFError) -> GGUFFile {
        let named = try map(path)
        let first = try GGUFImage(parsing: named)
        let parts = first.metadata.unsigned("split.count") ?? 1
        guard parts > 1 else { return try GGUFFile(images: [named], parsed: [first]) }

        guard let name = GGUFSplitName(path: path), name.count == parts else {
            throw .splitNameMismatch(file: path, parts: parts)
        }
        var images: [MappedFile] = []
        var parsed: [GGUFImage] = []
        for part in 1...parts {
            let image = part == name.part ? named : try map(name.path(ofPart: part))
            let header = part == name.part ? first : try GGUFImage(parsing: image)
            let (foundPart, foundParts) = (
                header.metadata.unsigned("split.no").map { $0 + 1 }, header.metadata.unsigned("split.count")
            )
            guard foundPart == part, foundParts == parts else {
                throw .splitPartMismatch(
                    file: image.path, expectedPart: part, expectedParts: parts, part: foundPart, parts: foundParts)
            }
            images.append(image)
            parsed.append(header)
        }
        return try GGUFFile(images: images, parsed: parsed)
    }

    /// Reads a model that is one file, already in memory.
    package convenience init(image: MappedFile) throws(GGUFError) {
        try self.init(images: [image], parsed: [GGUFImage(parsing: image)])
    }

    private init(images: [MappedFile], parsed: [GGUFImage]) throws(GGUFError) {
        var tensors: [String: GGUFTensor] = [:]
        for (image, header) in zip(images, parsed) {
            tensors.reserveCapacity(tensors.count + header.tensors.count)
            for tensor in header.tensors {
                guard tensors.updateValue(tensor, forKey: tensor.name) == nil else {
                    throw .duplicateTensor(file: image.path, tensor: tensor.name)
                }
            }
        }
        let expected = parsed[0].metadata.unsigned("split.tensors.count")
        if images.count > 1, let expected, expected != tensors.count {
            throw .splitTensorCount(file: images[0].path, expected: expected, found: tensors.count)
        }
        self.images = images
        self.tensors = tensors
        paths = images.map(\.path)
        version = parsed[0].version
        metadata = parsed[0].metadata
        orderedTensors = parsed.flatMap(\.tensors)
    }

    /// Bytes of all parts on disk.
    package var fileByteCount: Int { images.reduce(0) { unsafe $0 + $1.bytes.count } }

    /// Tells the operating system how the weights will be read.
    package func advise(_ advice: MemoryAdvice) {
        for image in images { unsafe image.bytes.advise(advice) }
    }

    /// Lets the system take back a tensor's pages: they stay in its cache while there is room, and no longer count as
    /// this process's.
    func letGoOfPages(of name: String) {
        // Of memory that is no mapping the content would be lost.
        guard let tensor = tensors[name], images.allSatisfy(\.isMapping) else { return }
        unsafe tensor.data.advise(.finished)
    }

    private static func map(_ path: String) throws(GGUFError) -> MappedFile {
        do { return try MappedFile(path: path) } catch { throw .unreadable(error) }
    }
}
