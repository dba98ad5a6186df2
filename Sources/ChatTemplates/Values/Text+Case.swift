extension Text {
    /// Full case mapping with the final sigma rule, as Python's `str.lower`.
    func lowercased() -> Text {
        if isASCII { return derived(bytes.map { (0x41...0x5A).contains($0) ? $0 | 0x20 : $0 }) }
        let scalars = Array(string.unicodeScalars)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for index in scalars.indices { appendLower(scalars, index, to: &result) }
        return derived(result)
    }

    func uppercased() -> Text {
        if isASCII { return derived(bytes.map { (0x61...0x7A).contains($0) ? $0 & ~0x20 : $0 }) }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for scalar in string.unicodeScalars { result += scalar.properties.uppercaseMapping.utf8 }
        return derived(result)
    }

    /// The first code point in title case, the others in lower case.
    func capitalized() -> Text {
        let scalars = Array(string.unicodeScalars)
        var result: [UInt8] = []
        for index in scalars.indices {
            if index == 0 {
                result += scalars[0].properties.titlecaseMapping.utf8
            } else {
                appendLower(scalars, index, to: &result)
            }
        }
        return derived(result)
    }

    /// Every code point that follows no cased one in title case, as Python's `str.title`.
    func titlecased() -> Text {
        let scalars = Array(string.unicodeScalars)
        var result: [UInt8] = []
        var afterCased = false
        for index in scalars.indices {
            if afterCased {
                appendLower(scalars, index, to: &result)
            } else {
                result += scalars[index].properties.titlecaseMapping.utf8
            }
            afterCased = scalars[index].properties.isCased
        }
        return derived(result)
    }

    /// The `title` filter of Jinja: words begin at the start and after white space, `-`, `(`, `{`, `[` and `<`.
    func titledWords() -> Text {
        var result: [UInt8] = []
        var word: [UInt8] = []
        func flush() {
            guard !word.isEmpty else { return }
            let width = word.scalarWidth(at: 0)
            result += Text(word[..<width]).uppercased().bytes
            result += Text(word[width...]).lowercased().bytes
            word.removeAll(keepingCapacity: true)
        }
        var index = 0
        while index < bytes.count {
            let width = bytes.scalarWidth(at: index)
            let isBoundary: Bool =
                switch bytes[index] {
                case UInt8(ascii: "-"), UInt8(ascii: "("), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "<"): true
                default: bytes.whitespaceWidth(at: index) > 0
                }
            if isBoundary {
                flush()
                result += bytes[index..<index + width]
            } else {
                word += bytes[index..<index + width]
            }
            index += width
        }
        flush()
        return derived(result)
    }

    func swappingCase() -> Text {
        let scalars = Array(string.unicodeScalars)
        var result: [UInt8] = []
        for (index, scalar) in scalars.enumerated() {
            if scalar.properties.isUppercase {
                appendLower(scalars, index, to: &result)
            } else if scalar.properties.isLowercase {
                result += scalar.properties.uppercaseMapping.utf8
            } else {
                result.append(scalar)
            }
        }
        return derived(result)
    }

    /// For comparison without case: what is left after mapping up and down again.
    func caseFolded() -> Text {
        var result: [UInt8] = []
        for scalar in uppercased().string.unicodeScalars { result += scalar.properties.lowercaseMapping.utf8 }
        return derived(result)
    }

    private func appendLower(_ scalars: [Unicode.Scalar], _ index: Int, to result: inout [UInt8]) {
        let scalar = scalars[index]
        guard scalar == "\u{3A3}" else {
            result += scalar.properties.lowercaseMapping.utf8
            return
        }
        // A capital sigma that ends a word becomes the final form.
        let before = scalars[..<index].last { !$0.properties.isCaseIgnorable }
        let after = scalars[(index + 1)...].first { !$0.properties.isCaseIgnorable }
        let isFinal = before?.properties.isCased == true && after?.properties.isCased != true
        result.append(isFinal ? "\u{3C2}" : "\u{3C3}")
    }

    // MARK: Questions about all code points

    /// Whether there is a code point and all satisfy `predicate`.
    func isAll(_ predicate: (Unicode.Scalar.Properties) -> Bool) -> Bool {
        !isEmpty && string.unicodeScalars.allSatisfy { predicate($0.properties) }
    }

    var isSpace: Bool { !isEmpty && bytes.trimming(0..<bytes.count).isEmpty }

    /// Whether there are cased code points and all of them are in lower case (or upper case).
    func isCase(lower: Bool) -> Bool {
        var found = false
        for scalar in string.unicodeScalars {
            let properties = scalar.properties
            if lower ? properties.isLowercase : properties.isUppercase {
                found = true
            } else if properties.isLowercase || properties.isUppercase
                || properties.generalCategory == .titlecaseLetter
            {
                return false
            }
        }
        return found
    }

    var isTitle: Bool {
        var (found, afterCased) = (false, false)
        for scalar in string.unicodeScalars {
            let properties = scalar.properties
            if properties.isUppercase || properties.generalCategory == .titlecaseLetter {
                if afterCased { return false }
                (found, afterCased) = (true, true)
            } else if properties.isLowercase {
                if !afterCased { return false }
                found = true
            } else {
                afterCased = false
            }
        }
        return found
    }

    /// Runs of letters, digits and underscores.
    var wordCount: Int {
        var (count, inWord) = (0, false)
        for scalar in string.unicodeScalars {
            let isWord = scalar == "_" || scalar.properties.isAlphabeticOrNumeric
            if isWord, !inWord { count += 1 }
            inWord = isWord
        }
        return count
    }

    /// With the five characters that mean something to HTML replaced.
    var escaped: Text {
        if isMarkup { return self }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        for byte in bytes {
            switch byte {
            case UInt8(ascii: "&"): result += "&amp;".utf8
            case UInt8(ascii: "<"): result += "&lt;".utf8
            case UInt8(ascii: ">"): result += "&gt;".utf8
            case UInt8(ascii: "'"): result += "&#39;".utf8
            case UInt8(ascii: "\""): result += "&#34;".utf8
            default: result.append(byte)
            }
        }
        return Text(result, isMarkup: true)
    }
}

extension Unicode.Scalar.Properties {
    /// Python's `isalpha`.
    var isLetter: Bool {
        switch generalCategory {
        case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: true
        default: false
        }
    }

    /// Python's `isalnum`.
    var isAlphabeticOrNumeric: Bool { isLetter || numericType != nil }

    /// Python's `isdigit`.
    var isDigit: Bool { numericType == .decimal || numericType == .digit }

    /// Python's `isprintable`.
    var isPrintable: Bool {
        switch generalCategory {
        case .control, .format, .surrogate, .privateUse, .unassigned, .lineSeparator, .paragraphSeparator: false
        case .spaceSeparator: false
        default: true
        }
    }
}
