package import SQLite

extension GraphQueries {
    /// A line of a file as it was indexed, without the white space around it; counted from 1.
    package func line(_ number: Int, ofFile id: Int) throws(SQLiteError) -> String {
        let text = try reader.text(id)
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
        guard let symbol = try reader.symbol(id)?.fact else { return "" }
        let text = try reader.text(id.file)
        let end = min(Int(symbol.bodyStart), text.count)
        guard Int(symbol.start) < end else { return "" }
        return Self.shortened(text[Int(symbol.start)..<end])
    }

    /// White space becomes single spaces; what is longer than a screen is cut off.
    static func shortened(_ bytes: ArraySlice<UInt8>) -> String {
        let words = bytes.prefix(1000).split { $0 == 32 || $0 == 9 || $0 == 10 || $0 == 13 }
        let text = String(decoding: Array(words.joined(separator: [32])), as: UTF8.self)
        return text.count > 200 ? text.prefix(199) + "…" : text
    }
}
