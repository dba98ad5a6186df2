package import SQLite

extension GraphQueries {
    /// The first paragraph of what documents a symbol, on one line and without the signs of comments; empty for none.
    /// - Parameter limit: characters at most.
    package func summary(_ id: SymbolID, limit: Int = 300) throws(SQLiteError) -> String {
        guard let symbol = try reader.symbol(id)?.fact, symbol.docStart < symbol.docEnd else { return "" }
        let text = try reader.text(id.file)
        let range = Int(symbol.docStart)..<min(Int(symbol.docEnd), text.count)
        guard !range.isEmpty else { return "" }
        var words: [Substring] = []
        for line in String(decoding: text[range], as: UTF8.self).split(
            separator: "\n", omittingEmptySubsequences: false)
        {
            let found = Self.withoutSigns(line).split { $0.isWhitespace }
            if found.isEmpty {
                // The paragraph ends, unless it has not begun.
                if words.isEmpty { continue } else { break }
            }
            words += found
        }
        let paragraph = words.joined(separator: " ")
        return paragraph.count > limit ? paragraph.prefix(limit - 1) + "…" : paragraph
    }

    /// A line of a comment or a string that documents, without what makes it one.
    private static func withoutSigns(_ line: Substring) -> Substring {
        var rest = line.drop { $0.isWhitespace }
        for sign in [
            "r\"\"\"", "u\"\"\"", "\"\"\"", "'''", "/**", "/*!", "/*", "///", "//!", "//", "##", "#", "*/", "*", "--",
        ]
        where rest.hasPrefix(sign) {
            rest = rest.dropFirst(sign.count)
            break
        }
        while let last = rest.last, last.isWhitespace { rest.removeLast() }
        for sign in ["\"\"\"", "'''", "*/"] where rest.hasSuffix(sign) { rest = rest.dropLast(sign.count) }
        return rest
    }
}
