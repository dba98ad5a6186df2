extension JSONReader {
    mutating func string() throws(JSONReadError) -> String {
        let start = offset
        offset += 1
        try skipPlain()
        if bytes[offset] == UInt8(ascii: "\"") {
            offset += 1
            return try text(bytes[start + 1..<offset - 1], at: start)
        }
        var unescaped = Array(bytes[start + 1..<offset])
        while bytes[offset] == UInt8(ascii: "\\") {
            offset += 1
            try unescape(into: &unescaped)
            let run = offset
            try skipPlain()
            unescaped += bytes[run..<offset]
        }
        offset += 1
        return try text(unescaped[...], at: start)
    }

    /// Moves to the next quote or backslash.
    private mutating func skipPlain() throws(JSONReadError) {
        while offset < bytes.count {
            switch bytes[offset] {
            case UInt8(ascii: "\""), UInt8(ascii: "\\"): return
            case ..<0x20: throw .controlCharacter(bytes[offset], offset: offset)
            default: offset += 1
            }
        }
        throw .unexpectedEnd(offset: offset)
    }

    private func text(_ slice: ArraySlice<UInt8>, at start: Int) throws(JSONReadError) -> String {
        guard let text = String(validating: slice, as: UTF8.self) else { throw .notUTF8(offset: start) }
        return text
    }

    private mutating func unescape(into result: inout [UInt8]) throws(JSONReadError) {
        guard offset < bytes.count else { throw .unexpectedEnd(offset: offset) }
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
        default: throw .unknownEscape(offset: offset - 2)
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

    /// Four hexadecimal digits.
    private mutating func escapedUnit() throws(JSONReadError) -> UInt16 {
        var unit: UInt16 = 0
        for _ in 0..<4 {
            guard offset < bytes.count else { throw .unexpectedEnd(offset: offset) }
            guard let digit = Character(Unicode.Scalar(bytes[offset])).hexDigitValue else {
                throw .unknownEscape(offset: offset)
            }
            unit = unit << 4 | UInt16(digit)
            offset += 1
        }
        return unit
    }
}
