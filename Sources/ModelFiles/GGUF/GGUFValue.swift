/// A metadata value to write.
package enum GGUFValue: Sendable {
    case uint8(UInt8)
    case int8(Int8)
    case uint16(UInt16)
    case int16(Int16)
    case uint32(UInt32)
    case int32(Int32)
    case uint64(UInt64)
    case int64(Int64)
    case float32(Float)
    case float64(Double)
    case bool(Bool)
    case string(String)
    case bytes([UInt8])
    case strings(ByteStrings)
    case int32s([Int32])
    case float32s([Float])
    /// Any other array; the elements are of type `elementType`.
    case array(elementType: GGUFValueType, [GGUFValue])
    /// As it lies in a file.
    case encoded(GGUFValueType, [UInt8])

    package var type: GGUFValueType {
        switch self {
        case .uint8: .uint8
        case .int8: .int8
        case .uint16: .uint16
        case .int16: .int16
        case .uint32: .uint32
        case .int32: .int32
        case .uint64: .uint64
        case .int64: .int64
        case .float32: .float32
        case .float64: .float64
        case .bool: .bool
        case .string, .bytes: .string
        case .strings, .int32s, .float32s, .array: .array
        case .encoded(let type, _): type
        }
    }

    /// Appends the value as a file holds it, without its type.
    func encode(into bytes: inout [UInt8]) {
        switch self {
        case .uint8(let value): bytes.append(value)
        case .int8(let value): bytes.append(UInt8(bitPattern: value))
        case .uint16(let value): bytes.appendLittleEndian(value)
        case .int16(let value): bytes.appendLittleEndian(value)
        case .uint32(let value): bytes.appendLittleEndian(value)
        case .int32(let value): bytes.appendLittleEndian(value)
        case .uint64(let value): bytes.appendLittleEndian(value)
        case .int64(let value): bytes.appendLittleEndian(value)
        case .float32(let value): bytes.appendLittleEndian(value.bitPattern)
        case .float64(let value): bytes.appendLittleEndian(value.bitPattern)
        case .bool(let value): bytes.append(value ? 1 : 0)
        case .string(let value): bytes.appendLengthPrefixed(value.utf8)
        case .bytes(let value): bytes.appendLengthPrefixed(value)
        case .strings(let values):
            bytes.appendArrayHeader(.string, count: values.count)
            for value in values { bytes.appendLengthPrefixed(value) }
        case .int32s(let values):
            bytes.appendArrayHeader(.int32, count: values.count)
            for value in values { bytes.appendLittleEndian(value) }
        case .float32s(let values):
            bytes.appendArrayHeader(.float32, count: values.count)
            for value in values { bytes.appendLittleEndian(value.bitPattern) }
        case .array(let elementType, let values):
            precondition(values.allSatisfy { $0.type == elementType }, "array of \(elementType) holds another type")
            bytes.appendArrayHeader(elementType, count: values.count)
            for value in values { value.encode(into: &bytes) }
        case .encoded(_, let value): bytes += value
        }
    }
}

extension [UInt8] {
    mutating func appendLittleEndian(_ value: some FixedWidthInteger) {
        unsafe Swift.withUnsafeBytes(of: value.littleEndian) { unsafe append(contentsOf: $0) }
    }

    mutating func appendLengthPrefixed(_ string: some Collection<UInt8>) {
        appendLittleEndian(UInt64(string.count))
        append(contentsOf: string)
    }

    mutating func appendArrayHeader(_ type: GGUFValueType, count: Int) {
        appendLittleEndian(type.rawValue)
        appendLittleEndian(UInt64(count))
    }
}
