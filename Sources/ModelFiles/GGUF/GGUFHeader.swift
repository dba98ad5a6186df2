package import Tensors

/// The header of a GGUF file to write: metadata and the tensors to come, in order.
package struct GGUFHeader: Sendable {
    /// A tensor that the file is to hold.
    package struct Tensor: Sendable {
        package let name: String
        package let type: TensorType
        package let shape: [Int]
        package let byteCount: Int
    }

    package var version: UInt32 = 3
    package let alignment: Int
    package private(set) var metadata: [(key: String, value: GGUFValue)] = []
    package private(set) var tensors: [Tensor] = []

    /// - alignment: of every tensor's data; another one than 32 is recorded as `general.alignment`.
    package init(alignment: Int = 32) {
        precondition(alignment >= 8 && alignment & (alignment - 1) == 0, "alignment is a power of two from 8")
        self.alignment = alignment
        if alignment != 32 { set("general.alignment", .uint32(UInt32(alignment))) }
    }

    /// Gives `key` a value, replacing an earlier one.
    package mutating func set(_ key: String, _ value: GGUFValue) {
        if let index = metadata.firstIndex(where: { $0.key == key }) {
            metadata[index].value = value
        } else {
            metadata.append((key, value))
        }
    }

    /// Declares the next tensor. - shape: GGUF order, row length first, in whole blocks of `type`.
    package mutating func add(_ name: String, _ type: TensorType, shape: [Int]) {
        guard let rowBytes = type.rowBytes(shape.first ?? 1) else {
            preconditionFailure("\(name): rows of \(shape) are no whole blocks of \(type.name)")
        }
        tensors.append(
            Tensor(name: name, type: type, shape: shape, byteCount: shape.dropFirst().reduce(rowBytes, *)))
    }

    /// The bytes up to the first tensor's data, padding included.
    package func encoded() -> [UInt8] {
        var bytes = Array("GGUF".utf8)
        bytes.appendLittleEndian(version)
        bytes.appendLittleEndian(UInt64(tensors.count))
        bytes.appendLittleEndian(UInt64(metadata.count))
        for (key, value) in metadata {
            bytes.appendLengthPrefixed(key.utf8)
            bytes.appendLittleEndian(value.type.rawValue)
            value.encode(into: &bytes)
        }
        var offset = 0
        for tensor in tensors {
            bytes.appendLengthPrefixed(tensor.name.utf8)
            bytes.appendLittleEndian(UInt32(tensor.shape.count))
            for extent in tensor.shape { bytes.appendLittleEndian(UInt64(extent)) }
            bytes.appendLittleEndian(tensor.type.rawValue)
            bytes.appendLittleEndian(UInt64(offset))
            offset += tensor.byteCount + padding(after: tensor.byteCount)
        }
        bytes.append(contentsOf: repeatElement(0, count: padding(after: bytes.count)))
        return bytes
    }

    fileprivate var withoutTensors: GGUFHeader {
        var copy = self
        copy.tensors = []
        return copy
    }

    func padding(after byteCount: Int) -> Int {
        (alignment - byteCount % alignment) % alignment
    }
}

extension GGUFMetadata {
    /// The keys of `header` as readers of its file will find them; nil when the system refuses the memory.
    /// - Parameter path: names the file in errors.
    package init?(_ header: GGUFHeader, path: String = "") {
        guard let image = MappedFile(copying: header.withoutTensors.encoded(), path: path) else { return nil }
        // Our own header is well-formed.
        do { self = try GGUFImage(parsing: image).metadata } catch { preconditionFailure("\(error)") }
    }
}
