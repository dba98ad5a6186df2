/// The metadata of a GGUF file: typed values by key, decoded from the mapping when asked for.
///
/// Every getter returns nil when the key is missing, holds another kind of value, or a value that does not fit.
/// Numbers may be stored at any integer width. Nothing is cached: keep what is needed often.
package struct GGUFMetadata: Sendable {
    /// Where a value lies in the file.
    struct Entry: Sendable {
        let type: GGUFValueType
        /// The type of an array's elements.
        let elementType: GGUFValueType?
        /// The number of an array's elements.
        let count: Int
        /// The value's bytes: of an array its elements, without type and count.
        let range: Range<Int>
    }

    /// Keys in file order.
    package let keys: [String]
    private let entries: [String: Entry]
    private let image: MappedFile

    init(keys: [String], entries: [String: Entry], image: MappedFile) {
        self.keys = keys
        self.entries = entries
        self.image = image
    }

    package func contains(_ key: String) -> Bool { entries[key] != nil }

    /// The stored type of `key`'s value.
    package func type(of key: String) -> GGUFValueType? { entries[key]?.type }

    /// The value at `key`, whatever it is, for writing it to another file.
    package func value(_ key: String) -> GGUFValue? {
        guard let entry = entries[key] else { return nil }
        var bytes: [UInt8] = []
        if let elementType = entry.elementType { bytes.appendArrayHeader(elementType, count: entry.count) }
        unsafe bytes.append(contentsOf: image.bytes[entry.range])
        return .encoded(entry.type, bytes)
    }

    /// The type and number of the elements of the array at `key`.
    package func arrayLayout(of key: String) -> (elementType: GGUFValueType, count: Int)? {
        entries[key].flatMap { entry in entry.elementType.map { ($0, entry.count) } }
    }
}

extension GGUFMetadata {
    package func string(_ key: String) -> String? {
        bytes(key).map { String(decoding: $0, as: UTF8.self) }
    }

    /// The bytes of a string value, which need not be valid UTF-8.
    package func bytes(_ key: String) -> [UInt8]? {
        guard let entry = entries[key], entry.type == .string else { return nil }
        return unsafe Array(image.bytes[(entry.range.lowerBound + 8)..<entry.range.upperBound])
    }

    /// An integer of any width.
    package func integer(_ key: String) -> Int? {
        guard let entry = entries[key] else { return nil }
        return integer(entry.type, at: entry.range.lowerBound)
    }

    /// An integer of any width that is not negative.
    package func unsigned(_ key: String) -> Int? {
        integer(key).flatMap { $0 >= 0 ? $0 : nil }
    }

    /// A float of either width, or an integer.
    package func float(_ key: String) -> Float? {
        guard let entry = entries[key] else { return nil }
        return float(entry.type, at: entry.range.lowerBound)
    }

    package func bool(_ key: String) -> Bool? {
        guard let entry = entries[key], entry.type == .bool else { return nil }
        return unsafe image.bytes[entry.range.lowerBound] != 0
    }

    /// An array of strings, in one pass and two allocations.
    package func strings(_ key: String) -> ByteStrings? {
        guard let entry = entries[key], entry.elementType == .string else { return nil }
        let elements = unsafe UnsafeRawBufferPointer(rebasing: image.bytes[entry.range])
        return unsafe ByteStrings(lengthPrefixed: elements, count: entry.count)
    }

    /// An array of integers of any width.
    package func integers(_ key: String) -> [Int]? {
        array(key) { type, offset in integer(type, at: offset) }
    }

    /// An array of floats of either width, or of integers.
    package func floats(_ key: String) -> [Float]? {
        array(key) { type, offset in float(type, at: offset) }
    }

    package func bools(_ key: String) -> [Bool]? {
        array(key) { type, offset in unsafe type == .bool ? image.bytes[offset] != 0 : nil }
    }

    private func array<Element>(
        _ key: String, _ decode: (GGUFValueType, Int) -> Element?
    ) -> [Element]? {
        guard let entry = entries[key], let type = entry.elementType, let size = type.byteCount else { return nil }
        var result: [Element] = []
        result.reserveCapacity(entry.count)
        for index in 0..<entry.count {
            guard let element = decode(type, entry.range.lowerBound + index * size) else { return nil }
            result.append(element)
        }
        return result
    }

    private func integer(_ type: GGUFValueType, at offset: Int) -> Int? {
        switch type {
        case .uint8: Int(load(UInt8.self, offset))
        case .int8: Int(load(Int8.self, offset))
        case .uint16: Int(load(UInt16.self, offset))
        case .int16: Int(load(Int16.self, offset))
        case .uint32: Int(load(UInt32.self, offset))
        case .int32: Int(load(Int32.self, offset))
        case .uint64: Int(exactly: load(UInt64.self, offset))
        case .int64: Int(load(Int64.self, offset))
        case .float32, .float64, .bool, .string, .array: nil
        }
    }

    private func float(_ type: GGUFValueType, at offset: Int) -> Float? {
        switch type {
        case .float32: Float(bitPattern: load(UInt32.self, offset))
        case .float64: Float(Double(bitPattern: load(UInt64.self, offset)))
        default: integer(type, at: offset).map { Float($0) }
        }
    }

    private func load<T: FixedWidthInteger>(_ type: T.Type, _ offset: Int) -> T {
        // SAFETY: the entry's range was walked over when the file was opened; any alignment will do.
        unsafe T(littleEndian: image.bytes.loadUnaligned(fromByteOffset: offset, as: T.self))
    }
}
