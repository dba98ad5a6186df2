extension JSONValue {
    /// Reads JSON text (RFC 8259) that may be hostile: nesting and the number of values are bounded. Like Python's
    /// `json.loads` it takes NaN and infinities, and replaces lone surrogates, which have no UTF-8.
    /// - Parameters:
    ///   - depthLimit: the most arrays and objects inside each other.
    ///   - valueLimit: the most values, those inside others included.
    ///   - skipsByteOrderMark: whether the text may begin with one, as files do that Windows wrote.
    package init(
        parsing bytes: [UInt8], depthLimit: Int = 64, valueLimit: Int = 1 << 20, skipsByteOrderMark: Bool = false
    ) throws(JSONReadError) {
        var reader = JSONReader(bytes, depthLimit: depthLimit, valueLimit: valueLimit)
        if skipsByteOrderMark { reader.skipByteOrderMark() }
        self = try reader.document()
    }
}

/// A recursive-descent reader over UTF-8 bytes.
struct JSONReader {
    let bytes: [UInt8]
    var offset = 0
    private let depthLimit: Int
    private let valueLimit: Int
    private var depth = 0
    private var valueCount = 0

    init(_ bytes: [UInt8], depthLimit: Int, valueLimit: Int) {
        self.bytes = bytes
        self.depthLimit = depthLimit
        self.valueLimit = valueLimit
    }

    mutating func skipByteOrderMark() {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
    }

    mutating func document() throws(JSONReadError) -> JSONValue {
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw unexpected(.end) }
        return value
    }

    /// The byte at `offset`, or the end, is not what belongs there.
    func unexpected(_ expected: JSONReadError.Expectation) -> JSONReadError {
        offset < bytes.count
            ? .unexpectedByte(bytes[offset], expected: expected, offset: offset) : .unexpectedEnd(offset: offset)
    }

    private mutating func skipSpace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x0A, 0x0D, 0x09: offset += 1
            default: return
            }
        }
    }

    /// The next byte that is no space.
    private mutating func next() throws(JSONReadError) -> UInt8 {
        skipSpace()
        guard offset < bytes.count else { throw .unexpectedEnd(offset: offset) }
        return bytes[offset]
    }

    private mutating func value() throws(JSONReadError) -> JSONValue {
        guard valueCount < valueLimit else { throw .tooManyValues(limit: valueLimit, offset: offset) }
        valueCount += 1
        switch try next() {
        case UInt8(ascii: "{"): return .object(try nested { (reader) throws(JSONReadError) in try reader.object() })
        case UInt8(ascii: "["): return .array(try nested { (reader) throws(JSONReadError) in try reader.array() })
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "N"): return try word("NaN", .number(.nan))
        case UInt8(ascii: "I"): return try word("Infinity", .number(.infinity))
        default: return try number()
        }
    }

    private mutating func nested<T>(
        _ body: (inout JSONReader) throws(JSONReadError) -> T
    ) throws(JSONReadError) -> T {
        guard depth < depthLimit else { throw .tooDeep(limit: depthLimit, offset: offset) }
        depth += 1
        offset += 1
        let result = try body(&self)
        depth -= 1
        return result
    }

    private mutating func object() throws(JSONReadError) -> JSONObject {
        var members: [(key: String, value: JSONValue)] = []
        if try next() == UInt8(ascii: "}") {
            offset += 1
            return JSONObject(members)
        }
        while true {
            guard try next() == UInt8(ascii: "\"") else { throw unexpected(.key) }
            let key = try string()
            guard try next() == UInt8(ascii: ":") else { throw unexpected(.colon) }
            offset += 1
            members.append((key, try value()))
            if try isLast(closing: UInt8(ascii: "}")) { return JSONObject(members) }
        }
    }

    private mutating func array() throws(JSONReadError) -> [JSONValue] {
        var values: [JSONValue] = []
        if try next() == UInt8(ascii: "]") {
            offset += 1
            return values
        }
        while true {
            values.append(try value())
            if try isLast(closing: UInt8(ascii: "]")) { return values }
        }
    }

    /// Reads a comma (false) or the end of a list (true).
    private mutating func isLast(closing: UInt8) throws(JSONReadError) -> Bool {
        let byte = try next()
        guard byte == closing || byte == UInt8(ascii: ",") else { throw unexpected(.separator) }
        offset += 1
        return byte == closing
    }
}
