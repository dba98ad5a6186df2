extension Lexer {
    /// Digits with single underscores between them, from `index`; nil without a digit.
    private func digitsEnd(_ index: Int, _ isDigit: (UInt8) -> Bool = \.isASCIIDigit) -> Int? {
        guard index < bytes.count, isDigit(bytes[index]) else { return nil }
        var end = index + 1
        while end < bytes.count {
            if isDigit(bytes[end]) {
                end += 1
            } else if bytes[end] == UInt8(ascii: "_"), end + 1 < bytes.count, isDigit(bytes[end + 1]) {
                end += 2
            } else {
                break
            }
        }
        return end
    }

    private func digitText(_ range: Range<Int>) -> String {
        String(decoding: bytes[range].filter { $0 != UInt8(ascii: "_") }, as: UTF8.self)
    }

    mutating func readNumber() throws(ChatTemplateError) -> Bool {
        guard bytes[position].isASCIIDigit else { return false }
        if let end = floatEnd() {
            emit(.float(Double(digitText(position..<end)) ?? .infinity), at: position)
            position = end
            return true
        }
        let (end, digits, radix) = integer()
        guard let value = Int(digits, radix: radix) else {
            throw .unsupported(construct: "an integer beyond 64 bits", at: source.location(of: position))
        }
        emit(.integer(value), at: position)
        position = end
        return true
    }

    private func floatEnd() -> Int? {
        // `x.0.1` is two subscripts, not a float after a dot.
        guard position == 0 || bytes[position - 1] != UInt8(ascii: "."), let whole = digitsEnd(position) else {
            return nil
        }
        var end = whole
        if whole < bytes.count, bytes[whole] == UInt8(ascii: "."), let fraction = digitsEnd(whole + 1) {
            end = fraction
        }
        if end < bytes.count, bytes[end] | 0x20 == UInt8(ascii: "e") {
            let hasSign = end + 1 < bytes.count && [UInt8(ascii: "+"), UInt8(ascii: "-")].contains(bytes[end + 1])
            if let exponent = digitsEnd(end + (hasSign ? 2 : 1)) { return exponent }
        }
        return end > whole ? end : nil
    }

    private func integer() -> (end: Int, digits: String, radix: Int) {
        if bytes[position] == UInt8(ascii: "0") {
            if position + 1 < bytes.count {
                let radix: Int? =
                    switch bytes[position + 1] | 0x20 {
                    case UInt8(ascii: "b"): 2
                    case UInt8(ascii: "o"): 8
                    case UInt8(ascii: "x"): 16
                    default: nil
                    }
                let isUnderscored = position + 2 < bytes.count && bytes[position + 2] == UInt8(ascii: "_")
                let start = position + (isUnderscored ? 3 : 2)
                if let radix, let end = digitsEnd(start, { ($0.hexDigitValue ?? 16) < radix }) {
                    return (end, digitText(start..<end), radix)
                }
            }
            // A leading zero is followed by zeros alone.
            return (digitsEnd(position) { $0 == UInt8(ascii: "0") }!, "0", 10)
        }
        let end = digitsEnd(position)!
        return (end, digitText(position..<end), 10)
    }

    mutating func readString() throws(ChatTemplateError) -> Bool {
        let quote = bytes[position]
        guard quote == UInt8(ascii: "'") || quote == UInt8(ascii: "\"") else { return false }
        var end = position + 1
        var hasEscapes = false
        while end < bytes.count, bytes[end] != quote {
            if bytes[end] == UInt8(ascii: "\\") {
                hasEscapes = true
                end += 1
            }
            end += 1
        }
        guard end < bytes.count else { throw failure("this string has no end", at: position) }
        let content = Array(bytes[(position + 1)..<end])
        emit(.string(Text(hasEscapes ? try unescape(content) : content)), at: position)
        position = end + 1
        return true
    }

    /// Python's string escapes. Jinja escapes what is not ASCII first, so a backslash before such a character acts on
    /// the backslash of its escape; that is kept.
    private func unescape(_ content: [UInt8]) throws(ChatTemplateError) -> [UInt8] {
        var ascii: [UInt8] = []
        for scalar in String(decoding: content, as: UTF8.self).unicodeScalars {
            if scalar.isASCII {
                ascii.append(UInt8(truncatingIfNeeded: scalar.value))
                continue
            }
            let digits = String(scalar.value, radix: 16)
            let (prefix, width) = scalar.value < 0x100 ? ("\\x", 2) : scalar.value < 0x10000 ? ("\\u", 4) : ("\\U", 8)
            ascii += prefix.utf8
            ascii += repeatElement(UInt8(ascii: "0"), count: width - digits.utf8.count)
            ascii += digits.utf8
        }
        var result: [UInt8] = []
        var index = 0
        while index < ascii.count {
            guard ascii[index] == UInt8(ascii: "\\"), index + 1 < ascii.count else {
                result.append(ascii[index])
                index += 1
                continue
            }
            let kind = ascii[index + 1]
            index += 2
            switch kind {
            case 0x0A: break
            case UInt8(ascii: "\\"), UInt8(ascii: "'"), UInt8(ascii: "\""): result.append(kind)
            case UInt8(ascii: "a"): result.append(0x07)
            case UInt8(ascii: "b"): result.append(0x08)
            case UInt8(ascii: "f"): result.append(0x0C)
            case UInt8(ascii: "n"): result.append(0x0A)
            case UInt8(ascii: "r"): result.append(0x0D)
            case UInt8(ascii: "t"): result.append(0x09)
            case UInt8(ascii: "v"): result.append(0x0B)
            case UInt8(ascii: "0")...UInt8(ascii: "7"):
                var value = UInt32(kind - 0x30)
                var digits = 1
                while digits < 3, index < ascii.count, (0x30...0x37).contains(ascii[index]) {
                    value = value * 8 + UInt32(ascii[index] - 0x30)
                    index += 1
                    digits += 1
                }
                result.append(Unicode.Scalar(value)!)
            case UInt8(ascii: "x"), UInt8(ascii: "u"), UInt8(ascii: "U"):
                let width = kind == UInt8(ascii: "x") ? 2 : kind == UInt8(ascii: "u") ? 4 : 8
                var value: UInt32 = 0
                for _ in 0..<width {
                    guard index < ascii.count, let digit = ascii[index].hexDigitValue, value < 0x1000_0000 else {
                        throw failure("this string has a truncated or invalid escape", at: position)
                    }
                    value = value << 4 | UInt32(digit)
                    index += 1
                }
                guard value <= 0x10FFFF else { throw failure("this string has an invalid escape", at: position) }
                // A lone surrogate is no character and has no UTF-8.
                result.append(Unicode.Scalar(value) ?? "\u{FFFD}")
            case UInt8(ascii: "N"):
                throw .unsupported(construct: "a character by name (\\N)", at: source.location(of: position))
            default: result += [UInt8(ascii: "\\"), kind]
            }
        }
        return result
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
