/// Why text is no JSON; `offset` counts UTF-8 bytes.
package enum JSONReadError: Error, Hashable, Sendable, CustomStringConvertible {
    case unexpectedEnd
    case unexpectedByte(UInt8, offset: Int)
    case malformedNumber(offset: Int)
    case malformedString(offset: Int)
    case tooDeep(limit: Int, offset: Int)

    package var description: String {
        switch self {
        case .unexpectedEnd: "the JSON ends in the middle of a value"
        case .unexpectedByte(let byte, let offset):
            "unexpected \(byte < 0x80 ? "'\(Character(Unicode.Scalar(byte)))'" : "byte \(byte)") at byte \(offset) of the JSON"
        case .malformedNumber(let offset): "malformed number at byte \(offset) of the JSON"
        case .malformedString(let offset): "malformed string at byte \(offset) of the JSON"
        case .tooDeep(let limit, let offset): "JSON nested deeper than \(limit) levels at byte \(offset)"
        }
    }
}

extension TemplateValue {
    /// Reads JSON text, keeping the order of keys. Like Python's `json.loads` it accepts NaN and Infinity, and of equal
    /// keys the last value wins.
    package init(json text: String) throws(JSONReadError) {
        try self.init(json: Array(text.utf8))
    }

    package init(json bytes: [UInt8]) throws(JSONReadError) {
        var reader = JSONReader(bytes: bytes)
        self = try reader.readDocument()
    }
}

/// A recursive-descent reader over UTF-8 bytes.
private struct JSONReader {
    static let depthLimit = 128

    let bytes: [UInt8]
    var offset = 0
    var depth = 0

    init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    mutating func readDocument() throws(JSONReadError) -> TemplateValue {
        let value = try readValue()
        skipWhitespace()
        if offset < bytes.count { throw .unexpectedByte(bytes[offset], offset: offset) }
        return value
    }

    private mutating func skipWhitespace() {
        while offset < bytes.count {
            switch bytes[offset] {
            case 0x20, 0x09, 0x0A, 0x0D: offset += 1
            default: return
            }
        }
    }

    private mutating func peek() throws(JSONReadError) -> UInt8 {
        skipWhitespace()
        guard offset < bytes.count else { throw .unexpectedEnd }
        return bytes[offset]
    }

    private mutating func readValue() throws(JSONReadError) -> TemplateValue {
        switch try peek() {
        case UInt8(ascii: "{"): return try nested { (reader) throws(JSONReadError) in try reader.readObject() }
        case UInt8(ascii: "["): return try nested { (reader) throws(JSONReadError) in try reader.readArray() }
        case UInt8(ascii: "\""): return .string(try readString())
        case UInt8(ascii: "t"): return try readWord("true", .bool(true))
        case UInt8(ascii: "f"): return try readWord("false", .bool(false))
        case UInt8(ascii: "n"): return try readWord("null", .none)
        case UInt8(ascii: "N"): return try readWord("NaN", .float(.nan))
        case UInt8(ascii: "I"): return try readWord("Infinity", .float(.infinity))
        default: return try readNumber()
        }
    }

    private mutating func nested(
        _ body: (inout JSONReader) throws(JSONReadError) -> TemplateValue
    ) throws(JSONReadError) -> TemplateValue {
        guard depth < Self.depthLimit else { throw .tooDeep(limit: Self.depthLimit, offset: offset) }
        depth += 1
        defer { depth -= 1 }
        offset += 1
        return try body(&self)
    }

    private mutating func readObject() throws(JSONReadError) -> TemplateValue {
        var entries: [TemplateMap.Entry] = []
        var positions: [Text: Int] = [:]
        if try peek() == UInt8(ascii: "}") {
            offset += 1
            return .map(TemplateMap())
        }
        while true {
            let start = try peek()
            guard start == UInt8(ascii: "\"") else { throw .unexpectedByte(start, offset: offset) }
            let key = try readString()
            let colon = try peek()
            guard colon == UInt8(ascii: ":") else { throw .unexpectedByte(colon, offset: offset) }
            offset += 1
            let value = try readValue()
            let identity = Text(key)
            if let position = positions[identity] {
                entries[position].value = value
            } else {
                positions[identity] = entries.count
                entries.append(.init(key: key, value: value))
            }
            if try readSeparator(end: UInt8(ascii: "}")) { return .map(TemplateMap(uniqueEntries: entries)) }
        }
    }

    private mutating func readArray() throws(JSONReadError) -> TemplateValue {
        var items: [TemplateValue] = []
        if try peek() == UInt8(ascii: "]") {
            offset += 1
            return .list(items)
        }
        while true {
            items.append(try readValue())
            if try readSeparator(end: UInt8(ascii: "]")) { return .list(items) }
        }
    }

    /// Consumes a comma or `end`; true for the end.
    private mutating func readSeparator(end: UInt8) throws(JSONReadError) -> Bool {
        let byte = try peek()
        guard byte == end || byte == UInt8(ascii: ",") else { throw .unexpectedByte(byte, offset: offset) }
        offset += 1
        return byte == end
    }

    private mutating func readWord(_ word: StaticString, _ value: TemplateValue) throws(JSONReadError) -> TemplateValue
    {
        for index in 0..<word.utf8CodeUnitCount {
            guard offset < bytes.count else { throw .unexpectedEnd }
            guard bytes[offset] == word.utf8Start[index] else { throw .unexpectedByte(bytes[offset], offset: offset) }
            offset += 1
        }
        return value
    }

    private mutating func readNumber() throws(JSONReadError) -> TemplateValue {
        let start = offset
        func digits(from index: Int) -> Int {
            var index = index
            while index < bytes.count, (0x30...0x39).contains(bytes[index]) { index += 1 }
            return index
        }
        var end = start
        if bytes[end] == UInt8(ascii: "-") {
            end += 1
            if end < bytes.count, bytes[end] == UInt8(ascii: "I") {
                offset = end
                return try readWord("Infinity", .float(-.infinity))
            }
        }
        let integerEnd = digits(from: end)
        guard integerEnd > end else { throw .unexpectedByte(bytes[start], offset: start) }
        guard integerEnd == end + 1 || bytes[end] != UInt8(ascii: "0") else { throw .malformedNumber(offset: start) }
        end = integerEnd
        var isInteger = true
        if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
            let fractionEnd = digits(from: end + 1)
            guard fractionEnd > end + 1 else { throw .malformedNumber(offset: start) }
            end = fractionEnd
            isInteger = false
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            var exponent = end + 1
            if exponent < bytes.count, bytes[exponent] == UInt8(ascii: "+") || bytes[exponent] == UInt8(ascii: "-") {
                exponent += 1
            }
            let exponentEnd = digits(from: exponent)
            guard exponentEnd > exponent else { throw .malformedNumber(offset: start) }
            end = exponentEnd
            isInteger = false
        }
        offset = end
        let digitText = String(decoding: bytes[start..<end], as: UTF8.self)
        if isInteger { return Int(digitText).map { .integer($0) } ?? .largeInteger(digitText) }
        guard let number = Double(digitText) else { throw .malformedNumber(offset: start) }
        return .float(number)
    }

    private mutating func readString() throws(JSONReadError) -> String {
        let start = offset
        offset += 1
        var buffer: [UInt8] = []
        while true {
            let run = offset
            while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") {
                guard bytes[offset] >= 0x20 else { throw .malformedString(offset: start) }
                offset += 1
            }
            buffer.append(contentsOf: bytes[run..<offset])
            guard offset < bytes.count else { throw .unexpectedEnd }
            offset += 1
            if bytes[offset - 1] == UInt8(ascii: "\"") { return String(decoding: buffer, as: UTF8.self) }
            try readEscape(into: &buffer, stringStart: start)
        }
    }

    private mutating func readEscape(into buffer: inout [UInt8], stringStart: Int) throws(JSONReadError) {
        guard offset < bytes.count else { throw .unexpectedEnd }
        let kind = bytes[offset]
        offset += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): buffer.append(kind)
        case UInt8(ascii: "b"): buffer.append(0x08)
        case UInt8(ascii: "f"): buffer.append(0x0C)
        case UInt8(ascii: "n"): buffer.append(0x0A)
        case UInt8(ascii: "r"): buffer.append(0x0D)
        case UInt8(ascii: "t"): buffer.append(0x09)
        case UInt8(ascii: "u"):
            guard var unit = hexUnit(at: offset) else { throw .malformedString(offset: stringStart) }
            offset += 4
            if (0xD800...0xDBFF).contains(unit), offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
                bytes[offset + 1] == UInt8(ascii: "u"), let low = hexUnit(at: offset + 2),
                (0xDC00...0xDFFF).contains(low)
            {
                unit = 0x10000 + (unit - 0xD800) << 10 + (low - 0xDC00)
                offset += 6
            }
            // A lone surrogate is no character and has no UTF-8.
            buffer.append(contentsOf: UTF8.encode(Unicode.Scalar(unit) ?? "\u{FFFD}")!)
        default: throw .malformedString(offset: stringStart)
        }
    }

    private func hexUnit(at index: Int) -> UInt32? {
        guard index + 4 <= bytes.count else { return nil }
        var unit: UInt32 = 0
        for byte in bytes[index..<index + 4] {
            guard let digit = byte.hexDigitValue else { return nil }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }
}

extension UInt8 {
    /// The value of an ASCII hexadecimal digit.
    var hexDigitValue: Int? {
        switch self {
        case 0x30...0x39: Int(self) - 0x30
        case 0x41...0x46: Int(self) - 0x41 + 10
        case 0x61...0x66: Int(self) - 0x61 + 10
        default: nil
        }
    }
}
