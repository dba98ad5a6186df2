/// Why bytes are no JSON.
package struct JSONReadError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Reads on after "the JSON ".
    package let problem: String
    /// In bytes.
    package let offset: Int

    package var description: String { "the JSON \(problem) at byte \(offset)" }
}

extension JSONValue {
    /// Reads JSON text from a file that may be hostile: nesting and the number of values are bounded.
    /// - Parameter valueLimit: the most values, those inside others included.
    package init(parsing bytes: [UInt8], valueLimit: Int = 1 << 20) throws(JSONReadError) {
        var reader = JSONReader(bytes, valueLimit: valueLimit)
        self = try reader.document()
    }
}

/// A recursive-descent reader over UTF-8 bytes.
private struct JSONReader {
    private static let depthLimit = 64

    private let bytes: [UInt8]
    private var offset = 0
    private var depth = 0
    private var valuesLeft: Int

    init(_ bytes: [UInt8], valueLimit: Int) {
        self.bytes = bytes
        valuesLeft = valueLimit
    }

    mutating func document() throws(JSONReadError) -> JSONValue {
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { offset = 3 }
        let value = try value()
        skipSpace()
        guard offset == bytes.count else { throw error("goes on after its end") }
        return value
    }

    private func error(_ problem: String) -> JSONReadError { JSONReadError(problem: problem, offset: offset) }

    private mutating func skipSpace() {
        while offset < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[offset]) { offset += 1 }
    }

    /// The next byte that is no space.
    private mutating func next() throws(JSONReadError) -> UInt8 {
        skipSpace()
        guard offset < bytes.count else { throw error("ends too early") }
        return bytes[offset]
    }

    private mutating func value() throws(JSONReadError) -> JSONValue {
        valuesLeft -= 1
        guard valuesLeft >= 0 else { throw error("has too many values") }
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
        guard depth < Self.depthLimit else { throw error("nests deeper than \(Self.depthLimit) levels") }
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
            guard try next() == UInt8(ascii: "\"") else { throw error("has a key that is no string") }
            let key = try string()
            guard try next() == UInt8(ascii: ":") else { throw error("lacks a colon") }
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
        guard byte == closing || byte == UInt8(ascii: ",") else { throw error("lacks a comma") }
        offset += 1
        return byte == closing
    }

    private mutating func word(_ text: String, _ value: JSONValue) throws(JSONReadError) -> JSONValue {
        guard bytes[offset...].starts(with: text.utf8) else { throw error("has an unknown word") }
        offset += text.utf8.count
        return value
    }

    private mutating func number() throws(JSONReadError) -> JSONValue {
        let start = offset
        if bytes[offset...].starts(with: "-Infinity".utf8) { return try word("-Infinity", .number(-.infinity)) }
        var isWhole = true
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"): break
            case UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: "e"), UInt8(ascii: "E"): isWhole = false
            default: return try number(start, isWhole: isWhole)
            }
            offset += 1
        }
        return try number(start, isWhole: isWhole)
    }

    private func number(_ start: Int, isWhole: Bool) throws(JSONReadError) -> JSONValue {
        let text = String(decoding: bytes[start..<offset], as: UTF8.self)
        if isWhole, let value = Int(text) { return .integer(value) }
        guard let value = Double(text) else { throw JSONReadError(problem: "has no value", offset: start) }
        return .number(value)
    }
}

extension JSONReader {
    private mutating func string() throws(JSONReadError) -> String {
        offset += 1
        let start = offset
        while offset < bytes.count, bytes[offset] != UInt8(ascii: "\""), bytes[offset] != UInt8(ascii: "\\") {
            offset += 1
        }
        guard offset < bytes.count else { throw error("ends in a string") }
        if bytes[offset] == UInt8(ascii: "\"") {
            offset += 1
            return try text(bytes[start..<offset - 1], start)
        }
        var unescaped = Array(bytes[start..<offset])
        while offset < bytes.count {
            let byte = bytes[offset]
            offset += 1
            if byte == UInt8(ascii: "\"") { return try text(unescaped[...], start) }
            if byte == UInt8(ascii: "\\") { try unescape(into: &unescaped) } else { unescaped.append(byte) }
        }
        throw error("ends in a string")
    }

    private func text(_ slice: ArraySlice<UInt8>, _ start: Int) throws(JSONReadError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else {
            throw JSONReadError(problem: "has a string that is not UTF-8", offset: start)
        }
        return text
    }

    private mutating func unescape(into result: inout [UInt8]) throws(JSONReadError) {
        guard offset < bytes.count else { throw error("ends in a string") }
        let byte = bytes[offset]
        offset += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): result.append(byte)
        case UInt8(ascii: "b"): result.append(0x08)
        case UInt8(ascii: "f"): result.append(0x0C)
        case UInt8(ascii: "n"): result.append(0x0A)
        case UInt8(ascii: "r"): result.append(0x0D)
        case UInt8(ascii: "t"): result.append(0x09)
        case UInt8(ascii: "u"): result.append(contentsOf: String(try escapedScalar()).utf8)
        default: throw error("has an unknown escape")
        }
    }

    /// One scalar, from two escapes where it needs a surrogate pair; a lone surrogate is replaced.
    private mutating func escapedScalar() throws(JSONReadError) -> Unicode.Scalar {
        let unit = try escapedUnit()
        if UTF16.isLeadSurrogate(unit), bytes[offset...].starts(with: "\\u".utf8) {
            let second = offset
            offset += 2
            let trail = try escapedUnit()
            if UTF16.isTrailSurrogate(trail) {
                let value = 0x10000 + (UInt32(unit) - 0xD800) << 10 + UInt32(trail) - 0xDC00
                return Unicode.Scalar(value) ?? "\u{FFFD}"
            }
            offset = second
        }
        return Unicode.Scalar(UInt32(unit)) ?? "\u{FFFD}"
    }

    private mutating func escapedUnit() throws(JSONReadError) -> UInt16 {
        guard offset + 4 <= bytes.count else { throw error("ends in a string") }
        var unit: UInt16 = 0
        for byte in bytes[offset..<offset + 4] {
            guard let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw error("has an unknown escape")
            }
            unit = unit << 4 | UInt16(digit)
        }
        offset += 4
        return unit
    }
}
