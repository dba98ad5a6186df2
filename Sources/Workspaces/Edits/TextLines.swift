/// Texts as their lines.
enum TextLines {
    /// What `joined` puts together again: a text that ends with a line feed has an empty last line.
    static func split(_ text: String) -> [String] {
        // By bytes: a carriage return and a line feed are one character.
        text.utf8.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    }

    static func joined(_ lines: [String]) -> String { lines.joined(separator: "\n") }

    static func withoutReturn(_ line: String) -> String {
        line.utf8.last == 13 ? String(decoding: line.utf8.dropLast(), as: UTF8.self) : line
    }

    static func withoutTrailingSpace(_ line: String) -> Substring {
        let end = line.utf8.lastIndex { !isSpace($0) }
        return end.map { line[...$0] } ?? ""
    }

    static func withoutSpace(_ line: String) -> Substring {
        let text = withoutTrailingSpace(line)
        return text.utf8.firstIndex { !isSpace($0) }.map { text[$0...] } ?? ""
    }

    static func isBlank(_ line: String) -> Bool { line.utf8.allSatisfy(isSpace) }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 32 || byte == 9 || byte == 13 }
}
