/// Texts that others wrote (names of models and tasks, what models answered), made harmless where they are shown.
enum ForeignText {
    /// In one line of a terminal: no control character reaches it.
    static func line(_ text: String) -> String { visible(text, keeping: []) }

    /// In a line of Markdown, a cell of a table included.
    static func markdown(_ text: String) -> String {
        var result = ""
        for scalar in line(text).unicodeScalars {
            if "\\`*_{}[]<>#|~&".unicodeScalars.contains(scalar) { result += "\\" }
            result.unicodeScalars.append(scalar)
        }
        return result
    }

    /// Several lines of Markdown as they are, between fences that they do not end.
    static func fenced(_ text: String) -> String {
        let fence = fence(around: text)
        return "\(fence)\n\(visible(text, keeping: ["\n", "\t"]))\n\(fence)"
    }

    /// Longer than any in the text.
    static func fence(around text: String) -> String {
        var (longest, run) = (0, 0)
        for byte in text.utf8 {
            run = byte == UInt8(ascii: "`") ? run + 1 : 0
            longest = max(longest, run)
        }
        return String(repeating: "`", count: max(3, longest + 1))
    }

    /// In HTML, between tags and in attributes in quotes.
    static func html(_ text: String) -> String {
        var result = ""
        for scalar in visible(text, keeping: ["\n", "\t"]).unicodeScalars {
            switch scalar {
            case "&": result += "&amp;"
            case "<": result += "&lt;"
            case ">": result += "&gt;"
            case "\"": result += "&quot;"
            case "'": result += "&#39;"
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result
    }

    /// With numbers ([U+001B]) for what cannot be seen, what XML has no place for, and what turns the direction of the
    /// text around it.
    private static func visible(_ text: String, keeping kept: Set<Unicode.Scalar>) -> String {
        var result = String.UnicodeScalarView()
        let text = kept.contains("\n") ? text.replacing("\r\n", with: "\n") : text
        for scalar in text.unicodeScalars {
            switch scalar.value {
            case _ where kept.contains(scalar): result.append(scalar)
            case ..<0x20, 0x7F..<0xA0, 0x061C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFFFE...0xFFFF:
                let digits = String(scalar.value, radix: 16, uppercase: true)
                result.append(
                    contentsOf: "[U+\(String(repeating: "0", count: 4 - digits.count))\(digits)]".unicodeScalars)
            default: result.append(scalar)
            }
        }
        return String(result)
    }
}
