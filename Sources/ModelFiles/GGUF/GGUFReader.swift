/// Reads little-endian GGUF items front to back and never past the end.
@safe
struct GGUFReader {
    let bytes: UnsafeRawBufferPointer
    /// Named in errors.
    let file: String
    private(set) var offset = 0

    var remaining: Int { unsafe bytes.count - offset }

    init(_ bytes: UnsafeRawBufferPointer, file: String) {
        unsafe self.bytes = bytes
        self.file = file
    }

    mutating func integer<T: FixedWidthInteger>(
        _ type: T.Type = T.self, _ item: @autoclosure () -> String
    ) throws(GGUFError) -> T {
        let size = MemoryLayout<T>.size
        guard size <= remaining else { throw truncated(item(), needed: UInt64(size)) }
        // SAFETY: `size` bytes are left, and the load allows any alignment.
        let value = unsafe bytes.loadUnaligned(fromByteOffset: offset, as: T.self)
        offset += size
        return T(littleEndian: value)
    }

    mutating func skip(_ count: UInt64, _ item: @autoclosure () -> String) throws(GGUFError) {
        guard count <= UInt64(remaining) else { throw truncated(item(), needed: count) }
        offset += Int(count)
    }

    /// A count of items that take at least `leastByteCount` bytes each, so that it is safe to reserve room for.
    mutating func count(
        leastByteCount: Int, _ item: @autoclosure () -> String
    ) throws(GGUFError) -> Int {
        let count = try integer(UInt64.self, item())
        let limit = remaining / leastByteCount
        guard count <= UInt64(limit) else {
            throw .countTooLarge(file: file, item: item(), count: count, limit: limit)
        }
        return Int(count)
    }

    /// A length and as many bytes of UTF-8, at most `limit`.
    mutating func text(limit: Int, _ item: @autoclosure () -> String) throws(GGUFError) -> String {
        let length = try integer(UInt64.self, "the length of \(item())")
        let start = offset
        guard length <= UInt64(limit) else {
            throw .countTooLarge(file: file, item: "the length of \(item())", count: length, limit: limit)
        }
        try skip(length, item())
        guard let text = unsafe String(validating: bytes[start..<offset], as: UTF8.self) else {
            throw .invalidText(file: file, item: item(), offset: start)
        }
        return text
    }

    private func truncated(_ item: String, needed: UInt64) -> GGUFError {
        .truncated(file: file, item: item, offset: offset, needed: needed, available: remaining)
    }
}

extension GGUFReader {
    /// How deep arrays of arrays may nest; real files hold none.
    static let arrayDepthLimit = 4

    /// Walks over one value of metadata key `key` and returns where it lies.
    mutating func value(type: GGUFValueType, key: String) throws(GGUFError) -> GGUFMetadata.Entry {
        guard type == .array else {
            let start = offset
            try skipValue(type: type, key: key, depth: 0)
            return GGUFMetadata.Entry(type: type, elementType: nil, count: 1, range: start..<offset)
        }
        let (elementType, count) = try arrayHeader(key: key)
        let start = offset
        try skipElements(type: elementType, count: count, key: key, depth: 1)
        return GGUFMetadata.Entry(type: .array, elementType: elementType, count: count, range: start..<offset)
    }

    mutating func valueType(key: String) throws(GGUFError) -> GGUFValueType {
        let number = try integer(UInt32.self, "the type of '\(key)'")
        guard let type = GGUFValueType(rawValue: number) else {
            throw .unknownValueType(file: file, key: key, type: number)
        }
        return type
    }

    private mutating func arrayHeader(key: String) throws(GGUFError) -> (type: GGUFValueType, count: Int) {
        let type = try valueType(key: key)
        return (type, try count(leastByteCount: type.leastByteCount, "the length of array '\(key)'"))
    }

    private mutating func skipValue(type: GGUFValueType, key: String, depth: Int) throws(GGUFError) {
        switch type {
        case .string:
            let length = try integer(UInt64.self, "the length of '\(key)'")
            try skip(length, "the text of '\(key)'")
        case .array:
            guard depth < Self.arrayDepthLimit else {
                throw .arraysTooDeep(file: file, key: key, limit: Self.arrayDepthLimit)
            }
            let (elementType, count) = try arrayHeader(key: key)
            try skipElements(type: elementType, count: count, key: key, depth: depth + 1)
        default:
            try skip(UInt64(type.byteCount!), "the value of '\(key)'")
        }
    }

    private mutating func skipElements(
        type: GGUFValueType, count: Int, key: String, depth: Int
    ) throws(GGUFError) {
        if let size = type.byteCount {
            // No overflow: `count(leastByteCount:)` found room for them.
            try skip(UInt64(count * size), "the elements of '\(key)'")
        } else {
            for _ in 0..<count { try skipValue(type: type, key: key, depth: depth) }
        }
    }
}
