internal import SQLite

/// A file whose symbols can be put into packets.
struct PackedFile {
    let id: Int
    let path: String
    let language: String?
    let isTest: Bool
    let facts: FileFacts
    private let text: [UInt8]

    init?(_ id: Int, _ reader: GraphReader) throws(SQLiteError) {
        guard let stored = try reader.store.file(id) else { return nil }
        self.id = id
        language = stored.language
        isTest = FileTraits(rawValue: stored.traits).contains(.test)
        path = stored.path
        facts = stored.facts
        text = stored.text
    }

    /// Symbols that make up the outline: neither within functions nor fields.
    var outline: [Int] {
        facts.symbols.indices.filter { ordinal in
            let symbol = facts.symbols[ordinal]
            return !symbol.isField && symbol.kind != .test && !isLocal(symbol)
        }
    }

    var outlineLines: [Int] { outline.map { Int(facts.symbols[$0].line) } }

    /// Whether a symbol is best shown by its members' signatures: a type that has more than fields.
    func isOutline(_ ordinal: Int) -> Bool {
        facts.symbols[ordinal].kind.isType
            && facts.symbols.contains { Int($0.parent) == ordinal && !$0.isField }
    }

    private func isLocal(_ symbol: SymbolFact) -> Bool {
        symbol.parent >= 0 && facts.symbols[Int(symbol.parent)].kind.hasLocals
    }

    /// The signature of a symbol after those of the symbols around it.
    func signatures(_ ordinal: Int, reason: String? = nil, around: (String) -> String? = { _ in nil }) -> [Packet.Item]
    {
        ancestors(ordinal, around: around) + [signature(ordinal, reason: reason)]
    }

    /// All lines of a symbol, after the signatures of the symbols around it.
    func body(_ ordinal: Int, reason: String?, around: (String) -> String? = { _ in nil }) -> [Packet.Item] {
        let symbol = facts.symbols[ordinal]
        var start = Int(symbol.start)
        if symbol.docEnd > 0, symbol.docStart < symbol.start { start = Int(symbol.docStart) }
        var line = Int(symbol.line) - newlines(Int(symbol.start)..<nameOffset(symbol))
        if start < Int(symbol.start) { line -= newlines(start..<Int(symbol.start)) }
        for note in facts.annotations where Int(note.symbol) == ordinal { line = min(line, Int(note.line)) }
        let range = lines(line...max(line, Int(symbol.endLine)))
        return ancestors(ordinal, around: around) + [
            item(
                ordinal, .body, line: line, endLine: max(line, Int(symbol.endLine)), reason: reason,
                text: String(decoding: text[range], as: UTF8.self))
        ]
    }

    private func ancestors(_ ordinal: Int, around: (String) -> String?) -> [Packet.Item] {
        var found: [Packet.Item] = []
        var parent = Int(facts.symbols[ordinal].parent)
        while parent >= 0 {
            found.append(signature(parent, reason: around(facts.qualifiedName(ordinal))))
            parent = Int(facts.symbols[parent].parent)
        }
        return found.reversed()
    }

    private func signature(_ ordinal: Int, reason: String?) -> Packet.Item {
        let symbol = facts.symbols[ordinal]
        let range = Int(symbol.start)..<max(Int(symbol.start), min(Int(symbol.bodyStart), text.count))
        return item(
            ordinal, .signature, line: Int(symbol.line), endLine: Int(symbol.line), reason: reason,
            text: GraphQueries.shortened(text[range]))
    }

    private func item(
        _ ordinal: Int, _ form: Packet.Form, line: Int, endLine: Int, reason: String?, text: String
    ) -> Packet.Item {
        var depth = 0
        var parent = Int(facts.symbols[ordinal].parent)
        while parent >= 0 {
            depth += 1
            parent = Int(facts.symbols[parent].parent)
        }
        return Packet.Item(
            path: path, line: line, endLine: endLine, form: form, symbol: facts.qualifiedName(ordinal),
            kind: facts.symbols[ordinal].kind, reason: reason, depth: depth, text: text)
    }

    /// Where the name stands that `line` is the line of: types and attributes may stand in lines above it.
    private func nameOffset(_ symbol: SymbolFact) -> Int {
        let name = Array(facts.names.utf8(symbol.name))
        let end = min(Int(symbol.end), text.count)
        var place = Int(symbol.start)
        while place + name.count <= end {
            if text[place] == name.first, text[place..<place + name.count].elementsEqual(name) { return place }
            place += 1
        }
        return Int(symbol.start)
    }

    private func newlines(_ range: Range<Int>) -> Int {
        text[range.clamped(to: 0..<text.count)].count { $0 == UInt8(ascii: "\n") }
    }

    /// The bytes of some lines, without the end of the last.
    private func lines(_ wanted: ClosedRange<Int>) -> Range<Int> {
        var line = 1
        var start = 0
        while line < wanted.lowerBound, let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) {
            start = end + 1
            line += 1
        }
        var place = start
        while place < text.count {
            if text[place] == UInt8(ascii: "\n") {
                if line == wanted.upperBound { break }
                line += 1
            }
            place += 1
        }
        return start..<place
    }
}
