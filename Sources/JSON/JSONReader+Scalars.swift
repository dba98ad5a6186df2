extension JSONReader {
    mutating func word(_ text: String, _ value: JSONValue) throws(JSONReadError) -> JSONValue {
        for byte in text.utf8 {
            guard take(byte) else { throw unexpected(.word) }
        }
        return value
    }

    mutating func number() throws(JSONReadError) -> JSONValue {
        let start = offset
        if take(UInt8(ascii: "-")), offset < bytes.count, bytes[offset] == UInt8(ascii: "I") {
            return try word("Infinity", .number(-.infinity))
        }
        let first = offset
        guard takeDigits() else { throw unexpected(.value) }
        guard offset == first + 1 || bytes[first] != UInt8(ascii: "0") else { throw .malformedNumber(offset: start) }
        var isWhole = true
        if take(UInt8(ascii: ".")) {
            isWhole = false
            guard takeDigits() else { throw .malformedNumber(offset: start) }
        }
        if take(UInt8(ascii: "e"), or: UInt8(ascii: "E")) {
            isWhole = false
            _ = take(UInt8(ascii: "+"), or: UInt8(ascii: "-"))
            guard takeDigits() else { throw .malformedNumber(offset: start) }
        }
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole { return Int(text).map { .integer($0) } ?? .largeInteger(text) }
        guard let value = Double(text) else { throw .malformedNumber(offset: start) }
        return .number(value)
    }

    /// Whether the byte at `offset` was one of the two; it is behind us then.
    private mutating func take(_ byte: UInt8, or other: UInt8? = nil) -> Bool {
        guard offset < bytes.count, bytes[offset] == byte || bytes[offset] == other else { return false }
        offset += 1
        return true
    }

    /// Whether there was a digit at least.
    private mutating func takeDigits() -> Bool {
        let start = offset
        while offset < bytes.count, (0x30...0x39).contains(bytes[offset]) { offset += 1 }
        return offset > start
    }
}
