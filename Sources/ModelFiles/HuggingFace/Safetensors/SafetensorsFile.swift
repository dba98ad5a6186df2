import JSON

/// A safetensors file, mapped read-only.
///
/// Opening checks all that a damaged or hostile file could get wrong, as strictly as the reference library does:
/// afterwards every tensor lies inside the file, none overlaps another, and no bytes are left over.
/// - SeeAlso: the format's description in the safetensors repository.
package final class SafetensorsFile: Sendable {
    package let path: String
    /// In the order of their data.
    package let tensors: [SafetensorsTensor]
    private let image: MappedFile

    /// The longest header that the reference library takes.
    static let headerLimit = 100_000_000

    package convenience init(path: String) throws(HuggingFaceError) {
        let image: MappedFile
        do { image = try MappedFile(path: path) } catch { throw .unreadable(error) }
        try self.init(image: image)
    }

    package init(image: MappedFile) throws(HuggingFaceError) {
        self.image = image
        path = image.path
        let size = unsafe image.bytes.count
        guard size >= 8 else { throw .notSafetensors(file: path, reason: "it has \(size) bytes") }
        let length = unsafe UInt64(littleEndian: image.bytes.loadUnaligned(as: UInt64.self))
        guard length <= UInt64(min(size - 8, Self.headerLimit)) else {
            throw .notSafetensors(file: path, reason: "its header would take \(length) of \(size) bytes")
        }
        let header: JSONValue
        do {
            header = try unsafe JSONValue(parsing: Array(image.bytes[8..<8 + Int(length)]), valueLimit: 1 << 23)
        } catch { throw .malformedJSON(file: path, error) }
        guard let members = header.object?.members else {
            throw .notSafetensors(file: path, reason: "its header is no object")
        }
        tensors = try unsafe Self.tensors(
            members, data: UnsafeRawBufferPointer(rebasing: image.bytes[(8 + Int(length))...]), file: path)
    }

    private static func tensors(
        _ members: [(key: String, value: JSONValue)], data: UnsafeRawBufferPointer, file: String
    ) throws(HuggingFaceError) -> [SafetensorsTensor] {
        var names: Set<String> = []
        var placed: [(start: Int, tensor: SafetensorsTensor)] = []
        placed.reserveCapacity(members.count)
        for (name, value) in members where name != "__metadata__" {
            guard names.insert(name).inserted else { throw .duplicateTensor(name, files: [file]) }
            placed.append(try unsafe place(name, value, data: data, file: file))
        }
        placed.sort { ($0.start, $0.tensor.byteCount) < ($1.start, $1.tensor.byteCount) }
        var end = 0
        for (start, tensor) in placed {
            guard start == end else {
                throw .brokenTensor(
                    tensor.name, file: file, reason: "its data begins at byte \(start), expected \(end)")
            }
            end += tensor.byteCount
        }
        guard end == data.count else {
            throw unsafe .notSafetensors(file: file, reason: "its tensors take \(end) of \(data.count) bytes")
        }
        return placed.map(\.tensor)
    }

    private static func place(
        _ name: String, _ value: JSONValue, data: UnsafeRawBufferPointer, file: String
    ) throws(HuggingFaceError) -> (start: Int, tensor: SafetensorsTensor) {
        func broken(_ reason: String) -> HuggingFaceError { .brokenTensor(name, file: file, reason: reason) }
        guard let object = value.object, let typeName = object["dtype"]?.string,
            let extents = object["shape"]?.array, let offsets = object["data_offsets"]?.array
        else { throw broken("dtype, shape or data_offsets are missing") }
        guard let type = SafetensorsType(rawValue: typeName) else {
            throw broken("its element type '\(typeName.prefix(40))' is unknown")
        }
        let shape = extents.compactMap { $0.integer.flatMap { $0 >= 0 ? $0 : nil } }
        guard shape.count == extents.count, shape.count <= 8 else { throw broken("its shape is impossible") }
        // Also with an extent of zero the others are bounded, so that products of them never overflow.
        var product = 1
        for extent in shape where extent > 0 {
            let (next, overflow) = product.multipliedReportingOverflow(by: extent)
            guard !overflow, next <= 1 << 48 else { throw broken("its shape \(shape) is impossible") }
            product = next
        }
        let bits = shape.contains(0) ? 0 : product * type.bits
        guard bits % 8 == 0 else { throw broken("its shape \(shape) is impossible") }
        guard offsets.count == 2, let start = offsets[0].integer, let end = offsets[1].integer, start >= 0,
            start <= end, end <= data.count
        else { throw broken("its data lies outside the file") }
        guard end - start == bits / 8 else {
            throw broken("it has \(end - start) bytes, and \(typeName) \(shape) takes \(bits / 8)")
        }
        // SAFETY: start <= end <= data.count.
        let tensor = unsafe SafetensorsTensor(
            name: name, type: type, shape: shape, data: UnsafeRawBufferPointer(rebasing: data[start..<end]))
        return (start, tensor)
    }

    /// Tells the operating system how the weights will be read.
    package func advise(_ advice: MemoryAdvice) { unsafe image.bytes.advise(advice) }

    package var byteCount: Int { unsafe image.bytes.count }
}

/// One tensor of a safetensors file.
// SAFETY: @unchecked because of the pointer; the bytes are read-only.
@safe
package struct SafetensorsTensor: @unchecked Sendable {
    package let name: String
    package let type: SafetensorsType
    /// Row-major: the last extent is that of adjacent elements.
    package let shape: [Int]
    /// Little-endian elements. Valid while the `SafetensorsFile` lives.
    package let data: UnsafeRawBufferPointer

    package var byteCount: Int { unsafe data.count }
    package var elementCount: Int { shape.reduce(1, *) }
}
