/// A template's string: UTF-8 bytes, compared byte by byte. Swift's `String` would take canonically equivalent strings
/// for equal and "\r\n" for one character; a template counts and compares code points.
struct Text: Sendable {
    /// Valid UTF-8.
    var bytes: [UInt8]
    /// Marked as HTML-safe by `safe` or `escape`: joining it with another string escapes that one, as in markupsafe.
    var isMarkup = false

    init() { bytes = [] }

    init(_ bytes: [UInt8], isMarkup: Bool = false) {
        self.bytes = bytes
        self.isMarkup = isMarkup
    }

    init(_ bytes: some Sequence<UInt8>, isMarkup: Bool = false) {
        self.init(Array(bytes), isMarkup: isMarkup)
    }

    init(_ string: String) { bytes = Array(string.utf8) }

    /// As a Swift string, for the paths that need Unicode properties, and for messages.
    var string: String { String(decoding: bytes, as: UTF8.self) }

    var isEmpty: Bool { bytes.isEmpty }

    var isASCII: Bool { bytes.allSatisfy { $0 < 0x80 } }

    /// Code points, which is what templates count.
    var length: Int {
        var count = 0
        for byte in bytes where byte & 0xC0 != 0x80 { count += 1 }
        return count
    }

    /// A text of `bytes` that is as safe as this one.
    func derived(_ bytes: [UInt8]) -> Text { Text(bytes, isMarkup: isMarkup) }

    func derived(_ bytes: ArraySlice<UInt8>) -> Text { Text(Array(bytes), isMarkup: isMarkup) }
}

extension Text: Hashable {
    static func == (left: Text, right: Text) -> Bool { left.bytes == right.bytes }

    func hash(into hasher: inout Hasher) {
        bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    }
}

extension Text: Comparable {
    /// By code points, which in UTF-8 is by bytes.
    static func < (left: Text, right: Text) -> Bool { left.bytes.lexicographicallyPrecedes(right.bytes) }
}

extension Text: ExpressibleByStringLiteral {
    init(stringLiteral value: StaticString) {
        bytes = value.withUTF8Buffer { Array($0) }
    }
}

// MARK: Code points

extension [UInt8] {
    /// Bytes of the code point that starts at `index`; the bytes are valid UTF-8.
    func scalarWidth(at index: Int) -> Int {
        switch self[index] {
        case 0..<0x80: 1
        case 0..<0xE0: 2
        case 0..<0xF0: 3
        default: 4
        }
    }

    mutating func append(_ scalar: Unicode.Scalar) {
        if scalar.isASCII {
            append(UInt8(truncatingIfNeeded: scalar.value))
        } else {
            append(contentsOf: UTF8.encode(scalar)!)
        }
    }

    /// Length in bytes of the white space code point at `index`, 0 if there is none. Python's idea of white space.
    func whitespaceWidth(at index: Int) -> Int {
        let byte = self[index]
        if byte < 0x80 { return (0x09...0x0D).contains(byte) || (0x1C...0x20).contains(byte) ? 1 : 0 }
        func next(_ distance: Int) -> UInt8 { index + distance < count ? self[index + distance] : 0 }
        switch byte {
        case 0xC2: return next(1) == 0x85 || next(1) == 0xA0 ? 2 : 0
        case 0xE1: return next(1) == 0x9A && next(2) == 0x80 ? 3 : 0
        case 0xE2 where next(1) == 0x80:
            return (0x80...0x8A).contains(next(2)) || [0xA8, 0xA9, 0xAF].contains(next(2)) ? 3 : 0
        case 0xE2: return next(1) == 0x81 && next(2) == 0x9F ? 3 : 0
        case 0xE3: return next(1) == 0x80 && next(2) == 0x80 ? 3 : 0
        default: return 0
        }
    }

    /// Length in bytes of the white space code point that ends before `index`, 0 if there is none.
    func whitespaceWidth(before index: Int) -> Int {
        guard index > 0 else { return 0 }
        for width in 1...3 where index >= width && self[index - width] & 0xC0 != 0x80 {
            return whitespaceWidth(at: index - width) == width ? width : 0
        }
        return 0
    }

    /// `range` without the white space at its ends.
    func trimming(_ range: Range<Int>, leading: Bool = true, trailing: Bool = true) -> Range<Int> {
        var (lower, upper) = (range.lowerBound, range.upperBound)
        while leading, lower < upper {
            let width = whitespaceWidth(at: lower)
            if width == 0 { break }
            lower += width
        }
        while trailing, upper > lower {
            let width = whitespaceWidth(before: upper)
            if width == 0 { break }
            upper -= width
        }
        return lower..<Swift.max(lower, upper)
    }
}
