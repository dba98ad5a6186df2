package import SQLite

extension GraphQueries {
    /// A line of a file as it was indexed, without the white space around it; counted from 1.
    package func line(_ number: Int, ofFile id: Int) throws(SQLiteError) -> String {
        guard let text = try reader.store.file(id)?.text else { return "" }
        var line = 1
        var start = 0
        while line < number, let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
            start = end + 1
            line += 1
        }
        guard line == number else { return "" }
        return Self.shortened(text[start...].prefix { $0 != UInt8(ascii: "\n") })
    }

    /// A symbol's text up to its body, on one line.
    package func signature(_ id: SymbolID) throws(SQLiteError) -> String {
        guard let file = try reader.store.file(id.file), file.facts.symbols.indices.contains(id.ordinal) else {
            return ""
        }
        let symbol = file.facts.symbols[id.ordinal]
        let range = Int(symbol.start)..<min(Int(symbol.bodyStart), file.text.count)
        guard range.lowerBound < range.upperBound else { return "" }
        return Self.shortened(file.text[range])
    }

    /// White space becomes single spaces; what is longer than a screen is cut off.
    static func shortened(_ bytes: ArraySlice<UInt8>) -> String {
        let words = bytes.prefix(1000).split { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
        let text = String(decoding: Array(words.joined(separator: [32])), as: UTF8.self)
        return text.count > 200 ? text.prefix(199) + "…" : text
    }
}
