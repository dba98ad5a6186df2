import ModelFiles
import Tensors

/// A model file in memory that can be made to claim anything.
struct PatchedModel {
    struct Tensor {
        var name: String
        var type: TensorType
        var shape: [Int]
        var data: [UInt8]
    }

    var metadata: [(key: String, value: GGUFValue)]
    var tensors: [Tensor]

    /// What `file` holds, but for the tokenizer.
    init(_ file: GGUFFile) {
        let source = file.metadata
        metadata = source.keys.filter { !$0.hasPrefix("tokenizer.") }.compactMap { key in
            Self.value(key, source).map { (key, $0) }
        }
        tensors = file.orderedTensors.map { tensor in
            Tensor(name: tensor.name, type: tensor.type, shape: tensor.shape, data: Array(tensor.data))
        }
    }

    private static func value(_ key: String, _ source: GGUFMetadata) -> GGUFValue? {
        if source.type(of: key) == .string { return source.bytes(key).map { .bytes($0) } }
        if let value = source.bool(key) { return .bool(value) }
        if let value = source.integer(key) { return .int64(Int64(value)) }
        if let value = source.float(key) { return .float32(value) }
        if let values = source.bools(key) { return .array(elementType: .bool, values.map { .bool($0) }) }
        if let values = source.integers(key) { return .int32s(values.map { Int32(clamping: $0) }) }
        return source.floats(key).map { .float32s($0) }
    }

    mutating func set(_ key: String, _ value: GGUFValue?) {
        metadata.removeAll { $0.key == key }
        if let value { metadata.append((key, value)) }
    }

    /// Reads the file for as long as `body` runs.
    func withFile<R>(_ body: (GGUFFile) throws -> R) throws -> R {
        var header = GGUFHeader()
        for (key, value) in metadata { header.set(key, value) }
        for tensor in tensors { header.add(tensor.name, tensor.type, shape: tensor.shape) }
        var bytes = header.encoded()
        for (tensor, place) in zip(tensors, header.tensors) {
            bytes += tensor.data.prefix(place.byteCount)
            bytes += [UInt8](repeating: 0, count: max(0, place.byteCount - tensor.data.count))
            bytes += [UInt8](repeating: 0, count: (32 - bytes.count % 32) % 32)
        }
        let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: bytes.count, alignment: 64)
        defer { memory.deallocate() }
        memory.copyBytes(from: bytes)
        let image = MappedFile(borrowing: UnsafeRawBufferPointer(memory), path: "patched.gguf")
        return try body(GGUFFile(image: image))
    }
}
