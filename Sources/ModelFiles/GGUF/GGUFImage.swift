import Tensors

/// The header of one GGUF file, with its tensors located and checked.
struct GGUFImage {
    let version: UInt32
    let metadata: GGUFMetadata
    let tensors: [GGUFTensor]

    /// The longest key or tensor name taken; the specification allows keys of 65,535 bytes.
    static let nameLimit = 65_535

    init(parsing image: MappedFile) throws(GGUFError) {
        var reader = unsafe GGUFReader(image.bytes, file: image.path)
        guard unsafe image.bytes.starts(with: "GGUF".utf8) else {
            throw unsafe .notGGUF(file: image.path, firstBytes: Array(image.bytes.prefix(8)))
        }
        try reader.skip(4, "the signature")
        version = try reader.integer(UInt32.self, "the version")
        if version != 0, version & 0xFFFF == 0 { throw .bigEndian(file: image.path) }
        guard (2...3).contains(version) else { throw .unsupportedVersion(file: image.path, version: version) }

        // A tensor takes a name length, a dimension count, a type and an offset; a key a length, a type and a byte.
        let tensorCount = try reader.count(leastByteCount: 24, "the number of tensors")
        let keyCount = try reader.count(leastByteCount: 13, "the number of metadata keys")
        metadata = try Self.metadata(&reader, count: keyCount, image: image)
        let alignment = try Self.alignment(metadata, file: image.path)
        tensors = try Self.tensors(&reader, count: tensorCount, alignment: alignment)
    }

    private static func metadata(
        _ reader: inout GGUFReader, count: Int, image: MappedFile
    ) throws(GGUFError) -> GGUFMetadata {
        var keys: [String] = []
        var entries: [String: GGUFMetadata.Entry] = [:]
        keys.reserveCapacity(min(count, 1024))
        for index in 0..<count {
            let key = try reader.text(limit: nameLimit, "metadata key \(index)")
            let type = try reader.valueType(key: key)
            let entry = try reader.value(type: type, key: key)
            guard entries.updateValue(entry, forKey: key) == nil else {
                throw .duplicateKey(file: reader.file, key: key)
            }
            keys.append(key)
        }
        return GGUFMetadata(keys: keys, entries: entries, image: image)
    }

    private static func alignment(_ metadata: GGUFMetadata, file: String) throws(GGUFError) -> Int {
        let key = "general.alignment"
        guard metadata.contains(key) else { return 32 }
        guard let alignment = metadata.integer(key) else {
            throw .invalidAlignment(file: file, alignment: "another type than an integer")
        }
        // Down to 8, so that every element type may be loaded aligned.
        guard (8...1_048_576).contains(alignment), alignment & (alignment - 1) == 0 else {
            throw .invalidAlignment(file: file, alignment: String(alignment))
        }
        return alignment
    }
}

extension GGUFImage {
    private struct Placement {
        let name: String
        let type: TensorType
        let shape: [Int]
        let byteCount: Int
        let offset: UInt64
    }

    private static func tensors(
        _ reader: inout GGUFReader, count: Int, alignment: Int
    ) throws(GGUFError) -> [GGUFTensor] {
        var placements: [Placement] = []
        placements.reserveCapacity(min(count, 4096))
        for index in 0..<count { placements.append(try placement(&reader, index: index)) }
        guard count > 0 else { return [] }

        let dataStart = (reader.offset + alignment - 1) / alignment * alignment
        var tensors: [GGUFTensor] = []
        tensors.reserveCapacity(placements.count)
        for placement in placements {
            guard placement.offset % UInt64(alignment) == 0 else {
                throw .misalignedTensor(
                    file: reader.file, tensor: placement.name, offset: placement.offset, alignment: alignment)
            }
            let (start, startOverflows) = placement.offset.addingReportingOverflow(UInt64(dataStart))
            let (end, endOverflows) = start.addingReportingOverflow(UInt64(placement.byteCount))
            guard !startOverflows, !endOverflows, unsafe end <= UInt64(reader.bytes.count) else {
                throw unsafe .tensorOutsideFile(
                    file: reader.file, tensor: placement.name, end: startOverflows || endOverflows ? .max : end,
                    size: reader.bytes.count)
            }
            // SAFETY: start <= end <= the number of mapped bytes.
            let data = unsafe UnsafeRawBufferPointer(rebasing: reader.bytes[Int(start)..<Int(end)])
            unsafe tensors.append(
                GGUFTensor(name: placement.name, type: placement.type, shape: placement.shape, data: data))
        }
        return tensors
    }

    private static func placement(_ reader: inout GGUFReader, index: Int) throws(GGUFError) -> Placement {
        let name = try reader.text(limit: nameLimit, "the name of tensor \(index)")
        let dimensions = try reader.integer(UInt32.self, "the dimensions of '\(name)'")
        guard dimensions <= 4 else {
            throw .tooManyDimensions(file: reader.file, tensor: name, dimensions: dimensions)
        }
        var extents: [UInt64] = []
        for _ in 0..<dimensions { extents.append(try reader.integer(UInt64.self, "the shape of '\(name)'")) }
        let number = try reader.integer(UInt32.self, "the type of '\(name)'")
        let offset = try reader.integer(UInt64.self, "the offset of '\(name)'")
        guard let type = TensorType(rawValue: number) else {
            throw .unknownTensorType(file: reader.file, tensor: name, type: number)
        }
        let shape = extents.compactMap { $0 > 0 ? Int(exactly: $0) : nil }
        guard shape.count == extents.count else {
            throw .invalidShape(file: reader.file, tensor: name, shape: extents)
        }
        let rowLength = shape.first ?? 1
        guard rowLength % type.elementsPerBlock == 0 else {
            throw .brokenRow(
                file: reader.file, tensor: name, rowLength: rowLength, type: type.name, block: type.elementsPerBlock)
        }
        var byteCount = type.rowBytes(rowLength)
        var elementCount = rowLength
        for extent in shape.dropFirst() {
            let (elements, elementsOverflow) = elementCount.multipliedReportingOverflow(by: extent)
            let bytes = byteCount?.multipliedReportingOverflow(by: extent)
            elementCount = elements
            byteCount = elementsOverflow || bytes?.overflow != false ? nil : bytes?.partialValue
        }
        guard let byteCount else {
            throw .invalidShape(file: reader.file, tensor: name, shape: extents)
        }
        return Placement(name: name, type: type, shape: shape, byteCount: byteCount, offset: offset)
    }
}
